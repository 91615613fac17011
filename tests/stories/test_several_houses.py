"""A company tells of several houses, and each gets its own word and no other."""

from tests.stories.town import Town

SERVICER, STAFF = "servicer:B1", "staff:desk"


async def three_houses(town: Town) -> None:
    for house, name in (("H1", "林 一郎"), ("H2", "小林 花子"), ("H3", "佐藤 次郎")):
        await town.house(house, owner_name=name)
    await town.until("2027-02-10")
    await town.hears(SERVICER)


async def reported(town: Town) -> dict[str, str]:
    """The day on which each house's work is reported to have been done."""
    words = {house: (await town.case(house))["state"]["reports"] for house in ("H1", "H2", "H3")}
    return {house: said[0]["done_on"] for house, said in words.items() if said}


async def test_a_name_within_a_name(town: Town):
    """小林 is not 林."""
    await three_houses(town)
    await town.says(SERVICER, "小林様邸、2月9日に完了しました。異常なしです。")
    await town.taps(SERVICER, "yes")
    assert await reported(town) == {"H2": "2027-02-09"}


async def test_a_house_that_is_none_of_theirs(town: Town):
    """It is asked which house they mean; none is taken for it."""
    await three_houses(town)
    await town.says(SERVICER, "小林様邸、2月9日に完了しました。異常なしです。")
    assert await town.says(SERVICER, "鈴木様邸、2月8日に完了しました。異常なしです。") == ["reply_servicer_list"]
    await town.taps(SERVICER, "yes")
    assert await reported(town) == {"H2": "2027-02-09"}


async def test_another_house_in_the_middle_of_a_question(town: Town):
    """The day that is told of the second house is not the first one's."""
    await three_houses(town)
    await town.says(SERVICER, "小林様邸、完了しました。")
    await town.says(SERVICER, "佐藤様邸、2月8日に完了しました。異常なしです。")
    await town.taps(SERVICER, "yes")
    assert await reported(town) == {"H3": "2027-02-08"}


async def test_each_house_with_a_word_of_its_own(town: Town):
    """One without findings, one with: neither result is given to both; they are asked house by house."""
    await three_houses(town)
    told = "林様邸は2月8日に完了、異常なし。佐藤様邸は2月9日に完了、外壁にひび割れがありました。"
    assert await town.says(SERVICER, told) == ["reply_servicer_list"]
    await town.says(SERVICER, action="choose:H3-1:0:")
    await town.says(SERVICER, "2月9日に完了、外壁にひび割れがありました")
    await town.taps(SERVICER, "yes")
    assert await reported(town) == {"H3": "2027-02-09"}
    await town.all_is_well()


async def test_the_day_is_read_back_with_every_house(town: Town):
    """Before it is recorded for several, they see for which."""
    await three_houses(town)
    await town.says(SERVICER, "林様邸、小林様邸とも2月9日に完了しました。異常なしです。")
    assert "H1・H2" in await town.words(SERVICER)
    await town.taps(SERVICER, "yes")
    assert await reported(town) == {"H1": "2027-02-09", "H2": "2027-02-09"}


async def test_what_is_missing_is_asked_for_both_by_their_numbers(town: Town):
    """Day and result are asked once, and it is shown for which houses."""
    await three_houses(town)
    assert (await town.says(SERVICER, "林邸、佐藤邸とも完了しました"))[-1] == "reply_ask_date"
    assert "H1・H3" in await town.words(SERVICER)
    await town.says(SERVICER, "2月9日")
    assert await town.taps(SERVICER, "yes") == ["reply_ask_result"]
    assert "H1・H3" in await town.words(SERVICER)
    await town.taps(SERVICER, "result_ok")
    assert await reported(town) == {"H1": "2027-02-09", "H3": "2027-02-09"}


async def test_a_visit_to_come_beside_what_is_done(town: Town):
    """Which house is which is asked; the day of the one is not given to the others."""
    await three_houses(town)
    assert await town.says(SERVICER, "林邸と小林邸は完了、佐藤邸は2/24です") == ["reply_servicer_list"]
    assert await reported(town) == {}


async def test_not_yet_for_two_houses(town: Town):
    """Both are recorded, not the first alone."""
    await three_houses(town)
    await town.says(SERVICER, "林様邸と佐藤様邸はまだです")
    for house, kinds in (("H1", 1), ("H2", 0), ("H3", 1)):
        assert (await town.facts(house)).count("work_not_done") == kinds


async def test_a_defect_at_a_house_that_is_named(town: Town):
    """It lies with the staff for that house, whatever was talked about before."""
    await three_houses(town)
    await town.says(SERVICER, "小林様邸、完了しました。")
    await town.says(SERVICER, "佐藤様邸で雨漏りがありました")
    view = await town.view("H3")
    assert "problem" in {case["reason"] for case in view["cases"]}
    assert {case["reason"] for case in (await town.view("H2"))["cases"]} == {"servicer_silent"}
    await town.all_is_well()
