"""Families of replies whose neighbours look alike and mean something else, read by the rules alone.

What each rule takes in stands beside what it must leave.
"""

from datetime import date

import pytest

from bot.core.meaning import Context, Intent, Topic
from bot.language.doubts import NO_ROOM
from bot.language.understand import understand
from tests.bot.language.test_language_both_sides import (
    AGREED,
    DUE,
    HOW,
    LATE,
    NONE,
    NOW,
    WHEN,
    of_august,
    of_july,
    told,
)


@pytest.mark.parametrize(
    ("text", "intents", "asked"),
    [
        ("終わったのは隣の家です", {Intent.PROBLEM, Intent.OTHER, Intent.NOT_YET}, True),
        ("終わったのは予約だけです", {Intent.OTHER, Intent.SCHEDULE, Intent.NOT_YET}, True),
        ("済んだのは車検です", {Intent.OTHER}, True),
        ("終わったのは実家の点検で、うちはまだです", {Intent.NOT_YET}, False),
        ("終わったのは屋根だけです", {Intent.NOT_YET}, True),
        ("終わったのは先週です", {Intent.DONE}, False),
        ("終わったのは7/15です", {Intent.DONE}, False),
    ],
)
def test_what_is_over_is_named_behind_it(text: str, intents: set[Intent], asked: bool) -> None:
    meaning = told(text, LATE)
    assert meaning.intent in intents
    assert meaning.ask is asked


@pytest.mark.parametrize(
    ("text", "intent", "asked"),
    [
        ("点検終わったので、もう連絡しなくて大丈夫ですよね", Intent.DONE, False),
        ("終わりました。もうお知らせ不要ですよね?", Intent.DONE, False),
        ("点検終わったので、もう連絡しなくて大丈夫です", Intent.STOP, False),
        ("点検終わったので、もう連絡しないでください", Intent.STOP, False),
        ("もう連絡しなくて大丈夫ですよね", Intent.STOP, True),
        ("まだだけど、もう連絡しなくていいですよね", Intent.STOP, True),
        ("もう連絡しなくて大丈夫です", Intent.STOP, False),
    ],
)
def test_an_end_that_follows_from_the_work_is_no_stop(text: str, intent: Intent, asked: bool) -> None:
    meaning = told(text, LATE)
    assert (meaning.intent, meaning.ask) == (intent, asked)


@pytest.mark.parametrize(
    ("text", "intent", "day"),
    [
        ("日にち変えたい。土日希望", Intent.RESCHEDULE, None),
        ("土日がいいです", Intent.SCHEDULE, None),
        ("今週の土日がいいです", Intent.SCHEDULE, of_july(25)),
        ("土日にお願いします", Intent.SCHEDULE, of_july(25)),
        ("来月の土日でお願いします", Intent.SCHEDULE, of_august(1)),
        ("三日ほど早めて", Intent.RESCHEDULE, None),
        ("三日ほど早めてもらえますか", Intent.RESCHEDULE, None),
        ("一週間うしろにしてもらえませんか", Intent.RESCHEDULE, None),
        ("三日前に終わりました", Intent.DONE, of_july(19)),
        ("8/3は空いてますかね", Intent.QUESTION, None),
        ("8/3は空いています", Intent.SCHEDULE, of_august(3)),
        ("8/3が空いていればお願いします", Intent.SCHEDULE, of_august(3)),
        ("点検を8/3に変更しました", Intent.RESCHEDULE, of_august(3)),
    ],
)
def test_kinds_of_days_and_stretches_are_no_days(text: str, intent: Intent, day: date | None) -> None:
    meaning = told(text)
    assert (meaning.intent, meaning.date) == (intent, day)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("弊社は8月末で営業を終了いたします", Intent.PROBLEM),
        ("業者が営業をやめたそうです", Intent.PROBLEM),
        ("本日の営業は終了しました", Intent.OTHER),
        ("点検業務は終了しました", Intent.DONE),
        ("窓口が長女様に変更になりました", Intent.CHANGE),
        ("窓口で8/3に変更しました", Intent.RESCHEDULE),
        ("人手不足でまだ回れていません", Intent.NOT_YET),
        ("キッチンの下が水浸しです", Intent.PROBLEM),
    ],
)
def test_what_closes_and_what_changes_is_told_by_its_noun(text: str, intent: Intent) -> None:
    assert told(text, NONE, servicer=True).intent is intent


@pytest.mark.parametrize(
    ("text", "asked", "partial"),
    [
        ("見積もり取っただけでまだ頼んでない", False, False),
        ("電話しただけでまだです", False, False),
        ("屋根を見てもらっただけでまだです", True, True),
    ],
)
def test_an_errand_alone_is_no_part_of_the_work(text: str, asked: bool, partial: bool) -> None:
    meaning = told(text)
    assert (meaning.intent, meaning.ask, meaning.partial) == (Intent.NOT_YET, asked, partial)


