"""Every page that reads or writes, once on each database."""

from pathlib import Path

from sqlalchemy import insert, select, update

from storage.tables import inbound, letters, outbox
from tests.handlers.web.street import Street, street_at

OWNER, SERVICER = "owner:O-H1", "servicer:B1"
PATHS = (
    *("", "gaps", "find?q=H", "find?q=山田", "case/H1-1", "houses/H1", "letters", "pause", f"people/{OWNER}"),
    *("away", "handovers", "?whose=mine&overdue=1&servicer=丸太", "?reason=human&after=1.2027-01-01.case.H1-0"),
    "?whose=nobody&after=0.2027-01-01.event.x",
)


async def trouble(street: Street) -> None:
    """A message of unknown outcome, and an event that nobody could handle."""
    now = street.town.service.clock.now()
    row = await street.newest(OWNER)
    raw = {"event_id": "e", "person_id": OWNER, "at": now.isoformat(), "text": "読めない"}
    event = {"channel": "chat", "event_id": "e", "received_at": now, "raw": raw, "state": "failed"}
    async with street.town.service.store.write() as connection:
        await connection.execute(update(outbox).where(outbox.c.id == row).values(state="unknown"))
        await connection.execute(insert(inbound).values(**event))


async def test_pages_on_each_database(tmp_path: Path, database_url: str):
    """Consent, talk, trouble, letters, slips and pauses: the same on SQLite and on PostgreSQL."""
    async with street_at(tmp_path, "2026-11-01", database_url) as street:
        await street.town.house(consent_information_on="", consent_mandate_on="")
        owner = await street.visits(OWNER)
        await owner.presses("2つとも同意する")
        await owner.writes("担当者と話したい", ("a.pdf", b"%PDF-1.7", "application/pdf"))
        await street.town.skip_to("2027-02-01")
        await trouble(street)
        staff = await street.staff()
        for path in PATHS:
            assert (await staff.opens(f"/staff/{path}")).status == 200, path
        await (await staff.opens("/staff/")).presses("次の連絡先に送る")
        await staff.presses("もう一度ためす")
        await (await staff.opens("/staff/letters")).presses("選んだ手紙を送った")
        async with street.town.service.store.read() as connection:
            code = (await connection.execute(select(letters.c.code))).scalar_one()
        await staff.opens(f"/staff/slip?code={code}")
        form = next(found for found in staff.page.select("form") if found.select("[name=saying]"))
        await staff.sends(form, {"saying": "fix", "day": "2027-03-08"})
        await street.town.run()  # as the bell has the rounds do
        await staff.opens("/staff/pause")
        form = next(found for found in staff.page.select("form") if found.select("[name=reason]"))
        await staff.sends(form, {"scope": "all", "reason": "点検"})
        assert (await staff.opens("/metrics")).status == 200
        assert "2027-03-08" in {str(case["visit_on"]) for case in (await street.town.view())["cases"]}
        assert "3月8日" in (await street.visits(OWNER)).text
        await street.town.all_is_well()


async def test_odd_names_and_numbers_on_each_database(tmp_path: Path, database_url: str):
    """A null character, a digit that is no number, a number that no row can have: nothing is there, nothing fails."""
    async with street_at(tmp_path, "2027-02-01", database_url) as street:
        await street.town.house()
        owner, staff = await street.visits(OWNER), await street.staff()
        for path in ("find?q=%00", "case/%00", "houses/%00", "people/%00", "letters.pdf?id=²", f"handovers/{'9' * 18}"):
            assert (await staff.opens(f"/staff/{path}")).status == 404, path
        for path in ("?said=²", f"?said={'9' * 30}", "letters?said=²"):
            assert (await staff.opens(f"/staff/{path}")).status == 200, path
        deeds = {f"unknown/{'9' * 30}": {"how": "arrived"}, f"aside/{'9' * 30}": {"how": "again"}}
        deeds["letters/posted"] = {"id-²": "1", f"id-{'9' * 30}": "1"}
        for path, data in deeds.items():
            answer = await staff.client.post(f"/staff/{path}", data={"stamp": staff.stamp} | data)
            assert answer.status_code == 303, path
        answer = await owner.client.post(street.link(OWNER), data={"stamp": owner.stamp, "press": "²|help:::"})
        assert answer.status_code == 303
