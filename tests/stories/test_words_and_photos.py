"""Photos, several houses at once, and what is not understood."""

from tests.stories.town import Town

OWNER, SERVICER, STAFF = "owner:O-H1", "servicer:B1", "staff:desk"
PHOTO = {"ref": "a1.jpg", "media_type": "image/jpeg", "size": 1000}


async def test_a_photo_that_follows_the_report_joins_it(town: Town):
    """The company reports, then sends the photo: it counts as that report's evidence."""
    await town.house()
    await town.until("2027-02-10")
    await town.says(SERVICER, "2月9日に点検完了、異常ありません")
    await town.taps(SERVICER, "yes")
    assert await town.says(SERVICER, files=[PHOTO]) == ["reply_evidence"]
    report = (await town.case())["state"]["reports"][0]
    assert report["evidence"] == ["a1.jpg"]


async def test_a_photo_that_comes_first_waits_for_the_words(town: Town):
    """What was sent before a word was said is not lost."""
    await town.house()
    await town.until("2027-02-10")
    await town.hears(SERVICER)
    assert await town.says(SERVICER, files=[PHOTO]) == ["reply_files"]
    await town.says(SERVICER, "2月9日に点検完了、異常ありません")
    await town.taps(SERVICER, "yes")
    assert (await town.case())["state"]["reports"][0]["evidence"] == ["a1.jpg"]


async def test_two_houses_in_one_sentence(town: Town):
    """「山田様邸、佐藤様邸とも完了」: both are read back together, and both are recorded."""
    await town.house("H1", owner_name="山田 花子")
    await town.house("H2", owner_name="佐藤 次郎")
    await town.until("2027-02-10")
    await town.hears(SERVICER)
    assert await town.says(SERVICER, "山田様邸、佐藤様邸とも2月9日に完了しました。異常なしです。") == [
        "reply_read_back"
    ]
    await town.taps(SERVICER, "yes")
    for house in ("H1", "H2"):
        assert (await town.case(house))["phase"] == "confirming"
        assert "work_reported" in await town.facts(house)
    await town.all_is_well()


async def test_a_day_that_cannot_be_is_asked(town: Town):
    """Done tomorrow, done before the house was there: neither is bent into something else."""
    await town.house()
    await town.until("2027-02-10")
    await town.hears(OWNER)
    await town.says(OWNER, "点検は終わりました")
    assert "reply_day_future" in await town.says(OWNER, action="day:H1-1:0:2027-02-20")
    assert "work_reported" not in await town.facts()


async def test_a_defect_goes_to_company_and_staff(town: Town):
    """A leak is no inspection: nothing is counted as done, and two people hear of it."""
    await town.house()
    await town.until("2027-02-08")
    await town.hears(SERVICER), await town.hears(STAFF)
    assert (await town.says(OWNER, "天井にシミがあります"))[-1] == "reply_problem"
    await town.until("2027-02-09")
    assert "servicer_problem" in await town.hears(SERVICER)
    assert "staff_alert" in await town.hears(STAFF)
    assert [work["basis"] for work in (await town.view())["works"]] == [None] * 3


async def test_gas_stops_everything_but_people(town: Town):
    """Whom to call, at once; staff at once, at any hour; and no reminder while it lasts."""
    await town.house()
    await town.until("2027-02-08", hour=22)
    await town.hears(STAFF), await town.hears(OWNER)
    assert await town.says(OWNER, "ガス臭いです") == ["reply_emergency"]
    assert await town.hears(STAFF) == ["staff_alert"]
    await town.until("2027-04-30")
    assert await town.hears(OWNER) == []
    assert (await town.case())["reason"] == "emergency"
    await town.all_is_well()


async def test_a_company_that_smells_gas_is_told_whom_to_call(town: Town):
    """Whoever says it, and at the house that they name: no other house of theirs stops for it."""
    await town.house()
    await town.house("H2", owner_name="佐藤 一郎", handed_over_on="2022-04-20")
    await town.until("2027-02-08", hour=22)
    await town.hears(STAFF)
    assert await town.says(SERVICER, "佐藤様邸でガス漏れしています") == ["reply_emergency"]
    assert await town.hears(STAFF) == ["staff_alert"]
    told = {house: [fact["data"] for fact in (await town.view(house))["facts"]] for house in ("H1", "H2")}
    assert {"reason": "emergency"} in told["H2"]
    assert {"reason": "emergency"} not in told["H1"]
    await town.all_is_well()