@pytest.mark.parametrize(
    ("text", "result", "asked"),
    [
        ("築10年にしては状態がいいとのこと", "ok", False),
        ("築年数にしては傷んでいるって", "issues", False),
        ("状態がよくないとのこと", "issues", False),
        ("基礎の状態があまりよろしくないそうです", "issues", False),
        ("経年劣化程度で特記事項なし", "ok", False),
        ("経年劣化があるとのこと", "issues", False),
        ("軽微なものはありましたがその場で直してもらいました", "issues", False),
        ("軽微なものもありませんでした", "ok", False),
        ("まあまあです", "ok", True),
        ("まあまあだったかな", "ok", True),
        ("いまいちでした", "issues", False),
        ("よかったです", "ok", False),
        ("わかりません、主人が立ち会ったので", None, True),
        ("屋根がちょっとね", "issues", True),
    ],
)
def test_how_it_was_in_words_of_measure(text: str, result: str | None, asked: bool) -> None:
    meaning = told(text, HOW)
    assert (meaning.intent, meaning.result, meaning.ask) == (Intent.DONE, result, asked)


@pytest.mark.parametrize(
    ("text", "intent", "asked"),
    [
        ("通知、オフにしたい", Intent.STOP, False),
        ("通知をオフにしていて気づきませんでした", None, None),
        ("通知を切ってたので見ていませんでした", None, None),
        ("通知を切ってください", Intent.STOP, False),
        ("案内を切ってしまって見ていません", None, None),
        ("ブロックしていて気づきませんでした", None, None),
        ("ブロックします", Intent.STOP, False),
        ("配信を停止していただけますか", Intent.STOP, False),
        ("月1回の通知、なくしてもらえますか", Intent.STOP, False),
        ("メールをなくしてしまいました", None, None),
        ("案内は今回限りにしてください", Intent.STOP, False),
        ("点検は今回限りにしてください", None, None),
        ("リマインドはなしで", Intent.STOP, False),
        ("リマインドなしでお願いします", Intent.STOP, False),
        ("メールなしで来ました", None, None),
        ("メールはなしですか", Intent.QUESTION, False),
    ],
)
def test_messages_ended_are_told_from_messages_missed(text: str, intent: Intent | None, asked: bool | None) -> None:
    meaning = told(text)
    if intent is None:
        assert meaning.intent is not Intent.STOP or meaning.ask
    else:
        assert (meaning.intent, meaning.ask) == (intent, asked)


@pytest.mark.parametrize(
    ("text", "intent", "asked"),
    [
        ("他社でやるので結構です", Intent.DECLINE, True),
        ("知り合いに来てもらうので結構です", Intent.DECLINE, True),
        ("知り合いに来てもらうので日程は後で連絡します", Intent.SCHEDULE, False),
        ("他社でやる予定です", Intent.SCHEDULE, False),
        ("来週やるので大丈夫です", Intent.SCHEDULE, False),
        ("もうやったので結構です", Intent.DONE, False),
    ],
)
def test_who_has_it_done_elsewhere_wants_no_visit(text: str, intent: Intent, asked: bool) -> None:
    meaning = told(text)
    assert (meaning.intent, meaning.ask) == (intent, asked)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("異常なしと言いたいところですが、一か所ありました", "issues"),
        ("異常なしと言われました", "ok"),
        ("異常なしだといいのですが", None),
        ("異常なしでよかったです", "ok"),
        ("以前指摘された箇所は直っていました", "ok"),
        ("前回指摘された箇所が直っていませんでした", "issues"),
        ("要補修は一件もありませんでした", "ok"),
    ],
)
def test_a_finding_wished_for_or_mended_since(text: str, result: str | None) -> None:
    assert told(text, HOW).result == result


@pytest.mark.parametrize(
    ("text", "done"),
    [
        ("隣のうちが点検してました", False),
        ("向かいのお宅が点検してました", False),
        ("隣の大工さんに見てもらいました", True),
        ("隣の工務店が点検してくれました", True),
        ("お隣さんと一緒に点検してもらいました", True),
    ],
)
def test_the_house_next_door_is_not_this_one(text: str, done: bool) -> None:
    meaning = told(text, LATE)
    assert (meaning.intent is Intent.DONE and not meaning.ask) is done


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("家を点検すると言って上がり込まれた", Intent.PROBLEM),
        ("Water is coming through the ceiling", Intent.PROBLEM),
        ("The inspector is coming on Monday", Intent.SCHEDULE),
        ("サッシの隙間から虫が入ってくる", Intent.PROBLEM),
        ("地震の後から扉の開け閉めがきつい", Intent.PROBLEM),
        ("工務店の社長が亡くなって会社も畳んだそうです", Intent.PROBLEM),
        ("父が亡くなりました", Intent.CHANGE),
        ("来てくれたけど、道具がなくて帰った", Intent.NOT_YET),
        ("家にいなくて入ってもらえませんでした", Intent.NOT_YET),
        ("仕事終わったら見ます", Intent.SNOOZE),
        ("点検終わったら返事します", Intent.NOT_YET),
        ("説明を受けただけで、日にちは決まっていません", Intent.NOT_YET),
        ("説明をお願いします", Intent.QUESTION),
    ],
)
def test_who_or_what_came_in_and_what_was_left(text: str, intent: Intent) -> None:
    assert told(text).intent is intent


