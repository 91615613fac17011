"""The figures: who may read them, what they tell, and that they tell of nobody."""

from datetime import timedelta

import httpx2
import pytest
from sqlalchemy import insert, select, text, update

from main import pages
from scheduler.auditing import audit_on
from scheduler.figures import keep_figures
from storage.since import before
from storage.tables import attempts, months, outbox
from tests.handlers.web.street import HOST, Street, street_at

OWNER = "owner:O-H1"
TOKEN = "scrape-me-0123456789"


async def told(street: Street) -> dict[str, float]:
    lines = (await street.reader().client.get("/metrics")).text.splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}


def asks(street: Street, client: tuple[str, int] = ("127.0.0.1", 1), host: str = HOST, token: str = ""):
    """Somebody at that address who asks under that name."""
    service = street.town.service
    settings = service.settings.model_copy(update={"metrics_token": type(service.settings.events_secret)(token)})
    object.__setattr__(service, "settings", settings)
    app = pages(service, service.inbox.handle)  # type: ignore[arg-type]
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app, client=client), base_url=host)


async def test_without_a_token_only_this_machine_may_read_them(street: Street):
    """Strangers, and a proxy that asks for them, find nothing there."""
    cases = {
        200: [asks(street), asks(street, ("::1", 1), "http://[::1]:8000"), asks(street, host="http://localhost:9")],
        404: [asks(street, ("203.0.113.9", 1)), asks(street, host="https://engawa.example.jp")],
    }
    for status, clients in cases.items():
        for client in clients:
            async with client:
                assert (await client.get("/metrics")).status_code == status
    for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via", "X-Forwarded-Proto"):
        async with asks(street) as client:
            assert (await client.get("/metrics", headers={name: "203.0.113.9"})).status_code == 404


@pytest.mark.parametrize(
    ("header", "status"),
    [(f"Bearer {TOKEN}", 200), ("", 404), ("Bearer ", 404), (f"Bearer {TOKEN}x", 404), (TOKEN, 404), ("Bearer é", 404)],
)
async def test_with_a_token_whoever_shows_it_may(street: Street, header: str, status: int):
    """From anywhere; and nobody without it, be it from this machine."""
    async with asks(street, ("203.0.113.9", 1), token=TOKEN) as stranger:
        assert (await stranger.get("/metrics", headers={"Authorization": header.encode()})).status_code == status
    async with asks(street, token=TOKEN) as here:
        assert (await here.get("/metrics", headers={"Authorization": header.encode()})).status_code == status


async def test_what_waits_is_told_by_channel(street: Street):
    """Depth and age of each channel's messages, whose outcome nobody knows, and what the month still holds."""
    await street.town.house()
    await street.town.skip_to("2027-02-01")
    row = await street.newest(OWNER)
    async with street.town.service.store.write() as connection:
        await connection.execute(update(outbox).where(outbox.c.id == row).values(state="waiting"))
        month = {"channel": "line", "most": 200, "used": 150, "ours": 7, "looked_at": 0.0}
        await connection.execute(insert(months).values(**month))
    await street.town.skip_clock("2027-02-01", hour=12)
    figures = await told(street)
    assert figures['engawa_outbox_rows{channel="chat",state="waiting"}'] == 1
    assert figures['engawa_channel_oldest_due_seconds{channel="chat"}'] == 7200
    assert figures['engawa_month_left{channel="line"}'] == 43
    async with street.town.service.store.write() as connection:
        await connection.execute(update(outbox).where(outbox.c.id == row).values(state="unknown"))
    figures = await told(street)
    assert figures['engawa_outbox_rows{channel="chat",state="unknown"}'] == 1
    assert figures['engawa_channel_oldest_due_seconds{channel="chat"}'] == 0


async def test_how_far_sweep_and_ladder_are_behind(street: Street):
    """A house that nobody has looked at, and a step that nobody took, show by how long they wait."""
    await street.town.house()
    await street.town.skip_to("2027-02-01")
    figures = await told(street)
    assert (figures["engawa_sweep_lag_seconds"], figures["engawa_ladder_lag_seconds"]) == (0, 0)
    async with street.town.service.store.write() as connection:
        await connection.execute(text("UPDATE houses SET wake_on = '2027-01-30'"))
    due = (await street.town.case())["next_action_at"]
    await street.town.skip_clock("2027-12-01")
    figures = await told(street)
    assert figures["engawa_sweep_lag_seconds"] > 300 * 86400
    assert due
    assert figures["engawa_ladder_lag_seconds"] > 200 * 86400


