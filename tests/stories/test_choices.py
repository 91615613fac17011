"""What people choose is what they were offered, whoever asks and however it is written."""

import pytest

from bot.core.action import read_action
from tests.stories.town import Town

OWNER, SERVICER, STAFF = "owner:O-H1", "servicer:B1", "staff:desk"


async def offered(town: Town) -> None:
    """The company has offered 8 and 15 February, and the owner was asked."""
    await town.house()
    await town.until("2027-01-10")
    await town.says(SERVICER, "2月8日か2月15日なら伺えます")
    await town.taps(SERVICER, "yes")
    await town.until("2027-02-01")
    assert "owner_ask" in await town.hears(OWNER)


@pytest.mark.parametrize("words", ["2月15日でお願いします", "15日でお願いします"])
async def test_a_typed_day_that_is_on_offer_is_the_choice(town: Town, words: str):
    """As if its button had been pressed, once it was read back; with the month or without."""
    await offered(town)
    assert await town.says(OWNER, words) == ["reply_read_back"]
    assert "2月15日(月)でよろしいですか" in await town.words(OWNER)
    assert "owner_fixed" in await town.taps(OWNER, "yes")
    assert str((await town.case())["visit_on"]) == "2027-02-15"


@pytest.mark.parametrize("words", ["まだです", "？？？", "🙂"])
async def test_while_days_wait_for_a_choice_they_are_shown_again(town: Town, words: str):
    await offered(town)
    assert await town.says(OWNER, words) == ["reply_help"]
    assert "pick" in await town.button(OWNER, "pick")


async def test_what_is_not_understood_hides_no_day_that_waits_for_a_choice(town: Town):
    await offered(town)
    before = len(await town.shown(OWNER))
    assert await town.says(OWNER, "わからん") == ["reply_unclear"]
    verbs = [action.split(":")[0] for action in (await town.shown(OWNER))[before:]]
    assert verbs == ["pick", "pick", "already", "not_yet", "later", "problem", "human"]


async def test_a_company_is_proposed_no_day_after_the_last_one(town: Town):
    """Three weeks before it three days still fit, each of them in time."""
    await town.house()
    await town.until("2027-03-10")
    await town.hears(SERVICER)
    before = len(await town.shown(SERVICER))
    assert await town.taps(SERVICER, "offer") == ["reply_ask_offer"]
    given = [read_action(action) for action in (await town.shown(SERVICER))[before:]]
    days = {action.arg for action in given if action and action.verb == "offer_these" and "," not in action.arg}
    assert len(days) == 3
    assert max(days) <= str((await town.case())["target_on"])


async def test_the_days_for_a_repair_are_put_to_the_owner_at_once(town: Town):
    """A finding is mended within the month: nothing would ask the owner in time otherwise."""
    await offered(town)
    await town.taps(OWNER, "pick")
    await town.until("2027-02-09")
    await town.taps(OWNER, "done_issues")
    await town.taps(SERVICER, "done_issues")
    await town.until("2027-02-10")
    await town.hears(OWNER)
    assert (await town.case(number=2))["ladder"] == "finding/1"
    await town.says(SERVICER, "H1は2月24日か2月25日なら伺えます")
    await town.taps(SERVICER, "yes")
    await town.until("2027-02-11")
    assert "owner_ask" in await town.hears(OWNER)
    await town.taps(OWNER, "pick")
    assert str((await town.case(number=2))["visit_on"]) == "2027-02-24"
    await town.all_is_well()


async def test_the_company_that_comes_is_not_another_one(town: Town):
    await town.house()
    await town.until("2027-01-04")
    await town.says(SERVICER, "対応できません。担当者をお願いします")
    await town.run()
    await town.taps(STAFF, "servicers")
    chosen = read_action(await town.button(STAFF, "assign"))
    assert chosen is not None
    assert chosen.arg == "B2"
    with pytest.raises(AssertionError, match="never offered"):
        await town.button(STAFF, "assign", "B1")


async def test_the_desk_hears_of_each_thing_on_the_day_it_happens(town: Town):
    await town.house()
    await town.until("2027-02-01")
    await town.hears(STAFF)
    await town.says(OWNER, "電話してください")
    assert "staff_alert" in await town.hears(STAFF)
    await town.says(OWNER, "雨漏りしています")
    assert "staff_alert" in await town.hears(STAFF)


async def test_who_ended_the_support_is_known_to_have_ended_it(town: Town):
    """The desk is told that the consent is missing, not that nobody knows the owner."""
    await town.house()
    await town.until("2027-02-01")
    await town.says(OWNER, "支援をやめたい")
    await town.taps(OWNER, "yes", "end_support")
    await town.until("2027-02-03")
    assert (await town.case())["reason"] == "no_mandate"


async def test_a_report_that_differs_is_answered_as_one(town: Town):
    await offered(town)
    await town.taps(OWNER, "pick")
    await town.until("2027-02-09")
    assert (await town.taps(OWNER, "done_ok"))[-1] == "reply_reported"
    heard = await town.taps(SERVICER, "done_issues")
    assert heard[-1] == "reply_apart", heard


async def test_what_only_the_staff_see_to_is_never_what_an_owner_is_asked_about(town: Town):
    """A house without its common id has a task at the desk beside the visit; the owner's words are about the visit."""
    await town.house(common_id="")
    await town.until("2027-01-10")
    await town.says(SERVICER, "2月8日か2月15日なら伺えます")
    await town.taps(SERVICER, "yes")
    await town.until("2027-02-01")
    await town.taps(OWNER, "pick", "2027-02-08")
    assert {case["ladder"] for case in (await town.view())["cases"]} == {"visit/1", "milestone/1/staff/90"}
    assert await town.says(OWNER, "やっぱり2月15日にしてください") == ["reply_read_back"]
    assert "2月15日(月)でよろしいですか" in await town.words(OWNER)
