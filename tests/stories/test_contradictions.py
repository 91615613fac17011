"""What cannot both be true goes to the staff, and nobody's word is thrown away by the other's."""

from typing import Any

from tests.stories.town import Town

OWNER, SERVICER, STAFF = "owner:O-H1", "servicer:B1", "staff:desk"
PHOTO = {"ref": "a1.jpg", "media_type": "image/jpeg", "size": 1000}


async def company_reported(town: Town) -> None:
    """On 10 February the company says, with a photo, that it was done the day before."""
    await town.house()
    await town.until("2027-02-10")
    await town.says(SERVICER, "2月9日に点検完了、異常ありません", files=[PHOTO])
    await town.taps(SERVICER, "yes")
    await town.hears(OWNER)


async def reports(town: Town) -> list[Any]:
    return [(word["side"], word["done_on"], word["evidence"]) for word in (await town.case())["state"]["reports"]]


async def test_not_yet_against_a_report(town: Town):
    """The company's word and its photo stand until a person has found out; then it is asked once more."""
    await company_reported(town)
    assert await town.taps(OWNER, "not_yet") == ["reply_apart"]
    assert (await town.case())["reason"] == "disagreement"
    assert await reports(town) == [("servicer", "2027-02-09", ["a1.jpg"])]
    await town.until("2027-03-20")
    assert [work["basis"] for work in (await town.view())["works"]] == [None] * 3
    await town.taps(STAFF, "close")
    await town.hears(OWNER), await town.hears(SERVICER)
    await town.says(STAFF, "両方に電話した。もう一度たずねる")
    assert (await town.case())["phase"] == "confirming"
    assert await town.hears(OWNER) == ["owner_confirm"]
    await town.all_is_well()


async def test_the_company_takes_its_word_back(town: Town):
    """It was another house: the visit is arranged anew, and nobody has to decide any more."""
    await company_reported(town)
    await town.taps(OWNER, "not_yet")
    await town.says(SERVICER, "すみません、まだ終わっていません")
    case = await town.case()
    assert (case["phase"], case["reason"]) == ("arranging", "")
    await town.all_is_well()


async def test_a_new_day_against_a_report(town: Town):
    """The owner tells of a day to come for what the company says is done."""
    await company_reported(town)
    await town.says(OWNER, "3月10日に来てもらうことに決まりました")
    assert await town.taps(OWNER, "yes") == ["reply_apart"]
    assert (await town.case())["reason"] == "disagreement"
    assert await reports(town) == [("servicer", "2027-02-09", ["a1.jpg"])]


async def test_not_yet_before_the_day(town: Town):
    """Of course it is not done yet: the visit stays where it is."""
    await town.house()
    await town.until("2027-02-01")
    await town.says(SERVICER, "3月10日に点検に行きます")
    await town.taps(SERVICER, "yes")
    await town.until("2027-02-05")
    await town.hears(SERVICER)
    await town.says(OWNER, "まだ終わっていません")
    case = await town.case()
    assert (case["phase"], str(case["visit_on"])) == ("fixed", "2027-03-10")
    await town.until("2027-02-10")
    assert await town.hears(SERVICER) == []


async def test_later_before_the_day(town: Town):
    """Nothing is asked before the visit, and "tomorrow somebody comes" is said on its day only."""
    await town.house()
    await town.until("2027-02-01")
    await town.says(SERVICER, "3月20日に点検に行きます")
    await town.taps(SERVICER, "yes")
    await town.until("2027-02-05")
    assert "reply_noted" in await town.says(OWNER, "来週また聞いてください")
    await town.until("2027-03-18")
    assert await town.hears(OWNER) == []
    await town.until("2027-03-19")
    assert await town.hears(OWNER) == ["owner_day_before"]


