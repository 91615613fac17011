"""Whoever looks after a house, every open case of it has that company as its holder, or the staff."""

from typing import Any

import pytest
from sqlalchemy import text

from storage.audit import audit
from tests.stories.town import Town

OWNER, FIRST, SECOND, STAFF = "owner:O-H1", "servicer:B1", "servicer:B2", "staff:desk"


async def open_cases(town: Town) -> dict[str, Any]:
    cases = (await town.view())["cases"]
    visits = (
        case for case in cases if case["phase"] != "closed" and not case["ladder"].startswith(("milestone", "desk"))
    )
    return {case["ladder"]: case for case in visits}


async def visit_and_finding(town: Town) -> None:
    """A defect waits to be mended while an inspection is being arranged."""
    await town.house(plan=[("P1", "屋根", "点検", 5, 5), ("P2", "給水管", "点検", 6, 6)])
    await town.until("2027-02-10")
    for person in (FIRST, OWNER):
        await town.says(person, "2月9日に点検が終わりました。指摘がありました")
        await town.taps(person, "yes")
    await town.skip_to("2028-01-10")
    assert set(await open_cases(town)) == {"visit/1", "finding/1"}


async def test_another_company_takes_over_everything_at_the_house(town: Town):
    """Chosen for one case, it is asked about the other one too, and the old company's days are off."""
    await visit_and_finding(town)
    cases = await open_cases(town)
    await town.says(FIRST, action=f"offer_these:{cases['finding/1']['id']}:0:2028-01-20,2028-01-22")
    await town.until("2028-01-11")
    await town.hears(SECOND)
    await town.changes_company(case_id=cases["visit/1"]["id"])
    await town.until("2028-01-13")
    cases = await open_cases(town)
    assert {case["holder"] for case in cases.values()} == {SECOND}
    assert cases["finding/1"]["state"]["offered"] == []
    assert {"servicer_offer", "servicer_overdue"} <= set(await town.hears(SECOND))
    await town.all_is_well()


async def test_a_file_names_another_company(town: Town):
    """It is as if staff had chosen it: the new one is asked, the owner is told."""
    await town.house()
    await town.until("2027-02-01")
    await town.says(FIRST, "3月10日に点検に行きます")
    await town.taps(FIRST, "yes")
    await town.until("2027-02-03")
    await town.hears(OWNER)
    await town.house(servicer_id="B2")
    await town.until("2027-02-04")
    case = await town.case()
    assert (case["holder"], case["phase"], case["visit_on"]) == (SECOND, "arranging", None)
    assert await town.hears(OWNER) == ["owner_company"]
    assert await town.hears(SECOND) == ["servicer_offer"]
    assert "servicer_changed" in await town.facts()
    await town.all_is_well()


async def test_a_company_that_closes_holds_nothing(town: Town):
    """The day its closing is known the case lies with the staff, with the reason."""
    await town.house()
    await town.until("2027-02-01")
    await town.says(FIRST, "3月10日に点検に行きます")
    await town.taps(FIRST, "yes")
    await town.take(servicers=[{"servicer_id": "B1", "name": "丸太工務店", "status": "廃業", "role": "builder"}])
    await town.until("2027-02-02")
    case = await town.case()
    assert (case["holder"], case["reason"]) == (STAFF, "no_servicer")
    await town.all_is_well()


@pytest.mark.parametrize(
    ("damage", "kind"),
    [
        ("UPDATE houses SET servicer_id = 'B2'", "holder_gone"),
        ("UPDATE servicers SET status = '廃業' WHERE id = 'B1'", "holder_gone"),
        ("UPDATE cases SET holder = 'owner:O-H1'; UPDATE house_owners SET until_on = '2027-01-01'", "holder_gone"),
        ("UPDATE cases SET holder = 'owner:O-H2'", "holder_gone"),
        ("UPDATE works SET case_id = 'H2-1' WHERE house_id = 'H1'", "work_without_case"),
    ],
)
async def test_a_holder_who_is_gone_is_found(town: Town, damage: str, kind: str):
    """The auditor knows who is concerned with a house."""
    await town.house("H1")
    await town.house("H2", owner_name="佐藤 次郎")
    await town.until("2027-01-05")
    await town.all_is_well()
    async with town.service.store.write() as connection:
        for statement in damage.split(";"):
            await connection.execute(text(statement))
    async with town.service.store.read() as connection:
        seal, now = town.service.store.pins.seal, town.service.clock.now()
        found = {finding.kind async for finding in audit(connection, seal, now)}
    assert kind in found