@pytest.mark.parametrize(
    ("text", "context", "intent", "urgent"),
    [
        ("ガス漏れかもしれない", DUE, Intent.PROBLEM, True),
        ("火事じゃないです", DUE, Intent.OTHER, False),
        ("ばっちりです", Context.CONFIRM_DATE, Intent.YES, False),
        ("期限過ぎたらどうなるんでしょう", DUE, Intent.QUESTION, False),
        ("担当が佐々木から森に代わりました", NONE, Intent.CHANGE, False),
    ],
)
def test_what_is_plain_enough_to_be_taken_at_its_word(
    text: str, context: Context, intent: Intent, urgent: bool
) -> None:
    meaning = understand(text, NOW, "owner", context)
    assert (meaning.intent, meaning.urgent) == (intent, urgent)
    assert meaning.ask is (intent is Intent.OTHER)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("異常はなかったけど雨樋の掃除を勧められた", "issues"),
        ("交換をすすめられました", "issues"),
        ("異常はなく、次の点検を勧められました", "ok"),
        ("異常があったかどうかわかりません", None),
        ("異常があったからかなり直した", "issues"),
        ("前回は異常なしでしたが今回は2か所ありました", "issues"),
        ("悪いところだらけでした", "issues"),
        ("悪いところはありませんでした", "ok"),
        ("良くないです", "issues"),
        ("悪くないです", "ok"),
        ("B判定でした", "issues"),
        ("A判定でした", "ok"),
    ],
)
def test_what_was_recommended_rated_or_not_known(text: str, result: str | None) -> None:
    meaning = told(text, HOW)
    assert meaning.result == result
    assert meaning.ask is (result is None)


def test_what_was_not_looked_at_limits_what_was_fine() -> None:
    limited = told("異常なし(屋根は未確認)", HOW)
    assert (limited.ask, limited.partial) == (True, True)
    assert told("異常なし(屋根も確認済み)", HOW).ask is False


@pytest.mark.parametrize(
    ("text", "stops", "asked"),
    [
        ("請求書を送らないでください", False, None),
        ("メールを送らないでください", True, False),
        ("前の担当者には連絡しないでください", True, True),
        ("もう連絡しないでください", True, False),
        ("返信不要です", False, None),
        ("ご案内いただかなくて結構です", True, False),
        ("点検していただかなくて結構です", False, None),
        ("こういうの本当に要らないから", True, True),
        ("haishin teishi", True, False),
        ("このLINEブロックしていい?", True, None),
    ],
)
def test_what_is_not_to_be_sent_and_to_whom(text: str, stops: bool, asked: bool | None) -> None:
    meaning = told(text)
    assert (meaning.intent is Intent.STOP) is stops
    assert asked is None or meaning.ask is asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("同意、ただし写真は除く", True),
        ("たぶん同意します", True),
        ("同意の方向で検討します", True),
        ("内容を読んでから同意します", True),
        ("同意します", False),
        ("内容を読みました。同意します", False),
    ],
)
def test_a_consent_held_back_is_asked_about(text: str, asked: bool) -> None:
    meaning = told(text, Context.ASK_CONSENT)
    assert meaning.ask is asked
    assert asked or meaning.intent is Intent.CONSENT


@pytest.mark.parametrize(
    ("text", "intent", "day"),
    [
        ("今日電話があって8/5になりました", Intent.SCHEDULE, of_august(5)),
        ("電話があったのは8/5です", None, None),
        ("排水口から虫", Intent.PROBLEM, None),
        ("トイレのタンクの水がずっと流れてる", Intent.PROBLEM, None),
        ("bad smell from the drain", Intent.PROBLEM, None),
        ("The neighbor's inspection is done", None, None),
        ("Our inspection is done", Intent.DONE, None),
        ("今後は父に連絡してください", Intent.CHANGE, None),
        ("今後は父に点検を頼みます", None, None),
    ],
)
def test_whose_day_whose_work_and_what_comes_out(text: str, intent: Intent | None, day: date | None) -> None:
    meaning = told(text)
    if intent is None:
        assert meaning.ask or meaning.intent not in (Intent.DONE, Intent.CHANGE)
    else:
        assert (meaning.intent, meaning.date, meaning.ask) == (intent, day, False)


