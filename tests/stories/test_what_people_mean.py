"""What people write is taken for what they mean: a worry is heard as a worry, and nothing is recorded on a guess."""

import pytest

from tests.stories.town import Town

OWNER, SERVICER, STAFF = "owner:O-H1", "servicer:B1", "staff:desk"


async def asked(town: Town, day: str = "2027-02-01") -> None:
    """The owner and the company have been asked for a day."""
    await town.house()
    await town.until(day)
    for person in (OWNER, SERVICER, STAFF):
        await town.hears(person)


async def visited(town: Town) -> None:
    """The visit of 10 February is over, and both are asked how it went."""
    await asked(town)
    await town.says(SERVICER, "2月10日に点検に行きます")
    await town.taps(SERVICER, "yes")
    await town.until("2027-02-11")
    assert "owner_confirm" in await town.hears(OWNER)


@pytest.mark.parametrize("words", ["できません", "点検できません", "うちではできません", "その日はできません"])
async def test_a_company_that_cannot_is_asked_what_it_means(town: Town, words: str):
    """Not that day, or not at all: 「まだ」 is written down for neither."""
    await asked(town)
    assert await town.says(SERVICER, words) == ["reply_unclear"]
    assert "work_not_done" not in await town.facts()
    assert await town.taps(SERVICER, "cannot") == ["reply_cannot"]
    assert (await town.case())["reason"] == "cannot"


async def test_an_owner_who_cannot_is_asked_what_they_mean(town: Town):
    """The day before the visit 「できません」 is no 「まだ」: they would think it was off."""
    await asked(town)
    await town.says(SERVICER, "2月10日に点検に行きます")
    await town.taps(SERVICER, "yes")
    await town.until("2027-02-09")
    await town.hears(OWNER)
    assert await town.says(OWNER, "できません") == ["reply_unclear"]
    assert "work_not_done" not in await town.facts()


@pytest.mark.parametrize("words", ["お客様と連絡がつきません", "施主と連絡が取れません", "何度電話しても出ません"])
async def test_a_company_that_cannot_reach_the_owner_is_helped_by_a_person(town: Town, words: str):
    await asked(town)
    assert await town.says(SERVICER, words) == ["reply_unreached"]
    assert "work_not_done" not in await town.facts()
    assert (await town.case())["reason"] == "unreached"
    assert "staff_alert" in await town.hears(STAFF)
    assert "所有者に電話か手紙で連絡" in await town.words(STAFF)
    await town.all_is_well()


async def test_a_day_that_is_fixed_answers_who_could_not_be_reached(town: Town):
    await asked(town)
    await town.says(SERVICER, "お客様と連絡がつきません")
    await town.says(OWNER, "2月24日に予約しました")
    await town.taps(OWNER, "yes")
    assert (await town.case())["reason"] == ""
    await town.all_is_well()


@pytest.mark.parametrize(
    "words",
    [
        "怪しい業者が来て屋根を直すと言っています",
        "知らない人が来て瓦がずれていると言われました",
        "今日業者が来るって聞いてないけど来てます",
        "瓦がずれているとピンポンされました",
        "点検に来た人に今日中に契約しろと言われました",
        "点検の人が屋根の葺き替えを300万円で勧めてきました",
    ],
)
@pytest.mark.parametrize("moment", [asked, visited])
async def test_a_stranger_at_the_door_is_no_finding(town: Town, words: str, moment):
    """The owner is warned and told whom to call; the company hears of no trouble, and nothing was inspected."""
    await moment(town)
    await town.hears(SERVICER)
    assert await town.says(OWNER, words) == ["reply_scam"]
    shown = await town.words(OWNER)
    assert all(word in shown for word in ("契約しないで", "丸太工務店", "消費者ホットライン（電話188）", "110番"))
    assert await town.hears(SERVICER) == []
    assert (await town.case())["reason"] == "fraud"
    assert "work_reported" not in await town.facts()
    await town.all_is_well()


