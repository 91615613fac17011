"""Silence climbs until staff know, and never ends in nothing."""

from tests.stories.town import Town

OWNER, SERVICER, STAFF = "owner:O-H1", "servicer:B1", "staff:desk"


async def test_a_company_that_does_not_answer(town: Town):
    """Asked three times by its own business days, then the staff are alerted, and the alert climbs."""
    await town.house()
    await town.until("2027-01-24")
    assert await town.hears(SERVICER) == ["servicer_offer"] * 3
    assert await town.hears(STAFF) == []
    await town.until("2027-01-25")
    assert await town.hears(STAFF) == ["staff_alert"]
    assert (await town.case())["holder"] == STAFF
    await town.until("2027-01-28")
    assert await town.hears(STAFF) == ["staff_alert"] * 2
    await town.all_is_well()


async def test_staff_take_call_and_choose_another_company(town: Town):
    """A named holder, a call on record, another company, and the owner told who comes."""
    await town.house(backup_servicer_id="B2")
    await town.until("2027-01-25")
    assert await town.taps(STAFF, "take") == ["staff_alert", "reply_taken"]
    await town.until("2027-01-27")
    assert await town.hears(STAFF) == []
    assert await town.taps(STAFF, "call") == ["reply_call"]
    assert await town.taps(STAFF, "called", "no_answer") == ["reply_called"]
    assert await town.taps(STAFF, "servicers") == ["reply_choose_servicer"]
    assert await town.taps(STAFF, "assign", "B2") == ["reply_candidate_asked"]
    await town.taps("servicer:B2", "take_on")
    await town.says("servicer:B2", "無料です")
    await town.taps("servicer:B2", "yes")
    assert await town.hears(OWNER) == ["owner_new_company"]
    assert await town.taps(OWNER, "agree") == ["owner_company"]
    assert (await town.case())["holder"] == "servicer:B2"
    await town.until("2027-01-29")
    assert await town.hears("servicer:B2") == ["servicer_pack", "servicer_offer"]
    assert await town.hears(SERVICER) == ["servicer_offer"] * 3 + ["servicer_access_over"]
    await town.all_is_well()


async def test_taking_an_alert_expires(town: Town):
    """Who took it and did nothing finds it back at the desk after five business days."""
    await town.house()
    await town.until("2027-01-25")
    await town.taps(STAFF, "take")
    await town.until("2027-01-31")
    assert await town.hears(STAFF) == []
    await town.until("2027-02-01")
    assert await town.hears(STAFF) == ["staff_alert"]
    assert (await town.case())["holder"] == STAFF


async def test_an_owner_who_does_not_answer_gets_a_letter(town: Town):
    """Asked, asked again, told that the date has passed, and at last written a letter; the staff know."""
    await town.house()
    await town.until("2027-01-05")
    await town.says(SERVICER, "3月10日、3月12日")
    await town.taps(SERVICER, "yes")
    await town.until("2027-04-20")
    assert await town.hears(OWNER) == ["owner_ask", "owner_ask", "owner_overdue", "owner_overdue"]
    assert await town.letters(OWNER) == ["owner_overdue"]
    assert "staff_alert" in await town.hears(STAFF)
    await town.all_is_well()


async def test_who_says_not_yet_to_a_date_that_has_passed_is_asked_for_a_day(town: Town):
    """One thing is asked at a time: whether it was done, and the day only of who has answered that it was not."""
    await town.house()
    await town.until("2027-01-05")
    await town.says(SERVICER, "あとで")
    await town.skip_to("2027-04-12")
    assert "owner_overdue" in await town.hears(OWNER)
    asked = [button.action.partition(":")[0] for button in await town.buttons(OWNER)]
    assert asked == ["already", "not_yet", "human"]
    assert await town.taps(OWNER, "not_yet") == ["reply_ask_day"]
    assert "work_not_done" in await town.facts()
    assert await town.says(OWNER, "4月27日にお願いします") == ["reply_read_back"]
    assert await town.taps(OWNER, "yes") == ["reply_wished"]
    assert "day_wished" in await town.facts()
    assert await town.says(OWNER, "まだです") == ["reply_not_yet"], "a day is on its way: none is asked again"
    await town.all_is_well()


async def test_evidence_and_an_owner_who_says_nothing(town: Town):
    """The company's report with a photo stands after thirty days, recorded as unconfirmed."""
    await town.house()
    await town.until("2027-02-10")
    photo = {"ref": "files/a.jpg", "media_type": "image/jpeg", "size": 1000}
    await town.says(SERVICER, "2月9日に点検完了、異常ありません", files=[photo])
    await town.taps(SERVICER, "yes")
    await town.until("2027-03-11")
    assert (await town.case())["phase"] == "confirming"
    await town.until("2027-03-12")
    view = await town.view()
    assert {work["basis"] for work in view["works"]} == {"unconfirmed"}
    assert "sample_marked" in await town.facts()
    await town.all_is_well()


async def test_after_an_outage_everybody_hears_once(town: Town):
    """Three weeks down: one message each, not three, and no alert before anybody was asked."""
    await town.house()
    await town.until("2026-12-20")
    await town.skip_to("2027-04-12")
    assert await town.hears(SERVICER) == ["servicer_overdue"]
    assert await town.hears(OWNER) == ["owner_overdue"]
    assert await town.hears(STAFF) == []
    await town.all_is_well()


async def test_a_house_that_comes_to_us_long_overdue(town: Town):
    """Taken in years late: it is asked about now, as one visit, and nobody is alarmed at once."""
    await town.house(handed_over_on="2014-04-01", consent_information_on="2026-01-01", consent_mandate_on="2026-01-01")
    await town.until("2026-11-03")
    assert await town.hears(SERVICER) == ["servicer_overdue"]
    assert await town.hears(OWNER) == ["owner_overdue"]
    assert await town.hears(STAFF) == []
    assert len((await town.view())["works"]) == 3
    await town.until("2026-11-30")
    assert "staff_alert" in await town.hears(STAFF)
    await town.all_is_well()


async def test_a_finding_is_mended_on_a_day_that_the_owner_chooses(town: Town):
    """The company offers days for the repair: the owner is asked at once, long before it is late."""
    await town.house()
    await town.until("2027-02-10")
    await town.says(SERVICER, "2月8日に点検しました。外壁にひび割れがありました。")
    await town.taps(SERVICER, "yes")
    await town.taps(OWNER, "done_issues")
    await town.until("2027-02-12")
    await town.hears(OWNER)
    await town.taps(SERVICER, "offer")
    await town.says(SERVICER, "2月20日、2月22日")
    await town.taps(SERVICER, "yes")
    assert await town.hears(OWNER) == ["owner_ask"]
    assert "直したほうがよい" in await town.words(OWNER)
    assert await town.taps(OWNER, "pick", "2027-02-22") == ["owner_fixed"]
