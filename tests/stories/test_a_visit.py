"""A visit from the first word to the next date."""

from datetime import date

from tests.stories.town import Town

OWNER, SERVICER, STAFF = "owner:O-H1", "servicer:B1", "staff:desk"


async def test_a_year_five_inspection_goes_its_ordinary_way(town: Town):
    """The company offers days, the owner picks one, both confirm, and the plan's next date stands."""
    await town.house()
    await town.until("2026-12-31")
    assert await town.hears(SERVICER) == []
    await town.until("2027-01-04")
    assert await town.hears(SERVICER) == ["servicer_offer"]
    assert (await town.case())["holder"] == SERVICER

    assert await town.says(SERVICER, "2月20日、2月22日、2月27日でお願いします") == ["reply_read_back_days"]
    assert await town.taps(SERVICER, "yes") == ["reply_offered"]
    assert await town.hears(OWNER) == []
    assert (await town.case())["holder"] == OWNER

    await town.until("2027-01-31")
    assert await town.hears(OWNER) == ["owner_ask"]
    assert "2027年2月" in await town.words(OWNER) or await town.button(OWNER, "pick", "2027-02-22")
    assert await town.taps(OWNER, "pick", "2027-02-22") == ["owner_fixed"]
    await town.until("2027-02-01")  # the day before was a Sunday
    assert await town.hears(SERVICER) == ["servicer_fixed"]

    await town.until("2027-02-20")
    assert await town.hears(OWNER) == []
    await town.until("2027-02-21")
    assert await town.hears(OWNER) == ["owner_day_before"]
    await town.until("2027-02-23")
    assert await town.hears(OWNER) == ["owner_confirm"]
    assert await town.taps(OWNER, "done_ok") == ["reply_reported"]
    assert (await town.case())["phase"] == "confirming"
    await town.until("2027-02-24")
    assert await town.hears(SERVICER) == ["servicer_confirm"]
    assert await town.taps(SERVICER, "done_ok") == ["servicer_closed"]
    assert await town.hears(OWNER) == ["owner_closed"]

    view = await town.view()
    assert {(work["code"], work["done_on"], work["basis"]) for work in view["works"]} == {
        (code, date(2027, 2, 22), "both") for code in ("P1", "P2", "P3")
    }
    await town.until("2027-02-25")
    plan = {row["code"]: row["next_due_on"] for row in (await town.view())["plan"]}
    assert set(plan.values()) == {date(2032, 4, 1)}
    await town.until("2027-06-30")
    assert await town.hears(OWNER) == []
    assert await town.hears(SERVICER) == []
    await town.all_is_well()


async def test_the_servicer_reports_first(town: Town):
    """The company's word asks the owner at once, with the date; the owner's tap closes it."""
    await town.house()
    await town.until("2027-02-10")
    await town.hears(SERVICER)
    assert await town.says(SERVICER, "2月8日に点検完了しました。異常ありませんでした。") == ["reply_read_back"]
    assert await town.taps(SERVICER, "yes") == ["reply_reported"]
    assert (await town.hears(OWNER))[-1] == "owner_confirm"
    assert await town.taps(OWNER, "done_ok") == ["owner_closed"]
    assert (await town.case())["phase"] == "closed"
    await town.all_is_well()


async def test_the_first_word_of_a_visit_says_whose_duty_it_is(town: Town):
    """Also where that is the question whether it is over, because the company had come before anybody was told."""
    await town.house()
    await town.until("2027-01-05")
    await town.says(SERVICER, "1月4日に点検完了しました。異常ありませんでした。")
    await town.taps(SERVICER, "yes")
    assert await town.hears(OWNER) == ["owner_confirm"]
    assert "ご自身の務め" in await town.words(OWNER)


async def test_a_visit_fixed_for_tomorrow_is_told_once(town: Town):
    """One message that does not promise another for the day before."""
    await town.house()
    await town.until("2027-02-01")
    await town.hears(OWNER)
    await town.says(SERVICER, "2月2日に点検に行きます")
    await town.taps(SERVICER, "yes")
    assert await town.hears(OWNER) == ["owner_fixed"]
    assert "前の日" not in await town.words(OWNER)
    await town.until("2027-02-03")
    assert await town.hears(OWNER) == ["owner_confirm"]