@pytest.mark.parametrize(
    ("text", "context", "intent", "day"),
    [
        ("7月20か21のどっちか", WHEN, Intent.DONE, of_july(20)),
        ("7月20日か21日のどちらか", WHEN, Intent.DONE, of_july(20)),
        ("7月10か20", WHEN, Intent.DONE, of_july(10)),
        ("8月20か21のどっちか", WHEN, Intent.SCHEDULE, of_august(20)),
        ("8月3か4日", WHEN, Intent.SCHEDULE, of_august(3)),
        ("7/25か26のどっちか", WHEN, Intent.SCHEDULE, of_july(25)),
        ("7/25か26にお願いします", DUE, Intent.SCHEDULE, of_july(25)),
        ("20日か21日のどっちか", WHEN, Intent.DONE, of_july(20)),
    ],
)
def test_one_of_two_days_has_the_direction_of_both(
    text: str, context: Context, intent: Intent, day: date | None
) -> None:
    meaning = told(text, context)
    assert (meaning.intent, meaning.date, meaning.ask) == (intent, day, True)


@pytest.mark.parametrize(
    ("text", "intent", "day"),
    [
        ("9/20だった予定が27日になりました", Intent.RESCHEDULE, date(2026, 9, 27)),
        ("9月20日だった点検が27日になりました", Intent.RESCHEDULE, date(2026, 9, 27)),
        ("9/20だった予定が18日になりました", Intent.RESCHEDULE, date(2026, 9, 18)),
        ("9/27だった予定が3日になりました", Intent.RESCHEDULE, date(2026, 10, 3)),
        ("12/28だった点検が5日に変わりました", Intent.RESCHEDULE, date(2027, 1, 5)),
        ("7/15だった予定が25日になりました", Intent.RESCHEDULE, of_july(25)),
        ("8/5だったのが8/7になりました", Intent.RESCHEDULE, of_august(7)),
        ("15日の約束が18日に変わりました", Intent.RESCHEDULE, of_august(18)),
        ("予定が8/5になりました", Intent.SCHEDULE, of_august(5)),
        ("去年は9/20だった予定が今年は9/27になりました", Intent.SCHEDULE, date(2026, 9, 27)),
        ("去年9/20だった点検が9/27になりました", Intent.SCHEDULE, date(2026, 9, 27)),
        ("8/5に予定が決まりました", Intent.SCHEDULE, of_august(5)),
        ("予約が8/5の10時になりました", Intent.SCHEDULE, of_august(5)),
    ],
)
def test_a_plan_that_has_become_another_day_is_moved(text: str, intent: Intent, day: date) -> None:
    meaning = told(text)
    assert (meaning.intent, meaning.date, meaning.ask) == (intent, day, False)