async def test_a_fixed_day_does_not_suit_and_the_company_is_silent(town: Town):
    """The owner wishes for another day: after three business days without a word the staff know."""
    await town.house()
    await town.until("2027-02-01")
    await town.says(SERVICER, "3月10日に点検に行きます")
    await town.taps(SERVICER, "yes")
    await town.says(OWNER, "3月10日は都合が悪いので、3月17日にしてください")
    await town.taps(OWNER, "yes")
    await town.until("2027-02-10")
    assert (await town.case())["reason"] == "servicer_silent"
    await town.says(SERVICER, "3月17日でお願いします")
    await town.taps(SERVICER, "yes")
    case = await town.case()
    assert (case["reason"], str(case["visit_on"])) == ("", "2027-03-17")
    await town.all_is_well()


async def two_owners(town: Town) -> str:
    """A house of two, both asked; the id of the second."""
    await town.house(co_owners="山田 一郎", consent_mandate_on="2022-04-01")
    view = await town.view()
    other = next(owner["id"] for owner in view["owners"] if owner["id"] != OWNER)
    await town.chats(other)
    await town.says(other, "同意します")
    await town.taps(other, "consent")
    await town.until("2027-02-10")
    return str(other)


async def test_the_first_of_two_owners_answers_for_both(town: Town):
    """The second is told what was said, and is asked nothing more."""
    other = await two_owners(town)
    await town.hears(other)
    await town.says(OWNER, "2月9日に終わりました。異常なしです")
    await town.taps(OWNER, "yes")
    assert await town.hears(other) == ["owner_told"]
    assert "2月9日" in await town.words(other)
    await town.until("2027-02-14")
    assert await town.hears(other) == []
    await town.says(SERVICER, "2月9日に完了しました。異常なしです")
    await town.taps(SERVICER, "yes")
    assert await town.hears(other) == ["owner_closed"]
    await town.all_is_well()


async def test_two_owners_say_different_things(town: Town):
    """One found a defect, the other did not: the second does not wipe out the first."""
    other = await two_owners(town)
    for person, words in (
        (OWNER, "2月9日に終わりました。指摘がありました"),
        (other, "2月9日に終わりました。異常なしです"),
    ):
        await town.says(person, words)
        await town.taps(person, "yes")
    assert (await town.case())["reason"] == "disagreement"
    await town.all_is_well()


async def test_a_company_that_has_answered_is_not_silent(town: Town):
    """Offered days, or a report, end the alert that it says nothing."""
    await town.house()
    await town.until("2027-01-26")
    assert (await town.case())["reason"] == "servicer_silent"
    await town.says(SERVICER, "3月10日、3月12日")
    await town.taps(SERVICER, "yes")
    case = await town.case()
    assert (case["reason"], case["holder"]) == ("", OWNER)
    await town.hears(STAFF)
    await town.until("2027-02-05")
    assert await town.hears(STAFF) == []
    await town.all_is_well()


async def test_a_postponement_does_not_pass_the_last_lawful_day(town: Town):
    """ "Not yet, in two years": the owner is asked well before the law's last day."""
    await town.house(handed_over_on="2022-04-01", plan_years="50", plan=[("P1", "屋根", "点検", 10, 10)])
    await town.skip_to("2032-01-10")
    await town.says(OWNER, "まだです。2034年にします")
    later = (await town.case())["state"]["later"].get("owner", "")
    assert later < "2032-04-01"


async def test_a_question_on_the_day_of_the_last_word_is_not_answered_by_it(town: Town):
    """Both spoke, staff had both asked once more on that day: whoever is silent then is reminded."""
    await company_reported(town)
    await town.taps(OWNER, "done_issues")
    await town.says(STAFF, action="close:H1-1:0:")
    await town.says(STAFF, "両方に電話した。もう一度たずねる")
    assert "owner_confirm" in await town.hears(OWNER)
    await town.until("2027-02-15")
    assert await town.hears(OWNER) == ["owner_confirm"]
    assert (await town.case())["reason"] == ""
    await town.all_is_well()