async def test_a_person_please(town: Town):
    """Who wants a person gets one, also when no visit is open."""
    await town.house()
    assert await town.says(OWNER, "担当者と話したいです") == ["reply_human"]
    await town.until("2026-11-02")
    assert await town.hears(STAFF) == ["staff_alert"]
    assert await town.taps(STAFF, "close") == ["reply_ask_reason"]
    assert await town.says(STAFF, "電話で話して解決しました") == ["reply_matter_closed"]
    assert (await town.case())["phase"] == "closed"
    await town.all_is_well()


async def test_a_house_handed_over_on_a_leap_day(town: Town):
    """Its five years are over on 28 February."""
    await town.house(handed_over_on="2024-02-29")
    await town.until("2028-12-01")
    assert str((await town.case(number=1))["target_on"]) == "2029-02-28"


async def test_an_owner_looks_after_the_gutter(town: Town):
    """What owners check themselves closes on their word."""
    await town.house(plan=[("G1", "雨どい", "点検", 5, 1, "所有者")])
    await town.until("2027-03-03")
    assert await town.hears(SERVICER) == []
    assert await town.hears(OWNER) == ["owner_self"]
    assert await town.taps(OWNER, "self_ok") == ["reply_self_check"]
    assert await town.taps(OWNER, "checked") == ["owner_closed"]
    work = (await town.view())["works"][0]
    assert (work["basis"], str(work["done_on"])) == ("owner", "2027-03-03")
    await town.all_is_well()


async def test_what_is_not_understood_is_no_request_to_falsify(town: Town):
    """Who writes something we cannot read is asked again, not told of a penalty."""
    await town.house()
    await town.until("2027-02-10")
    await town.hears(OWNER), await town.hears(SERVICER)
    for person in (OWNER, SERVICER):
        assert await town.says(person, "お宅のほうはどうにも具合がようない") == ["reply_unclear"]
        assert await town.says(person, "やったことにしておいてください") == ["reply_not_done_not_recorded"]


async def test_a_photo_with_a_word_of_its_own(town: Town):
    """「写真です」 says no more than the photo: it joins the report, and nobody is told that they are falsifying."""
    await town.house()
    await town.until("2027-02-10")
    await town.says(OWNER, "2月9日に点検が終わりました。異常なしです")
    await town.taps(OWNER, "yes")
    assert await town.says(OWNER, "写真です", files=[PHOTO]) == ["reply_evidence"]
    assert (await town.case())["state"]["reports"][0]["evidence"] == ["a1.jpg"]
    assert await town.says(OWNER, "全部見ました") == ["reply_unclear"]
    assert await town.says(OWNER, "やったことにしておいてください", files=[PHOTO]) == ["reply_not_done_not_recorded"]


async def test_a_photo_belongs_to_the_house_it_follows(town: Town):
    """Not to the next one that is reported."""
    await town.house("H1", owner_name="山田 花子")
    await town.house("H2", owner_name="佐藤 次郎")
    await town.until("2027-02-10")
    await town.says(SERVICER, "山田様邸、2月9日に完了、異常なし")
    await town.taps(SERVICER, "yes")
    assert (await town.says(SERVICER, files=[PHOTO]))[-1] == "reply_evidence"
    await town.says(SERVICER, "佐藤様邸、2月9日に完了、異常なし")
    await town.taps(SERVICER, "yes")
    assert (await town.says(SERVICER, "山田様邸の写真です", files=[{**PHOTO, "ref": "b2.jpg"}]))[-1] == "reply_evidence"
    kept = [(await town.case(house))["state"]["reports"][0]["evidence"] for house in ("H1", "H2")]
    assert kept == [["a1.jpg", "b2.jpg"], []]