@pytest.mark.parametrize(
    ("text", "intent", "day", "asked"),
    [
        ("9月の連休にやります", Intent.SCHEDULE, date(2026, 9, 19), False),
        ("9月の連休中にお願いします", Intent.SCHEDULE, date(2026, 9, 19), False),
        ("10月の3連休にお願いします", Intent.SCHEDULE, date(2026, 10, 10), False),
        ("7月の連休にやりました", Intent.DONE, of_july(18), False),
        ("5月の連休にやりました", Intent.DONE, date(2026, 4, 29), False),
        ("来月の連休にやります", Intent.SCHEDULE, of_august(1), True),
        ("9月の連休明けにお願いします", Intent.SCHEDULE, date(2026, 9, 24), True),
        ("9月の連休は無理です", Intent.OTHER, None, True),
        ("連休にやります", Intent.SCHEDULE, None, False),
        ("9月にやります", Intent.SCHEDULE, date(2026, 9, 1), False),
    ],
)
def test_the_long_weekend_of_a_month_is_its_free_days(text: str, intent: Intent, day: date | None, asked: bool) -> None:
    meaning = told(text)
    assert (meaning.intent, meaning.date) == (intent, day)
    assert meaning.ask is asked


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("頼んでいた建築会社が倒産したようです", Intent.PROBLEM),
        ("頼んでいた工務店が倒産したらしい", Intent.PROBLEM),
        ("8/3に予約していた工務店が倒産しました", Intent.PROBLEM),
        ("頼んでいたハウスメーカーが会社更生法の適用を受けたそうです", Intent.PROBLEM),
        ("担当の会社、廃業したみたいで電話が通じない", Intent.PROBLEM),
        ("建築会社が会社更生になったらしいです", Intent.PROBLEM),
        ("工務店が民事再生を申請したそうです", Intent.PROBLEM),
        ("社長が行方不明らしいです", Intent.PROBLEM),
        ("工務店の看板が下りていた", Intent.PROBLEM),
        ("会社のシャッターが閉まったままです", Intent.PROBLEM),
        ("工務店の事務所が廃墟になってました", Intent.PROBLEM),
        ("会社に行ったら更地になっていた", Intent.PROBLEM),
        ("頼んだリフォーム会社が8/3に来ます", Intent.SCHEDULE),
        ("建築会社に頼んでいます", Intent.SCHEDULE),
        ("前の会社が倒産したので別の会社に頼みました", Intent.SCHEDULE),
        ("工務店が倒産したので8/3に別の業者が来ます", Intent.SCHEDULE),
        ("工務店は廃業したけど点検は別の会社で7/10に終わりました", Intent.DONE),
        ("担当の会社が倒産したので電話してください", Intent.HUMAN),
        ("機械じゃ話が通じない", Intent.HUMAN),
        ("倒産したらどうなりますか", Intent.QUESTION),
        ("民事再生とはどういうことですか", Intent.QUESTION),
        ("シャッターが閉まったままで車庫は見てもらえませんでした", Intent.NOT_YET),
    ],
)
def test_a_company_that_closed_is_a_problem_whatever_was_arranged_with_it(text: str, intent: Intent) -> None:
    meaning = told(text, NONE)
    assert (meaning.intent, meaning.ask) == (intent, False)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("担当の会社に電話したら、現在使われておりませんでした", True),
        ("かけたら「現在使われておりません」って", True),
        ("番号が、現在使われておりませんと流れる", True),
        ("工務店に電話したら番号が使われてませんでした", True),
        ("業者に電話したら、今は使われていない部屋も見るそうです", False),
        ("この部屋は今使われていません", False),
        ("このトイレは現在使われておりません", False),
        ("電話番号が変わりました", False),
        ("書類が行方不明です", False),
        ("隣が更地になりました", False),
        ("店の隣が空き地になりました", False),
    ],
)
def test_a_number_that_is_no_more_is_told_from_a_room_that_is_not_used(text: str, problem: bool) -> None:
    meaning = told(text, LATE)
    assert (meaning.intent is Intent.PROBLEM) is problem


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("屋根も壁もどっこも悪いとこなかったわ", "ok"),
        ("どこも悪いとこあらへんかった", "ok"),
        ("悪いところは一つもなかった", "ok"),
        ("悪いとこなんかなかったで", "ok"),
        ("瓦も壁も大丈夫だったわ", "ok"),
        ("屋根は問題なかったわ", "ok"),
        ("壊れたところは一つもなかった", None),
        ("悪いところが一つありました", "issues"),
        ("悪いところは2つあったわ", "issues"),
        ("ひび割れたところがあった", "issues"),
        ("梁にたわみがありました", "issues"),
        ("屋根がたわんでいました", "issues"),
        ("屋根は悪いとこなかったけど壁にひびがあった", "issues"),
        ("悪いところは一つもないとは言えません", None),
    ],
)
def test_nothing_bad_is_fine_in_any_words(text: str, result: str | None) -> None:
    assert told(text, HOW).result == result


@pytest.mark.parametrize(
    ("text", "intent", "day"),
    [
        ("昨日の点検でベランダの手すりのぐらつきを指摘されました", Intent.DONE, of_july(21)),
        ("昨日の点検で浴室の換気扇の異音を指摘されました", Intent.DONE, of_july(21)),
        ("7/10の点検で屋根のずれを指摘された", Intent.DONE, of_july(10)),
        ("昨日の点検でひび割れがあると言われました", Intent.DONE, of_july(21)),
        ("昨日の地震で手すりがぐらついています", Intent.PROBLEM, None),
        ("ベランダの手すりがぐらついています", Intent.PROBLEM, None),
        ("点検で直すように指摘されたらどうすればいいですか", Intent.QUESTION, None),
    ],
)
def test_what_was_pointed_out_was_so_by_an_inspection(text: str, intent: Intent, day: date | None) -> None:
    meaning = told(text, NONE)
    assert (meaning.intent, meaning.date, meaning.ask) == (intent, day, False)
    assert meaning.result == ("issues" if day else None)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("まだやけど、何か?", Intent.NOT_YET),
        ("まだですけど何か?", Intent.NOT_YET),
        ("まだですが、なにか", Intent.NOT_YET),
        ("やってないけど何か?", Intent.NOT_YET),
        ("やりましたけど何か?", Intent.DONE),
        ("予約しましたけど何か?", Intent.SCHEDULE),
        ("まだですけど何か必要ですか", Intent.QUESTION),
        ("まだですが、何かありますか", Intent.QUESTION),
        ("まだですが何をすればいいですか", Intent.QUESTION),
        ("点検ですけど、何か?", Intent.QUESTION),
        ("やったと言いたいところですがまだです", Intent.NOT_YET),
        ("終わったと申し上げたいのですが、実はまだです", Intent.NOT_YET),
        ("点検の予約をしたつもりがされてなかった", Intent.NOT_YET),
        ("予約したつもりでしたができていませんでした", Intent.NOT_YET),
        ("予約したと思っていたら入ってなかった", Intent.NOT_YET),
        ("予約しました", Intent.SCHEDULE),
        ("Nothing arranged, thanks", Intent.NOT_YET),
        ("Already arranged, thanks", Intent.SCHEDULE),
    ],
)
def test_what_is_told_in_defiance_or_was_only_believed(text: str, intent: Intent) -> None:
    meaning = told(text, LATE)
    assert (meaning.intent, meaning.ask) == (intent, False)


