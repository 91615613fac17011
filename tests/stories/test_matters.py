"""What people want from the staff is never lost behind something else."""

from typing import Any

import pytest
from sqlalchemy import text

from tests.stories.town import Town

OWNER, SERVICER, STAFF = "owner:O-H1", "servicer:B1", "staff:desk"


async def confirmed_by_both(town: Town) -> None:
    for person in (SERVICER, OWNER):
        await town.says(person, "2月9日に点検が終わりました。異常なしです。")
        await town.taps(person, "yes")


async def open_matters(town: Town) -> dict[str, Any]:
    """Why each open case of the house lies with the staff."""
    cases = (await town.view())["cases"]
    return {case["id"]: case["reason"] for case in cases if case["phase"] != "closed" and case["reason"]}


@pytest.mark.parametrize(
    ("words", "reason"),
    [("担当者と話したいです", "human"), ("天井にシミがあります", "problem"), ("ガス臭いです", "emergency")],
)
async def test_a_visit_that_closes_does_not_answer_a_call_for_help(town: Town, words: str, reason: str):
    """Both confirm the visit; whoever asked for a person is still called, and the alert still climbs."""
    await town.house()
    await town.until("2027-01-20")
    await town.says(OWNER, words)
    await town.until("2027-02-10")
    await confirmed_by_both(town)
    assert (await town.case())["phase"] == "closed"
    assert reason in (await open_matters(town)).values()
    await town.until("2027-02-12")
    await town.hears(STAFF)
    await town.until("2027-02-19")
    assert "staff_alert" in await town.hears(STAFF)
    await town.all_is_well()


async def test_two_matters_have_each_their_own_day(town: Town):
    """A company that is silent sleeps until next month; the owner's wish for a person does not sleep with it."""
    await town.house()
    await town.until("2027-01-25")
    await town.says(STAFF, action="snooze:H1-1:0:60")
    await town.says(OWNER, "担当者と話したいです")
    assert await open_matters(town) == {"H1-1": "servicer_silent", "H1-2": "human"}
    await town.until("2027-01-26")
    await town.hears(STAFF)
    await town.until("2027-02-05")
    assert await town.hears(STAFF) != []
    await town.all_is_well()


async def test_asking_twice_for_the_same_is_one_matter(town: Town):
    """It is told to the staff again, and does not become another case."""
    await town.house()
    await town.until("2027-01-25")
    for _ in range(3):
        await town.says(OWNER, "担当者と話したいです")
    assert await open_matters(town) == {"H1-1": "servicer_silent", "H1-2": "human"}
    assert (await town.facts()).count("matter_added") == 2


async def test_a_withdrawn_consent_does_not_hide_what_was_asked(town: Town):
    """The owner asks for a person, then ends the support: both lie with the staff."""
    await town.house()
    await town.until("2027-02-01")
    await town.says(OWNER, "天井にシミがあります")
    await town.says(OWNER, "同意を撤回します")
    await town.taps(OWNER, "yes")
    await town.until("2027-02-03")
    assert set((await open_matters(town)).values()) == {"no_mandate", "problem"}
    await town.all_is_well()


async def test_who_has_not_consented_may_ask_for_a_person(town: Town):
    """What lies at the desk is no message about the house: it needs no consent, and stays what it is."""
    await town.house(consent_mandate_on="")
    await town.says(OWNER, "担当者と話したいです")
    await town.until("2026-11-10")
    assert await open_matters(town) == {"H1-1": "human"}
    await town.all_is_well()


async def test_another_company_does_not_answer_for_the_defect(town: Town):
    """Choosing another company settles what the first one left open, and nothing else."""
    await town.house()
    await town.until("2027-01-20")
    await town.says(OWNER, "天井にシミがあります")
    await town.changes_company()
    assert await open_matters(town) == {"H1-1": "problem"}
    await town.all_is_well()


async def test_a_case_at_the_desk_is_no_work_to_report_on(town: Town):
    """ "It is done" is said of a visit, not of the owner's own call for a person."""
    await town.house()
    await town.says(OWNER, "担当者と話したいです")
    await town.says(OWNER, "10月20日に点検が終わりました。異常なしです")
    await town.says(OWNER, action="already:H1-1:0:")
    assert await open_matters(town) == {"H1-1": "human"}
    assert "work_reported" not in await town.facts()
    await town.all_is_well()


async def test_an_alert_outlives_another_day_for_the_visit(town: Town):
    """A defect is told on a Friday night, then the visit is fixed: on Monday the staff hear of the defect."""
    await town.house()
    await town.until("2027-01-08", hour=21)
    await town.hears(STAFF)
    await town.says(OWNER, "天井にシミがあります")
    await town.says(SERVICER, "2月10日に点検に行きます")
    await town.taps(SERVICER, "yes")
    async with town.service.store.write() as connection:
        await connection.execute(text("UPDATE cases SET next_action_at = next_action_at + 864000"))
    await town.until("2027-01-12")
    assert await town.hears(STAFF) == ["staff_alert"]


async def test_nothing_sleeps_past_the_last_lawful_day(town: Town):
    """Staff may put a matter off for years; the law's last day of the part comes first."""
    await town.house(handed_over_on="2022-04-01", plan=[("P1", "屋根", "点検", 10, 10)])
    await town.skip_to("2032-01-05")
    for day in ("2032-01-15", "2032-01-25", "2032-02-10"):
        await town.skip_to(day)
    assert (await town.case())["reason"] == "servicer_silent"
    await town.says(STAFF, action="snooze:H1-1:0:900")
    assert (await town.case())["state"]["matter"]["until"] == "2032-04-01"