async def test_what_the_auditor_says(street: Street):
    """Never run: no age at all. Clean: how long ago. Something found: how much, of which kind, and how many orphans."""
    await street.town.house()
    await street.town.skip_to("2027-02-01")
    figures = await told(street)
    assert figures["engawa_audit_last_clean_seconds"] == float("inf")
    await audited(street)
    await street.town.skip_clock("2027-02-02")
    figures = await told(street)
    assert figures["engawa_audit_last_clean_seconds"] == figures["engawa_audit_last_run_seconds"] == 86400
    async with street.town.service.store.write() as connection:
        await connection.execute(text("UPDATE cases SET holder = 'owner:nobody'"))
    await audited(street)
    figures = await told(street)
    assert figures["engawa_audit_findings"] == figures["engawa_audit_orphans"] == 1
    assert figures['engawa_audit_findings_by_kind{kind="no_holder"}'] == 1
    assert figures["engawa_audit_last_clean_seconds"] == 86400
    assert figures["engawa_audit_last_run_seconds"] == 0


async def audited(street: Street) -> None:
    while await audit_on(street.town.service.post, street.town.service.clock.now()):
        pass


async def test_what_is_counted_beside_the_rounds(street: Street):
    """Houses, phases, sends of the day, the staff's oldest matter, and on which channel people stay silent."""
    await street.town.house()
    await street.town.house("H2", owner_name="佐藤 次郎", consent_mandate_on="", consent_information_on="")
    await street.town.skip_to("2027-02-01")
    await street.town.says(OWNER, "担当者と話したい")
    await street.town.skip_to("2027-02-03")
    assert (await told(street))["engawa_figures_age_seconds"] == float("inf")
    store, now = street.town.service.store, street.town.service.clock.now()
    assert await keep_figures(store, now)
    assert not await keep_figures(store, now + timedelta(minutes=4))
    figures = await told(street)
    assert figures['engawa_houses{state="mandated"}'] == 1
    assert figures['engawa_houses{state="without_mandate"}'] == 1
    assert sum(value for name, value in figures.items() if name.startswith("engawa_cases_open{")) >= 1
    assert figures["engawa_staff_oldest_matter_seconds"] >= 2 * 86400
    asked = figures['engawa_questions_asked{channel="chat"}']
    assert asked > figures['engawa_questions_unanswered{channel="chat"}'] > 0
    ratio = figures['engawa_questions_unanswered_ratio{channel="chat"}']
    assert ratio == pytest.approx(figures['engawa_questions_unanswered{channel="chat"}'] / asked)
    shown = (await street.reader().client.get("/metrics")).text
    assert not [word for word in ("O-H1", "H1", "H2", "B1", "山田", "佐藤", "owner:", "servicer:") if word in shown]


async def test_only_sends_of_the_last_day_are_counted(street: Street):
    """What went out the day before is not among them."""
    await street.town.house()
    await street.town.skip_to("2027-02-01")
    now = street.town.service.clock.now()
    async with street.town.service.store.read() as connection:
        made = list((await connection.execute(select(attempts.c.id).order_by(attempts.c.id))).scalars())
    assert await keep_figures(street.town.service.store, now)
    sent = 'engawa_sends_last_day{answer="sent",channel="chat"}'
    assert (await told(street))[sent] == len(made)
    async with street.town.service.store.write() as connection:
        late = now - timedelta(hours=25)
        await connection.execute(update(attempts).where(attempts.c.id == made[0]).values(at=late))
    assert await keep_figures(street.town.service.store, now + timedelta(minutes=5))
    assert (await told(street)).get(sent, 0) == len(made) - 1


async def test_rows_of_the_last_while_are_found_by_their_ids(street: Street):
    """Whatever gaps there are between the ids: a database that was put back goes on far beyond."""
    now = street.town.service.clock.now()
    await street.town.house()
    await street.town.skip_to("2027-02-01")
    row = await street.newest(OWNER)
    ids = (1, 2, 50, 51, 10**9, 10**9 + 1, 10**12)
    async with street.town.service.store.write() as connection:
        await connection.execute(text("DELETE FROM attempts"))
        for age, key in zip(range(len(ids), 0, -1), ids, strict=True):
            at = now - timedelta(days=age)
            made = {"id": key, "outbox_id": row, "number": 1, "at": at, "answer": "sent"}
            await connection.execute(insert(attempts).values(**made))
    async with street.town.service.store.read() as connection:
        found = [await before(connection, attempts, attempts.c.at, now - timedelta(days=days)) for days in range(9)]
        later = select(attempts.c.id).where(attempts.c.id > found[3])
        assert list((await connection.execute(later.order_by(attempts.c.id))).scalars()) == list(ids[-3:])
    assert [sum(key > low for key in ids) for low in found] == [0, 1, 2, 3, 4, 5, 6, 7, 7]


async def test_the_same_figures_on_postgresql(tmp_path, database_url: str):
    """Every statement of them is understood by both databases."""
    async with street_at(tmp_path, "2026-11-01", database_url) as street:
        await street.town.house()
        await street.town.skip_to("2027-02-01")
        await street.town.says(OWNER, "担当者と話したい")
        await audited(street)
        assert await keep_figures(street.town.service.store, street.town.service.clock.now())
        figures = await told(street)
    assert figures['engawa_houses{state="mandated"}'] == 1
    assert figures["engawa_audit_last_clean_seconds"] == 0
    assert figures["engawa_staff_oldest_matter_seconds"] == 0
    assert figures["engawa_cases_with_staff"] == 1