@pytest.mark.parametrize("text", ["Already arranged, thanks", "already scheduled", "It's already booked"])
def test_so_many_words_of_english_are_taken_at_that(text: str) -> None:
    meaning = understand(text, NOW, "owner", DUE)
    assert (meaning.intent, meaning.ask) == (Intent.SCHEDULE, False)
    assert understand("Is it already arranged?", NOW, "owner", DUE).intent is Intent.QUESTION


@pytest.mark.parametrize(
    "text",
    [
        "同意しますと言った覚えはありません",
        "同意しますと返事してしまいましたが間違いです",
        "同意しますか迷っています",
        "同意しますが後日改めて連絡します",
        "同意しますという意味ではありません",
        "同意しますと夫が言っています",
        "同意しますかどうか家族と話します",
        "同意しますと申し上げましたが勘違いでした",
        "同意しますとボタンを押した記憶がない",
        "承諾しますとの返事は出していません",
        "同意しますが、まだ決めたわけではありません",
        "同意しますけど、内容を確認してからにしたい",
        "同意しますが、返事は後日にさせてください",
        "委任しますと言った覚えはない",
        "はい、と言った覚えはありません",
        "はい、でも迷っています",
        "I never said I agree",
    ],
)
def test_a_consent_that_is_denied_or_still_thought_about_is_none(text: str) -> None:
    meaning = told(text, AGREED)
    assert meaning.ask or meaning.intent not in (Intent.CONSENT, Intent.YES)


@pytest.mark.parametrize(
    "text",
    [
        "同意しますよ",
        "同意しますので手続きをお願いします",
        "同意しますが、連絡はメールでお願いします",
        "同意しますと申し上げます",
        "同意しますと回答いたします",
        "同意しますから進めてください",
        "同意します(妻も了解済み)",
        "同意します。間違いありません",
        "同意します。後日書類を送ってください",
        "はい、同意します",
        "前回同意しましたが、今回も同意します",
    ],
)
def test_a_consent_beside_something_else_is_one(text: str) -> None:
    meaning = told(text, AGREED)
    assert (meaning.intent, meaning.ask) == (Intent.CONSENT, False)


@pytest.mark.parametrize(
    "text",
    [
        "配信停止を解除してください",
        "通知の停止を解除して",
        "配信停止を取り消したい",
        "配信停止を撤回します",
        "もう送らないでとは言ってません",
        "連絡しないでほしいわけではない",
        "もう連絡しないでと言った覚えはありません",
        "配信停止にしたつもりはありません",
        "送らないでくださいというのは間違いでした",
        "連絡不要と書きましたが、やはり送ってください",
        "stop sending? no, please continue",
        "don't stop sending",
        "LINEやめてメールにしてください",
        "LINEをやめたいのでメールに切り替えたい",
        "通知をやめて電話にしてほしい",
        "このアドレスへの配信を止めて、新しいアドレスに送って",
        "LINEのお知らせをまた送ってください",
    ],
)
def test_a_stop_that_is_lifted_denied_or_a_change_of_the_way_is_asked_about(text: str) -> None:
    meaning = told(text, NONE)
    assert meaning.ask
    assert meaning.intent in {Intent.CHANGE, Intent.STOP, Intent.RESCHEDULE}


@pytest.mark.parametrize(
    "text",
    [
        "配信停止してください",
        "配信を解除してください",
        "登録を解除してください",
        "友だち登録を取り消したい",
        "配信停止を解除せず続けてください",
        "もう送らないでと言ったのにまた来た",
        "もう送らないでと言ってませんでしたっけ",
        "連絡しないでほしいと言ってるでしょう",
        "もう送らないでとは言ってませんでしたが、もう送らないでください",
        "送らないでくださいと書いたのに送られてきます。やめてください",
        "why don't you stop sending these",
        "LINEもメールもやめてください",
        "LINEをやめてください。電話も困ります",
        "通知をやめて、電話もかけてこないで",
        "配信停止をお願いします。間違いではありません",
    ],
)
def test_a_stop_beside_such_words_is_one(text: str) -> None:
    assert told(text, NONE).intent is Intent.STOP


