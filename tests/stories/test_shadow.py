"""A shadow run: the staff see what would be said to whom, nobody outside hears anything, and its end bursts nothing."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import select

from bot.core.rights import StaffRole
from engawa_fakes.slack import DESK
from scheduler.shadow import end
from storage.shadow import begin_shadow, shadow_since
from storage.tables import outbox, people
from tests.handlers.web.street import Street, street_at
from tests.handlers.web.test_roles import comes_in
from tests.stories.five_channels import settled_in
from tests.stories.phones import Platforms
from tests.stories.town import Town

OWNER, SERVICER, STAFF = "owner:O-H1", "servicer:B1", "staff:desk"


async def begins(town: Town) -> None:
    """試行を始める。担当者あてだけは届く。"""
    service = town.service
    town.service = replace(service, post=replace(service.post, shadow=True, shadow_staff=True))
    async with service.store.write() as connection:
        await begin_shadow(connection, service.store.pins.seal, service.clock.now())


async def ends(town: Town) -> None:
    service = town.service
    assert await end(service.store, STAFF, service.clock.now()) is not None
    town.service = replace(service, post=replace(service.post, shadow=False, shadow_staff=False))


async def states(town: Town, person_id: str) -> list[str]:
    async with town.service.store.read() as connection:
        query = select(outbox.c.state).where(outbox.c.person_id == person_id).order_by(outbox.c.id)
        return list((await connection.execute(query)).scalars())


async def test_not_one_request_reaches_a_platform_for_owner_or_company(five_channels: Platforms):
    """Two months on five channels: only the staff's own channel is called."""
    pairs = await settled_in(five_channels)
    at, town = five_channels, five_channels.town
    before = [await phone.shown() for pair in pairs for phone in (pair.owner, pair.company)]
    calls = [len(platform.calls) for platform in (at.line, at.telegram)]
    mails, slack = len(at.mail.messages), len(at.slack.calls)
    await begins(town)
    await town.until("2027-02-20")
    assert [await phone.shown() for pair in pairs for phone in (pair.owner, pair.company)] == before
    assert [len(platform.calls) for platform in (at.line, at.telegram)] == calls
    assert len(at.mail.messages) == mails
    assert all(DESK in call.body.decode() for call in at.slack.calls[slack:])
    for pair in pairs:
        assert "notice_shadow" in await town.facts(pair.house_id)
        assert set(await states(town, pair.owner.person_id)) - {"sent", "dropped"} == {"shadow"}
    await town.all_is_well()


async def test_nobody_is_silent_who_was_not_asked(town: Town):
    """試行の間は、会社も所有者も「返事がない」とは数えない。"""
    await town.house()
    await begins(town)
    await town.until("2027-03-31")
    assert (await town.case())["holder"] != STAFF
    assert await town.hears(OWNER) + await town.hears(SERVICER) == []
    assert "_silent" not in str((await town.view())["facts"])
    await town.all_is_well()


@pytest.mark.parametrize("day", ["2027-01-04", "2027-02-01", "2027-03-31"])
async def test_the_end_asks_anew_and_repeats_nothing(town: Town, day: str):
    """見せただけのお知らせは、1通も出ない。いまの質問だけが、1日1通で出る。"""
    await town.house("H1")
    await town.house("H2", owner_id="O-H1")
    await begins(town)
    await town.until(day)
    shown = len(await states(town, OWNER))
    await ends(town)
    await town.until(date.fromisoformat(day).replace(day=1).replace(month=date.fromisoformat(day).month + 1))
    async with town.service.store.read() as connection:
        query = select(outbox.c.day, outbox.c.parts).where(outbox.c.person_id == SERVICER, outbox.c.state == "sent")
        rows = (await connection.execute(query)).all()
    assert len({row.day for row in rows}) == len(rows)
    first = [(part["kind"], part["house"]) for part in rows[0].parts]
    assert sorted(house for _, house in first) == ["H1", "H2"]
    assert len(first) == 2
    assert (await states(town, OWNER))[:shown].count("sent") == 0
    assert {"shadow_begun", "shadow_ended"} <= await own_facts(town)
    assert "asked_anew" in await town.facts()
    await town.all_is_well()


async def own_facts(town: Town) -> set[str]:
    return {fact["kind"] for fact in (await town.view())["pauses"]}


async def test_what_waited_at_the_end_is_never_sent(town: Town):
    """A message that was written in the run and waits for its hour stays here."""
    await town.house()
    await begins(town)
    await town.until("2027-01-05", hour=6)
    assert "waiting" in await states(town, SERVICER)
    await ends(town)
    assert set(await states(town, SERVICER)) == {"shadow"}
    assert await end(town.service.store, STAFF, town.service.clock.now()) is None


async def test_letters_are_shown_and_lie_on_nobodys_table(town: Town):
    """紙のお知らせも、印刷の一覧には載らない。"""
    await town.take(
        servicers=[{"servicer_id": "B9", "name": "杉工務店", "status": "営業"}],
    )
    await town.house(servicer_id="B9")
    await begins(town)
    await town.until("2027-02-10")
    assert "shadow" in await states(town, "servicer:B9")
    assert "paper" not in await states(town, "servicer:B9")


@pytest_asyncio.fixture
async def street(tmp_path: Path, database_url: str) -> AsyncIterator[Street]:
    async with street_at(tmp_path, "2026-12-28", database_url) as found:
        await found.town.house()
        yield found


async def test_the_staff_read_what_would_have_been_said(street: Street):
    """担当者の画面に、だれに、何を送るところだったかが出る。"""
    town = street.town
    await begins(town)
    await town.until("2027-01-10")
    reader = await comes_in(street, "sato", StaffRole.OFFICER)
    assert "送るところだったお知らせ" in (await reader.opens("/staff/")).text
    await reader.opens("/staff/shadow")
    assert reader.status == 200
    assert "丸太工務店" in reader.text
    assert "試行中です" in reader.text
    assert "試行中です" in (await reader.opens("/staff/pause")).text
    async with town.service.store.read() as connection:
        assert await shadow_since(connection) is not None


async def test_of_a_company_outside_the_pilot_nothing_is_kept(town: Town, tmp_path: Path):
    """試行に加わっていない会社の住宅は、理由をつけて断り、何も残さない。引き継いだ住宅は、続けられる。"""
    await town.house("H1")
    service = town.service
    store = replace(service.store, pins=replace(service.store.pins, pilot=frozenset({"B1"})))  # type: ignore[type-var]
    town.service = service.on(store)
    with pytest.raises(AssertionError, match="not_in_pilot"):
        await town.house("X9", owner_name="高橋 次郎", builder_id="B2", servicer_id="B2")
    async with store.read() as connection:
        assert (await connection.execute(select(people.c.id).where(people.c.name == "高橋 次郎"))).all() == []
    await town.house("H1", servicer_id="B2")
    await town.house("H2")
    await town.all_is_well()