async def test_a_stranger_is_no_result_either(town: Town):
    """Also where the result of the inspection was just asked for."""
    await visited(town)
    await town.says(OWNER, "昨日終わりました")
    assert await town.taps(OWNER, "yes") == ["reply_ask_result"]
    assert await town.says(OWNER, "怪しい業者が来て屋根が割れていると言っています") == ["reply_scam"]
    assert "work_reported" not in await town.facts()


@pytest.mark.parametrize(
    "words",
    ["お金がないのでやりたくない", "費用が高いのでやめたい", "年金暮らしなので点検はいりません", "高くて払えません"],
)
async def test_a_worry_about_money_ends_nothing(town: Town, words: str):
    """It is heard, and a person or a later day is offered."""
    await asked(town)
    assert await town.says(OWNER, words) == ["reply_money"]
    assert "mandate_withdrawn" not in await town.facts()
    assert "work_not_done" not in await town.facts()
    assert await town.taps(OWNER, "human") == ["reply_human"]
    assert await town.says(OWNER, words) == ["reply_money"]
    assert await town.taps(OWNER, "later") == ["reply_later"]
    await town.all_is_well()


async def test_who_names_the_support_gets_its_page_whatever_the_reason(town: Town):
    await asked(town)
    assert await town.says(OWNER, "お金がないので支援をやめたい") == ["reply_support_page"]


async def test_the_day_and_then_the_result(town: Town):
    """「昨日」, 「異常なしでした」: the result is not asked for again; only the day is still to be agreed."""
    await visited(town)
    assert await town.says(OWNER, "昨日") == ["reply_read_back"]
    assert await town.says(OWNER, "異常なしでした") == ["reply_read_back"]
    assert "work_reported" not in await town.facts()
    assert await town.taps(OWNER, "yes") == ["reply_reported"]
    [report] = (await town.case())["state"]["reports"]
    assert (report["done_on"], report["result"]) == ("2027-02-10", "ok")
    await town.all_is_well()


async def test_the_result_before_the_day(town: Town):
    """Asked for the day, they tell the result first: it is kept."""
    await asked(town)
    assert await town.taps(SERVICER, "already") == ["reply_ask_date"]
    assert await town.says(SERVICER, "異常なしでした") == ["reply_ask_date"]
    assert await town.says(SERVICER, "1月30日です") == ["reply_read_back"]
    assert await town.taps(SERVICER, "yes") == ["reply_reported"]


async def test_a_company_may_answer_with_the_day_alone(town: Town):
    await visited(town)
    assert await town.says(SERVICER, "昨日") == ["reply_read_back"]
    assert await town.taps(SERVICER, "yes") == ["reply_ask_result"]


@pytest.mark.parametrize("words", ["土曜日ならいつでも", "土曜日ならいつでもいいです", "平日なら大丈夫です"])
async def test_a_weekday_that_suits_is_asked_for_its_date(town: Town, words: str):
    """Also where it answers the request for a day; the day they then write is passed on to the company."""
    await asked(town)
    assert await town.says(OWNER, words) == ["reply_ask_weekday"]
    assert await town.says(OWNER, words) == ["reply_ask_weekday"]
    await town.says(OWNER, "2月13日")
    assert await town.taps(OWNER, "yes") == ["reply_wished"]
    assert "servicer_wish" in await town.hears(SERVICER)


async def test_a_weekday_shows_the_days_on_offer_again(town: Town):
    await asked(town, "2027-01-10")
    await town.says(SERVICER, "2月8日か2月13日なら伺えます")
    await town.taps(SERVICER, "yes")
    assert (await town.says(OWNER, "土曜日ならいつでも"))[-1] == "reply_help"
    assert "pick" in await town.button(OWNER, "pick", "2027-02-13")