@pytest.mark.parametrize("text", ["来月またメールを送ってください", "8月にまた連絡してください"])
def test_messages_wanted_at_another_time_are_no_stop_taken_back(text: str) -> None:
    assert told(text, NONE).intent is Intent.SNOOZE


@pytest.mark.parametrize(
    "text",
    [
        "今日業者が来るって聞いてないけど来てます",
        "今日来ると聞いていないのに業者が来ています",
        "業者が来るとは聞いていませんが、玄関にいます",
        "聞いていない業者が来ています",
        "今日業者が来る予定はないはずなのに、人が来て床下を見たいと言っています",
        "今、リフォーム屋さんが玄関に来て屋根がずれてるって言うんですが、そちらの紹介ですか",
        "リフォーム会社が来て、このままだと雨漏りすると言われました",
        "市役所の委託で床下を見ますと言われたけど本当?",
        "市の委託業者だと言って床下を点検すると言われました",
        "しらないぎょうしゃがきた",
        "しらないひとがきてます",
        "瓦がずれているとピンポンされました",
        "瓦がずれていますよとチャイムを鳴らされた",
        "屋根が浮いてますよと訪ねてきた人がいる",
        "そちらから紹介されたという人が屋根に上らせてくれと言っています",
        "御社の紹介だという業者が来ました",
        "お宅から頼まれたという人が来て点検させてと言っています",
        "おたくの会社の者だという人が来たけど本当ですか",
        "そちらの名前を出した業者が屋根を見たいと言ってきた",
    ],
)
def test_somebody_at_the_door_whom_nobody_announced(text: str) -> None:
    meaning = told(text, NONE)
    assert (meaning.intent, meaning.topic) == (Intent.PROBLEM, Topic.STRANGER)


@pytest.mark.parametrize(
    "text",
    [
        "今日業者が来ると聞いていたけど来ません",
        "今日来ると聞いていましたが、まだ来ていません",
        "今日業者さんが来てます",
        "業者が何時に来るか聞いていません",
        "業者が来るって聞いてたけど何時ですか",
        "業者が来て、屋根がずれてると言われました",
        "点検の人が来て瓦がずれてると言われた",
        "頼んだリフォーム会社が来て点検してくれました",
        "御社の紹介の業者さんが来て点検してくれました",
        "いつもの工務店さんが来て屋根に上って点検してもらいました",
        "来ると聞いていなかったけど業者さんが来て点検してくれました",
        "明日来ていただく業者はそちらの手配ですか",
        "そちらの紹介の業者に頼みたい",
        "ご紹介の業者さんは本当に大丈夫ですか",
        "市役所に委託した点検は終わりました",
        "市役所から書類が届きました",
        "結果はまだ聞いてないけど点検は来てます",
        "インターホンが壊れています",
        "ドアが壊れているとチャイムが鳴りません",
    ],
)
def test_whoever_was_expected_is_no_stranger(text: str) -> None:
    assert told(text, NONE).topic is not Topic.STRANGER


@pytest.mark.parametrize(
    ("text", "intents"),
    [
        ("点検が終わった後のことを教えて", {Intent.QUESTION}),
        ("済んだ後の流れを知りたい", {Intent.QUESTION}),
        ("終わった後の手続きは?", {Intent.QUESTION}),
        ("終わった後の連絡先を知りたい", {Intent.QUESTION}),
        ("点検が終わった家の写真を見ました", {Intent.OTHER}),
        ("点検が済んだ家の話を聞きました", {Intent.OTHER}),
        ("点検が終わった人のブログを読んだ", {Intent.OTHER}),
        ("点検が終わった夢を見た", {Intent.OTHER}),
        ("完了した夢を見ました", {Intent.OTHER}),
        ("点検が終わったというニュースを見た", {Intent.OTHER}),
        ("点検が終わった後の報告書を送ります", {Intent.DONE}),
        ("点検が終わった後の写真です", {Intent.DONE}),
        ("終わった後の片付けも済みました", {Intent.DONE}),
        ("点検が終わった家の写真を送ります", {Intent.DONE}),
        ("終わりました。写真を見てください", {Intent.DONE}),
        ("夢のようですが終わりました", {Intent.DONE}),
        ("点検が終わったので写真を見てください", {Intent.DONE}),
    ],
)
def test_what_is_over_in_a_question_a_picture_or_a_dream(text: str, intents: set[Intent]) -> None:
    assert told(text, NONE).intent in intents