async def test_a_wish_waits_for_the_company_by_its_own_days(town: Town):
    """Closed from Tuesday to Thursday, it has until the third day on which it works."""
    names = {"servicer_id": "B1", "name": "丸太工務店", "status": "営業", "closing_days": "火水木"}
    await town.companies([names])
    await town.house()
    await town.until("2027-02-01")
    await town.says(OWNER, "2月22日にお願いします")
    await town.taps(OWNER, "yes")
    assert (await town.case())["state"]["later"] == {"servicer": "2027-02-07"}


async def test_two_words_that_cannot_both_be_true_go_to_the_staff(town: Town):
    """The owner says all was well, the company found something: a person decides."""
    await town.house()
    await town.until("2027-02-10")
    await town.says(SERVICER, "2月8日に点検しました。外壁にひび割れがありました。")
    await town.taps(SERVICER, "yes")
    await town.taps(OWNER, "done_ok")
    case = await town.case()
    assert (case["reason"], case["holder"]) == ("disagreement", STAFF)
    await town.until("2027-02-12")
    assert "staff_alert" in await town.hears(STAFF)
    assert await town.taps(STAFF, "decide", "servicer") == ["reply_decided"]
    view = await town.view()
    assert {work["basis"] for work in view["works"] if work["case_id"] == "H1-1"} == {"staff"}
    finding = next(case for case in view["cases"] if case["ladder"] == "finding/1")
    assert (finding["phase"], finding["target_on"]) == ("arranging", date(2027, 3, 14))
    await town.all_is_well()


async def test_not_yet_after_the_day_asks_the_company_for_new_days(town: Town):
    """A visit that fell through is arranged anew, and both are told."""
    await town.house()
    await town.until("2027-02-01")
    await town.says(SERVICER, "2月10日に点検に行きます")
    await town.taps(SERVICER, "yes")
    await town.until("2027-02-12")  # the eleventh is a holiday
    await town.hears(OWNER), await town.hears(SERVICER)
    assert await town.taps(OWNER, "not_yet") == ["reply_not_yet"]
    assert await town.hears(SERVICER) == ["servicer_visit_off"]
    case = await town.case()
    assert (case["phase"], case["visit_on"]) == ("arranging", None)
    assert await town.taps(OWNER, "done_ok") == ["reply_changed"]
    await town.all_is_well()


async def test_an_owner_who_cannot_on_the_day_has_called_it_off(town: Town):
    """The company is told at once and does not come in vain; the owner may name a day, or wait for days on offer."""
    await town.house()
    await town.until("2027-02-01")
    await town.says(SERVICER, "2月10日に点検に行きます")
    await town.taps(SERVICER, "yes")
    await town.until("2027-02-03")
    await town.hears(OWNER), await town.hears(SERVICER)
    assert await town.says(OWNER, "すみません、10日は無理になりました") == ["reply_called_off"]
    assert await town.hears(SERVICER) == ["servicer_called_off"]
    case = await town.case()
    assert (case["phase"], case["visit_on"], case["holder"]) == ("arranging", None, SERVICER)
    assert await town.says(OWNER, "2月17日なら大丈夫です") == ["reply_read_back"]
    assert await town.taps(OWNER, "yes") == ["reply_wished"]
    assert await town.hears(SERVICER) == ["servicer_wish"]
    await town.until("2027-02-10")
    assert "owner_confirm" not in await town.hears(OWNER)
    await town.all_is_well()


async def test_a_house_whose_work_was_confirmed_is_left_alone(town: Town):
    """After the closing nobody is reminded of the same year again."""
    await town.house()
    await town.until("2027-01-05")
    for person in (SERVICER, OWNER):
        await town.says(person, "1月4日に点検が終わりました。異常なしです。")
        await town.taps(person, "yes")
    assert (await town.case())["phase"] == "closed"
    await town.hears(OWNER), await town.hears(SERVICER)
    await town.until("2027-06-20")
    assert await town.hears(OWNER) + await town.hears(SERVICER) == []


async def test_nothing_said_is_nothing_done(town: Town):
    """An acknowledgement, a thank-you and a hedge close nothing."""
    await town.house()
    await town.until("2027-04-03")
    for text in ("承知しました", "ありがとうございます", "たぶん終わったと思います", "やったことにしておいてください"):
        await town.says(OWNER, text)
    view = await town.view()
    assert [work["basis"] for work in view["works"]] == [None, None, None]
    assert "work_reported" not in await town.facts()