@pytest.mark.parametrize("words", ["外壁だけ終わりました", "屋根は終わりましたが、床下はまだです"])
async def test_a_part_that_is_done_is_heard_and_nothing_is_recorded(town: Town, words: str):
    """What is left keeps the work open; they say once more when all of it is done."""
    await asked(town)
    for person in (OWNER, SERVICER):
        assert await town.says(person, words) == ["reply_partial"]
    assert "work_reported" not in await town.facts()


@pytest.mark.parametrize(
    ("words", "result"),
    [("大丈夫でした", "ok"), ("問題なかったです", "ok"), ("屋根が少し傷んでると言われました", "issues")],
)
async def test_how_it_went_is_heard_without_the_word_done(town: Town, words: str, result: str):
    """To 「いかがでしたか」: the day is read back, and then it is reported."""
    await visited(town)
    assert await town.says(OWNER, words) == ["reply_read_back"]
    assert await town.taps(OWNER, "yes") == ["reply_reported"]
    [report] = (await town.case())["state"]["reports"]
    assert (report["done_on"], report["result"]) == ("2027-02-10", result)


@pytest.mark.parametrize("words", ["雨漏りしています", "はい", "いいえ", "すみません、母が対応したのでわかりません"])
async def test_what_does_not_tell_how_it_went_is_no_report(town: Town, words: str):
    """A defect of today is a call for help, and a bare yes or no answers nothing that was asked."""
    await visited(town)
    assert await town.says(OWNER, words) in (["reply_problem"], ["reply_unclear"], ["reply_perhaps_done"])
    assert "work_reported" not in await town.facts()


async def test_who_wants_out_is_asked_of_what(town: Town):
    """「やめたい」 may be meant of the visit alone: that day can be changed by one tap."""
    await asked(town)
    await town.says(SERVICER, "2月10日に点検に行きます")
    await town.taps(SERVICER, "yes")
    await town.hears(OWNER)
    assert await town.says(OWNER, "やっぱりやめたい") == ["reply_stop_what"]
    assert await town.taps(OWNER, "wish") == ["reply_ask_day"]


async def test_another_day_is_put_to_the_owner_and_not_fixed_over_them(town: Town):
    """The day that both agreed on stands until the owner has chosen the other."""
    await asked(town)
    await town.says(OWNER, "2月20日に予約しました")
    await town.taps(OWNER, "yes")
    await town.hears(OWNER)
    assert await town.says(SERVICER, "2月17日に変更お願いします") == ["servicer_fixed", "reply_read_back_days"]
    assert await town.taps(SERVICER, "yes") == ["reply_offered"]
    assert str((await town.case())["visit_on"]) == "2027-02-20"
    assert "owner_ask" in await town.hears(OWNER)
    await town.taps(OWNER, "pick", "2027-02-17")
    assert str((await town.case())["visit_on"]) == "2027-02-17"
    await town.all_is_well()


async def test_the_hour_is_for_the_company_to_tell(town: Town):
    """Nobody is told that a message with an hour was passed on, since it is not."""
    await asked(town)
    await town.says(SERVICER, "2月10日に点検に行きます")
    await town.taps(SERVICER, "yes")
    assert await town.says(SERVICER, "10時に伺います") == ["reply_time"]
    assert "直接お知らせください" in await town.words(SERVICER)
    assert (await town.says(OWNER, "何時に来ますか"))[-1] == "reply_when"
    assert "会社からご案内" in await town.words(OWNER)


async def test_a_company_closes(town: Town):
    """From either side it is the same matter, and choosing another company settles it."""
    await asked(town)
    assert await town.says(SERVICER, "会社をたたむことになりました") == ["reply_problem_noted"]
    assert (await town.case())["reason"] == "closing"
    assert await town.says(OWNER, "工務店が倒産したそうです") == ["reply_company_gone"]
    assert "家に入れず" in await town.words(OWNER)
    await town.says(STAFF, action="assign:H1-1:0:B2")
    assert (await town.case())["reason"] == ""
    await town.all_is_well()


