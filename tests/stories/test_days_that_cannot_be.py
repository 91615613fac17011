"""A day that cannot be is asked anew, whoever says it and however: nothing is recorded on it."""

import pytest

from bot.core.case import Result
from bot.core.roster import Said, wrong_report
from storage.roster import scenes_for
from tests.stories.town import Town

OWNER, SERVICER, STAFF = "owner:O-H1", "servicer:B1", "staff:desk"
YEARLY = [("P1", "屋根", "点検", 1, 1)]
BEFORE = "2027年2月1日に終わりました。異常なし"


async def second_year(town: Town) -> None:
    """A yearly item, last done on 20 March 2027, for which the next visit is open."""
    await town.house(plan=YEARLY, handed_over_on="2026-04-01")
    await town.skip_to("2027-03-25")
    await town.take(records=[{"house_id": "H1", "item_code": "P1", "done_on": "2027-03-20", "result": "良"}])
    await town.skip_to("2028-02-10")
    for person in (OWNER, SERVICER, STAFF):
        await town.hears(person)


@pytest.mark.parametrize("person", [OWNER, SERVICER])
@pytest.mark.parametrize("words", [BEFORE, "2027年3月20日に終わりました。異常なし"])
async def test_the_last_inspection_is_not_this_one(town: Town, person: str, words: str):
    """They are told when the last one was, and the day of this one is kept."""
    await second_year(town)
    assert await town.says(person, words) == ["reply_day_before_last"]
    assert "2027年3月20日" in await town.words(person)
    assert "work_reported" not in await town.facts()
    assert await town.says(person, "2028年2月9日です") == ["reply_read_back"]
    assert await town.taps(person, "yes") == ["reply_reported"]
    [report] = (await town.case(number=2))["state"]["reports"]
    assert (report["done_on"], report["result"]) == ("2028-02-09", "ok")
    await town.all_is_well()


async def test_nor_is_it_when_the_staff_key_it_in_or_a_list_says_so(town: Town):
    await second_year(town)
    word = f"phone=done_ok=2027-02-01={SERVICER}="
    assert await town.says(STAFF, action=f"said:H1-2:0:{word}") == ["reply_day_before_last"]
    async with town.service.store.read() as connection:
        scene = (await scenes_for(connection, SERVICER, ["H1-2"]))["H1-2"]
    day = town.today.replace(year=2027, month=2, day=1)
    assert wrong_report(scene, Said(day, Result.OK), town.today) == "before_last"
    assert "work_reported" not in await town.facts()


@pytest.mark.parametrize("words", ["2月10日がいいです", "2月10日に予約しました"])
@pytest.mark.parametrize("answer", ["はい", "yes"])
async def test_a_yes_to_a_day_that_has_passed_keeps_no_day(town: Town, words: str, answer: str):
    """Read back on the first of February, answered on the twentieth: the owner is asked for another day."""
    await town.house()
    await town.skip_to("2027-02-01")
    await town.hears(OWNER)
    assert await town.says(OWNER, words) == ["reply_read_back"]
    await town.skip_clock("2027-02-20")
    told = await (town.taps(OWNER, "yes") if answer == "yes" else town.says(OWNER, answer))
    assert "reply_day_past" in told
    assert not {"day_wished", "visit_fixed"} & set(await town.facts())
    assert await town.says(OWNER, "2月24日です") == ["reply_read_back"]
    await town.taps(OWNER, "yes")
    assert {"day_wished", "visit_fixed"} & set(await town.facts())
    await town.all_is_well()


async def test_nor_does_the_yes_of_a_company(town: Town):
    await town.house()
    await town.skip_to("2027-02-01")
    await town.hears(SERVICER)
    assert await town.says(SERVICER, "2月10日に点検に行きます") == ["reply_read_back"]
    await town.skip_clock("2027-02-20")
    assert "reply_day_past" in await town.taps(SERVICER, "yes")
    assert "visit_fixed" not in await town.facts()
    assert await town.says(SERVICER, "2月24日にうかがえます") == ["reply_read_back_days"]
