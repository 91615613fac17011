"""An answer is bound to the question it was given to, however late it comes."""

from tests.stories.town import Town

OWNER, SERVICER, STAFF = "owner:O-H1", "servicer:B1", "staff:desk"


async def reported(town: Town, house: str = "H1") -> list[str]:
    """The days on which somebody is on record as having said that it was done."""
    facts = (await town.view(house))["facts"]
    return [fact["data"]["done_on"] for fact in facts if fact["kind"] == "work_reported"]


async def test_a_yes_says_yes_to_its_own_day(town: Town):
    """Two days were read back; the button of the first one is pressed after the second."""
    await town.house()
    await town.until("2027-02-10")
    await town.says(OWNER, "2月8日に終わりました。異常なしです")
    first = await town.button(OWNER, "yes")
    await town.says(OWNER, "2月9日に終わりました。異常なしです")
    assert (await town.says(OWNER, action=first))[-1] == "reply_over"
    assert await reported(town) == []
    await town.taps(OWNER, "yes")
    assert await reported(town) == ["2027-02-09"]


async def test_a_yes_to_a_day_erases_nobody(town: Town):
    """The page on erasing was shown in between, and has a yes of its own."""
    await town.house()
    await town.until("2027-02-10")
    await town.says(OWNER, "2月8日に終わりました。異常なしです")
    day = await town.button(OWNER, "yes")
    await town.says(OWNER, "個人情報を消してください")
    assert (await town.says(OWNER, action=day))[-1] == "reply_over"
    assert "person_erased" not in await town.facts()
    await town.taps(OWNER, "yes")
    assert "person_erased" in await town.facts()


async def test_a_yes_stays_with_its_house(town: Town):
    """The company was asked about one house, then about another; the older button reports neither."""
    await town.house("H1", owner_name="山田 花子")
    await town.house("H2", owner_name="佐藤 次郎")
    await town.until("2027-02-10")
    await town.says(SERVICER, "山田様邸、2月9日に完了、異常なし")
    first = await town.button(SERVICER, "yes")
    await town.says(SERVICER, "佐藤様邸、2月9日に完了、異常なし")
    assert (await town.says(SERVICER, action=first))[-1] == "reply_over"
    assert await reported(town, "H1") == await reported(town, "H2") == []


async def test_a_result_stays_with_its_day(town: Town):
    """ "No findings" was offered for a day that has been corrected since."""
    await town.house()
    await town.until("2027-02-10")
    await town.says(OWNER, "2月8日に終わりました")
    await town.taps(OWNER, "yes")
    first = await town.button(OWNER, "result_ok")
    await town.says(OWNER, "間違えました、2月9日です")
    await town.taps(OWNER, "yes", "2027-02-09")
    assert (await town.says(OWNER, action=first))[-1] == "reply_over"
    assert await reported(town) == []


async def test_a_word_of_yes_after_something_else_was_said(town: Town):
    """ "Yes" to "somebody comes tomorrow" is no yes to a day that was read back weeks ago: it is asked once more."""
    await town.house()
    await town.until("2027-02-01")
    await town.says(SERVICER, "2月20日に点検に行きます")
    await town.taps(SERVICER, "yes")
    await town.until("2027-02-03")
    await town.says(OWNER, "2月1日に外壁の点検が終わりました。異常なしです")
    await town.until("2027-02-19")
    assert (await town.hears(OWNER))[-1] == "owner_day_before"
    assert await town.says(OWNER, "はい") == ["reply_read_back"]
    assert await reported(town) == []
    await town.says(OWNER, "はい")
    assert await reported(town) == ["2027-02-01"]


async def test_a_tap_answers_with_the_day_that_was_shown(town: Town):
    """The company tells of another day in between: the owner never agreed to that one."""
    await town.house()
    await town.until("2027-02-01")
    await town.says(SERVICER, "2月22日に点検に行きます")
    await town.taps(SERVICER, "yes")
    await town.until("2027-02-23")
    shown = await town.button(OWNER, "done_ok")
    await town.says(SERVICER, "実は2月10日に点検完了しました。異常ありません")
    await town.taps(SERVICER, "yes")
    await town.says(OWNER, action=shown)
    assert await reported(town) == ["2027-02-10", "2027-02-22"]
    assert (await town.case())["reason"] == "disagreement"
    await town.all_is_well()