@pytest.mark.parametrize("words", ["見積書を送りました", "御見積を提出済みです。12万円です"])
async def test_a_quotation_is_told_to_the_owner_without_its_sum(town: Town, words: str):
    """The owner hears that it comes and that nothing is decided by it; nothing is recorded as not done."""
    await asked(town)
    assert await town.says(SERVICER, words) == ["reply_quoted"]
    assert "owner_quoted" in await town.hears(OWNER)
    assert "丸太工務店" in await town.words(OWNER)
    assert "12" not in await town.words(OWNER)
    facts = await town.facts()
    assert "quotation_sent" in facts
    assert "work_not_done" not in facts
    await town.all_is_well()


@pytest.mark.parametrize(
    "words",
    ["別の会社に頼みたいのですが", "もう御社以外で頼んだ", "2月20日に別の会社に頼みました", "業者を変えたい"],
)
async def test_who_asks_another_company_is_called_and_gets_no_visit_of_this_one(town: Town, words: str):
    """The choice is theirs. No day is fixed with a company that is not to come, and nobody is asked."""
    await asked(town)
    assert await town.says(OWNER, words) == ["reply_company_wish"]
    assert "お選びいただけます" in await town.words(OWNER)
    assert (await town.case())["reason"] == "company_wish"
    await town.hears(SERVICER)
    await town.until("2027-02-20")
    assert await town.hears(OWNER) == []
    assert await town.hears(SERVICER) == []
    await town.says(STAFF, action="assign:H1-1:0:B2")
    case = await town.case()
    assert (case["reason"], case["holder"]) == ("", "servicer:B2")
    await town.all_is_well()


async def test_another_company_has_been_there(town: Town):
    """Lawful as well; its document is looked at before anything is closed."""
    await asked(town, "2027-02-04")
    await town.says(OWNER, "2月3日に別の会社で点検しました。異常なしです")
    assert await town.taps(OWNER, "yes") == ["reply_other_company"]
    assert (await town.case())["reason"] == "other_company"


@pytest.mark.parametrize(
    "words",
    [
        "お客様に断られました",
        "お客様から点検を断られました",
        "お施主様から断られました",
        "施主様が点検はいらないとおっしゃっています",
    ],
)
async def test_a_company_is_told_no_by_the_owner(town: Town, words: str):
    """What one hears of the other ends nothing: a person asks the owner."""
    await asked(town)
    assert await town.says(SERVICER, words) == ["reply_owner_refused"]
    assert "連絡がつかない" not in await town.words(SERVICER)
    assert (await town.case())["reason"] == "refused"
    assert "mandate_withdrawn" not in await town.facts()


@pytest.mark.parametrize(
    "words", ["今日の予定は？", "今月の予定を教えて", "今月の案件は？", "今月の予定は", "今日の予定"]
)
async def test_a_company_asks_for_its_list(town: Town, words: str):
    """A visit that is fixed stands there with its day."""
    await asked(town)
    await town.says(SERVICER, "2月10日に点検に行きます")
    await town.taps(SERVICER, "yes")
    assert await town.says(SERVICER, words) == ["reply_servicer_list"]
    assert "訪問 2027年2月10日" in await town.words(SERVICER)


@pytest.mark.parametrize(
    "words", ["LINEはやめてメールにしてください", "点検の電話はやめてほしい", "夜はやめてください"]
)
async def test_on_the_page_that_ends_the_support_another_wish_ends_nothing(town: Town, words: str):
    await asked(town)
    assert await town.says(OWNER, "解約したい") == ["reply_support_page"]
    await town.says(OWNER, words)
    assert "mandate_withdrawn" not in await town.facts()