@pytest.mark.parametrize(
    ("text", "intent", "partial"),
    [
        ("外壁と雨樋は終わって、床下は8/20にやります", Intent.SCHEDULE, True),
        ("外壁は終わって、床下は8月6日の予定です", Intent.SCHEDULE, True),
        ("屋根は済んで、床下は来週です", Intent.SCHEDULE, True),
        ("外壁は終わって、残りは8/20にやります", Intent.SCHEDULE, True),
        ("屋根は終わって床下はまだです", Intent.NOT_YET, True),
        ("屋根も床下も終わって、異常なしでした", Intent.DONE, False),
        ("点検は終わって、報告書は8/20に届きます", Intent.DONE, False),
        ("外壁は8/6、床下は8/20にやります", Intent.SCHEDULE, False),
        ("床下は8/20にやります", Intent.SCHEDULE, False),
    ],
)
def test_a_part_that_is_over_beside_one_to_come(text: str, intent: Intent, partial: bool) -> None:
    meaning = told(text, DUE)
    assert (meaning.intent, meaning.partial) == (intent, partial)


@pytest.mark.parametrize(
    ("text", "urgent"),
    [
        ("天井が落ちそう", True),
        ("天井が抜けそうです", True),
        ("床が抜けそうで怖い", True),
        ("1階の天井が落ちかけています", True),
        ("屋根が崩れそう", True),
        ("塀が倒れそうです", True),
        ("天井の一部が落ちそうです", True),
        ("汚れが落ちそう", False),
        ("壁の時計が落ちそう", False),
        ("壁紙が剥がれて落ちそう", False),
        ("天井が落ちそうということはありません", False),
        ("天井は落ちそうにないです", False),
        ("天井が落ちそうなわけではありません", False),
    ],
)
def test_what_may_fall_is_urgent(text: str, urgent: bool) -> None:
    assert understand(text, NOW, "owner", NONE).urgent is urgent


@pytest.mark.parametrize(
    ("text", "no_room"),
    [
        ("今月は手一杯で対応できません", True),
        ("人手不足のため今月は伺えません", True),
        ("今月は予定がいっぱいで伺えません", True),
        ("来月は人手が足りず対応できません", True),
        ("しばらく職人が足りず伺えません", True),
        ("この日は手一杯で伺えません", False),
        ("ご希望の日は予定が埋まっていて伺えません", False),
        ("8/3は手一杯で伺えません", False),
        ("弊社では対応できません", False),
        ("今月は伺えません", False),
    ],
)
def test_no_room_for_now_is_told_from_a_day_and_from_never(text: str, no_room: bool) -> None:
    meaning = told(text, DUE, servicer=True)
    assert (meaning.why == NO_ROOM) is no_room
    assert meaning.intent is Intent.NOT_YET or not no_room


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("見積もりをお出ししました", True),
        ("見積書を送りました", True),
        ("見積もりを送付しました", True),
        ("見積書を提出いたしました", True),
        ("見積書をお渡ししました", True),
        ("見積もりはまだ出していません", False),
        ("見積もりを送ります", False),
        ("見積もりを送ってください", False),
        ("見積もりを出してほしい", False),
        ("見積書を送ってもらえますか", False),
    ],
)
def test_a_quotation_that_was_sent_is_told_from_one_that_is_wanted(text: str, quoted: bool) -> None:
    meaning = understand(text, NOW, "servicer", DUE)
    assert (meaning.topic is Topic.QUOTED) is quoted
    assert not quoted or (meaning.intent, meaning.ask) == (Intent.NOT_YET, False)


@pytest.mark.parametrize(
    ("text", "day", "asked"),
    [
        ("お盆明けでお願いしたい", date(2026, 8, 17), False),
        ("お盆明けに来てもらいます", date(2026, 8, 17), False),
        ("8/3 10:00-12:00 でお願いします", of_august(3), False),
        ("8/3 10:00 でお願いします", of_august(3), False),
        ("8/3 でお願いします", of_august(3), False),
        ("年明けに来てもらいます", date(2027, 1, 4), True),
        ("連休明けに来てもらいます", date(2026, 9, 24), True),
        ("8/3 10:00 は無理です", None, False),
    ],
)
def test_a_wish_for_a_day_that_names_it_is_taken(text: str, day: date | None, asked: bool) -> None:
    meaning = told(text, DUE)
    assert meaning.date == day or meaning.intent is not Intent.SCHEDULE
    assert day is None or meaning.ask is asked


@pytest.mark.parametrize("text", ["ひと月前", "ひと月ほど前です", "1か月前"])
def test_a_month_ago_answers_when_in_kana_too(text: str) -> None:
    meaning = told(text, WHEN)
    assert (meaning.intent, meaning.date, meaning.ask) == (Intent.DONE, date(2026, 6, 22), True)