async def test_staff_hear_of_a_stranger_on_a_holiday_too(town: Town):
    """On 11 February nobody works; somebody stands at the door all the same."""
    await visited(town)
    await town.hears(STAFF)
    for words in ("知らない業者が来て屋根を見せろと言っています", "知らない業者がまた来ました"):
        await town.says(OWNER, words)
        assert "staff_alert" in await town.hears(STAFF)


async def test_a_company_without_room_twice_goes_to_the_staff(town: Town):
    """Once is a postponement; after that the house would wait for ever."""
    await asked(town, "2027-01-05")
    assert await town.says(SERVICER, "今月は手一杯です") == ["reply_later"]
    assert await town.says(SERVICER, "すみません、今月も無理です") == ["reply_human"]
    assert (await town.case())["reason"] == "put_off"
    await town.all_is_well()


async def test_what_may_be_a_defect_is_told_to_nobody_but_the_staff(town: Town):
    """「字が小さくて読めん」 may be many things: no company hears of trouble with the house for it."""
    await asked(town)
    await town.hears(SERVICER)
    await town.says(OWNER, "壁のあたりがどうもあれでして")
    assert await town.hears(SERVICER) == []


@pytest.mark.parametrize(
    "words",
    [
        *("今月は手一杯です", "今月は予定がいっぱいです", "今週は予約が埋まっています"),
        *("今月は手一杯で対応できません", "人手不足のため今月は伺えません"),
    ],
)
async def test_a_company_without_room_this_month_is_asked_again_later(town: Town, words: str):
    """Nothing is refused, and the last lawful day is kept in mind."""
    await asked(town, "2027-01-05")
    assert await town.says(SERVICER, words) == ["reply_later"]
    assert "asked_for_later" in await town.facts()


@pytest.mark.parametrize("words", ["たぶん大丈夫", "いいと思います", "はい、でもやっぱり5日かもしれません"])
async def test_a_perhaps_keeps_no_day_on_which_it_was_done(town: Town, words: str):
    """Nor does it tell how it went: both are asked once more, and a clear word is kept."""
    await visited(town)
    await town.says(OWNER, "昨日終わりました")
    assert await town.says(OWNER, words) == ["reply_read_back"]
    assert await town.says(OWNER, "はい") == ["reply_ask_result"]
    for perhaps in ("たぶん大丈夫", "異常はなかったと思います", "大体大丈夫でした"):
        assert await town.says(OWNER, perhaps) == ["reply_ask_result"]
    assert "work_reported" not in await town.facts()
    await town.says(OWNER, "異常なしでした")
    assert "work_reported" in await town.facts()
    await town.all_is_well()


async def test_a_perhaps_fixes_no_day(town: Town):
    """Neither the owner's wish, nor the company's day, nor its days on offer."""
    await asked(town)
    assert await town.says(OWNER, "2月24日にお願いします") == ["reply_read_back"]
    assert await town.says(OWNER, "たぶん大丈夫") == ["reply_read_back"]
    assert await town.says(SERVICER, "2月25日に点検に行きます") == ["reply_read_back"]
    assert await town.says(SERVICER, "たぶん大丈夫です") == ["reply_read_back"]
    assert await town.says(SERVICER, "2月25日か2月26日に伺えます") == ["reply_read_back_days"]
    assert await town.says(SERVICER, "たぶん大丈夫です") == ["reply_read_back_days"]
    assert not {"visit_wished", "visit_fixed", "days_offered"} & set(await town.facts())
    assert await town.says(SERVICER, "はい") == ["reply_offered"]
    await town.all_is_well()


async def test_between_two_days_an_owner_chooses_with_one_tap(town: Town):
    await asked(town)
    assert await town.says(OWNER, "2月24日か26日がいいです") == ["reply_choose_day"]
    assert await town.taps(OWNER, "day", "2027-02-26") == ["reply_wished"]
    assert "servicer_wish" in await town.hears(SERVICER)
    await town.all_is_well()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("2月30日に予約しました", "暦にない"),
        ("まだ業者と日程調整中です", "これからでしょうか"),
    ],
)
async def test_a_day_that_cannot_be_or_is_not_fixed_is_asked_for(town: Town, words: str, told: str):
    await asked(town)
    assert await town.says(OWNER, words) == ["reply_ask_day"]
    assert told in await town.words(OWNER)
    assert await town.says(OWNER, "2月24日です") == ["reply_read_back"]


async def test_a_weekday_that_does_not_fit_shows_when_the_day_is_read_back(town: Town):
    await asked(town)
    assert await town.says(OWNER, "2月24日(金)に予約しました") == ["reply_read_back"]
    assert "2月24日(水)" in await town.words(OWNER)
    assert (await town.case())["visit_on"] is None


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("たぶん終わったと思います", "はっきりするまで"),
        ("業者さんからは終わったと聞いてます", "お確かめになってから"),
    ],
)
async def test_what_is_perhaps_done_is_asked_and_not_recorded(town: Town, words: str, told: str):
    await visited(town)
    assert await town.says(OWNER, words) == ["reply_perhaps_done"]
    assert told in await town.words(OWNER)
    assert "work_reported" not in await town.facts()
    assert await town.taps(OWNER, "already") == ["reply_ask_date"]


async def test_a_day_of_doing_that_cannot_be_is_asked_for(town: Town):
    await visited(town)
    assert await town.says(OWNER, "2月30日に終わりました") == ["reply_read_back"]
    assert "2月10日" in await town.words(OWNER)
    assert await town.taps(OWNER, "no") == ["reply_ask_date"]
    assert await town.says(OWNER, "2月10日です") == ["reply_read_back"]


async def test_a_day_read_back_says_of_what(town: Town):
    """The fire insurance comes on Tuesday: a yes to that fixes no inspection that nobody spoke of."""
    await asked(town)
    assert await town.says(OWNER, "2月9日に火災保険の人が来ます") == ["reply_read_back"]
    assert "丸太工務店が点検にうかがう日は" in await town.words(OWNER)


async def test_a_new_address_is_no_sale(town: Town):
    """Nobody who moved is told of inheritance; who sold is."""
    await asked(town)
    assert await town.says(OWNER, "住所が変わりました") == ["reply_contact"]
    assert await town.says(OWNER, "家を売ったので住所が変わりました") == ["reply_change"]


async def test_the_list_is_of_the_time_that_was_asked_for(town: Town):
    """Two houses: one is visited this month, the other is due in April. With nothing today, they read what there is."""
    await asked(town)
    await town.house("H2")
    await town.skip_to("2027-02-02")
    await town.says(SERVICER, "H1は2月10日に点検に行きます")
    await town.taps(SERVICER, "yes")
    assert await town.says(SERVICER, "今月の予定は？") == ["reply_servicer_list"]
    shown = await town.words(SERVICER)
    assert "今月の予定は1件です" in shown
    assert "H1" in shown
    assert "H2" not in shown
    await town.says(SERVICER, "来週の予定は？")
    assert "来週の予定は1件です" in await town.words(SERVICER)
    await town.says(SERVICER, "今日の予定は？")
    shown = await town.words(SERVICER)
    assert all(word in shown for word in ("今日の予定はありません", "ほかの時期", "H1", "H2"))


@pytest.mark.parametrize(
    "words", ["1月20日に知り合いの大工の鈴木さんにやってもらった。異常なし", "1月20日に自分で点検しました。異常なし"]
)
async def test_a_company_is_not_asked_for_what_somebody_else_did(town: Town, words: str):
    """A carpenter they know, or the owner: as with another company's work, staff look at it first."""
    await asked(town)
    assert await town.says(OWNER, words) == ["reply_read_back"]
    assert await town.taps(OWNER, "yes") == ["reply_other_company"]
    assert (await town.case())["reason"] == "other_company"
    assert "servicer_confirm" not in await town.hears(SERVICER)
