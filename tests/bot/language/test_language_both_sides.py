"""Families of replies with what stands on the other side of their line, read by the rules alone.

Each rule that was missing, or reached too far, is shown by what it must take in and by what it must leave.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.core.meaning import Context, Intent, Meaning
from bot.language.message import read
from bot.language.understand import by_rules, understand

NOW = datetime(2026, 7, 22, 10, 15, tzinfo=ZoneInfo("Asia/Tokyo"))  # a Wednesday
DUE, LATE, NONE = Context.REMINDER_DUE, Context.OVERDUE, Context.NONE
WHEN, HOW, WHO, AGREED = Context.ASK_DATE, Context.ASK_RESULT, Context.ASK_PERFORMER, Context.ASK_CONSENT


def told(text: str, context: Context = DUE, *, servicer: bool = False, now: datetime = NOW) -> Meaning:
    return by_rules(read(text, now, servicer, context))


def of_july(day: int) -> date:
    return date(2026, 7, day)


def of_august(day: int) -> date:
    return date(2026, 8, day)


@pytest.mark.parametrize(
    ("text", "day", "asked"),
    [
        ("12日か、だめなら19日でお願いします", of_august(12), True),
        ("8/5が無理なら8/6でお願いします", of_august(5), True),
        ("第一希望8/5、第二希望8/6", of_august(5), True),
        ("できれば8/5、難しければ8/6", of_august(5), True),
        ("8/5がだめなので8/6でお願いします", of_august(6), False),
        ("8/5は無理で、8/6ならお願いしたいです", of_august(6), False),
        ("再来週の月曜、8月3日に来てもらいます", of_august(3), False),
    ],
)
def test_a_day_offered_first_is_not_lost_to_the_one_in_its_stead(text: str, day: date, asked: bool) -> None:
    meaning = told(text)
    assert (meaning.date, meaning.ask) == (day, asked)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("雨で中止になりました。8/11にやり直しです", of_august(11)),
        ("キャンセルになり、改めて8/11に来ます", of_august(11)),
        ("予定してた14日、主人が出張になったので別の日にしたいです", None),
        ("予定してた14日、15日に変えたいです", of_august(15)),
        ("8/11に来る予定でしたが中止になりました", None),
        ("雨で中止になりました。8/11は無理です", None),
        ("平日は仕事なので土日に変えてほしい", None),
        ("今週の土日に変えてほしい", of_july(25)),
    ],
)
def test_a_moved_visit_takes_the_new_day_and_never_the_old_one(text: str, day: date | None) -> None:
    meaning = told(text)
    assert (meaning.intent, meaning.date) == (Intent.RESCHEDULE, day)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("点検は2月10日でした。去年のです", date(2025, 2, 10)),
        ("2月10日に終わりました(去年)", date(2025, 2, 10)),
        ("2月10日に終わりました。今年のです", date(2026, 2, 10)),
        ("点検は2月10日でした。去年は3月でした", date(2026, 2, 10)),
        ("昨日の土曜日にお願いしました、無事終わりです", of_july(21)),
        ("昨日頼みました。無事終わりました", of_july(21)),
        ("昨日予約しました、点検は終わりです", None),
        ("先週お願いして、やっと終わりました", None),
        ("ろくがつさんにちにおわりました", date(2026, 6, 3)),
        ("ろくがつにじゅうきゅうにちにおわりました", date(2026, 6, 29)),
        ("ろくがつについたさんにんが点検しました", date(2026, 6, 1)),
    ],
)
def test_the_day_it_was_done_in_other_words(text: str, day: date | None) -> None:
    meaning = told(text)
    assert meaning.intent is Intent.DONE
    assert meaning.date == day or meaning.ask


@pytest.mark.parametrize(
    ("text", "intent", "day", "context"),
    [
        ("来月10日です、来てもらうの", Intent.SCHEDULE, of_august(10), DUE),
        ("7月20日です、来てもらったの", Intent.DONE, of_july(20), DUE),
        ("来てもらうの、どうなりますか", Intent.QUESTION, None, DUE),
        ("8/5じゃなくて8/6でした", Intent.SCHEDULE, of_august(6), DUE),
        ("7/5じゃなくて7/6でした", Intent.DONE, of_july(6), DUE),
        ("今週中には", Intent.SCHEDULE, of_july(20), WHEN),
        ("先週中には", Intent.DONE, of_july(13), WHEN),
        ("10日くらいかかるらしいけど、8月5日から始めます", Intent.SCHEDULE, of_august(5), DUE),
    ],
)
def test_a_day_and_what_it_is_of_stand_in_either_order(text: str, intent: Intent, day: date, context: Context) -> None:
    meaning = told(text, context)
    assert (meaning.intent, meaning.date) == (intent, day)


@pytest.mark.parametrize(
    ("text", "context", "intent", "result"),
    [
        ("はい、何か所か", HOW, Intent.DONE, "issues"),
        ("何点かありました", HOW, Intent.DONE, "issues"),
        ("何か所ですか", HOW, Intent.QUESTION, None),
        ("いいえ、まったく", HOW, Intent.DONE, "ok"),
        ("全然", HOW, Intent.DONE, "ok"),
        ("全然", LATE, Intent.NOT_YET, None),
        ("うーん、いいえ", LATE, Intent.NO, None),
        ("うーん、はい", HOW, Intent.DONE, "issues"),
        ("うーん", HOW, Intent.OTHER, None),
        ("進めてください", AGREED, Intent.YES, None),
        ("問題ないです", AGREED, Intent.YES, None),
    ],
)
def test_short_answers_are_taken_as_the_question_takes_them(
    text: str, context: Context, intent: Intent, result: str | None
) -> None:
    meaning = understand(text, NOW, "owner", context)
    assert (meaning.intent, meaning.result, meaning.ask) == (intent, result, False)


@pytest.mark.parametrize("text", ["大丈夫です", "お願いします", "進めないでください", "いいです"])
def test_what_may_as_well_refuse_or_is_a_courtesy_is_asked_before_it_is_consent(text: str) -> None:
    assert understand(text, NOW, "owner", AGREED).ask


def test_who_does_it_by_custom_did_it_and_is_not_to_come() -> None:
    assert told("森下住建です、いつもお願いしています", WHO).intent is Intent.DONE
    assert told("みどりホームの点検部の方です", WHO).performer == "みどりホーム"
    assert told("山田工務店に来週お願いしています", WHO).intent is Intent.SCHEDULE
    assert told("うちの工務店です", WHO).ask


@pytest.mark.parametrize(
    ("text", "result", "day"),
    [
        ("浴室のコーキングが切れてて直してもらいました", "issues", None),
        ("白蟻の食害がちょっとあったそうで、9月に駆除します", "issues", None),
        ("9月に直してもらいます", "issues", None),
        ("7/10に見てもらって、特になかったです", "ok", of_july(10)),
    ],
)
def test_a_day_of_mending_is_none_of_the_inspection(text: str, result: str, day: date | None) -> None:
    meaning = told(text, HOW)
    assert (meaning.intent, meaning.result, meaning.date, meaning.ask) == (Intent.DONE, result, day, False)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("今週は職人の手配がつかず、まだ伺えておりません", Intent.NOT_YET),
        ("今月は手が足りず、お伺いできません", Intent.NOT_YET),
        ("今月は手一杯で伺えません", Intent.NOT_YET),
        ("お伺いできません", Intent.DECLINE),
        ("今、日程を調整しています", Intent.SCHEDULE),
    ],
)
def test_a_servicer_who_cannot_now_does_not_refuse_for_good(text: str, intent: Intent) -> None:
    assert told(text, servicer=True).intent is intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("データの引き渡し、了承します", Intent.CONSENT),
        ("データの引き渡し、了承しますか", Intent.QUESTION),
        ("同意書ってどこに出せばいいですか", Intent.QUESTION),
        ("操作がわからないので人に聞きたいです", Intent.HUMAN),
        ("隣の人に聞きたいことがあるそうです", Intent.QUESTION),
    ],
)
def test_a_consent_a_question_and_a_person_are_told_apart(text: str, intent: Intent) -> None:
    assert told(text, AGREED).intent is intent


@pytest.mark.parametrize(
    ("text", "intent", "day", "asked"),
    [
        ("去年の点検は9月でした。今年はこれから頼みます", Intent.SCHEDULE, None, True),
        ("14日に見てもらって、請求書が20日に来た", Intent.DONE, of_july(14), False),
        ("契約が7/1で点検が7/15です", Intent.DONE, of_july(15), True),
        ("今日の午前に終わりました", Intent.DONE, of_july(22), False),
        ("だいぶ前に終わりました", Intent.DONE, None, True),
        ("今朝9時から11時まで点検でした。問題なし", Intent.DONE, of_july(22), False),
        ("昨日点検でした", Intent.DONE, of_july(21), True),
        ("8/3の10時か8/4の14時でお願いします", Intent.SCHEDULE, of_august(3), True),
        ("7/25でも7/26でもいいです", Intent.SCHEDULE, of_july(25), True),
        ("8/1、2時からです", Intent.SCHEDULE, of_august(1), False),
        ("夏休みが終わったら返事します", Intent.SNOOZE, None, False),
        ("点検が終わったら返事します", Intent.NOT_YET, None, False),
        ("何社か見積もりを取ってます", Intent.NOT_YET, None, False),
        ("何社から見積もりを取るんですか", Intent.QUESTION, None, False),
        ("だから、もう終わったって言ってるでしょ", Intent.DONE, None, False),
        ("業者さんが終わったって言ってます", Intent.DONE, None, True),
    ],
)
def test_what_is_told_beside_the_inspection_does_not_change_it(
    text: str, intent: Intent, day: date | None, asked: bool
) -> None:
    meaning = told(text)
    assert (meaning.intent, meaning.date, meaning.ask) == (intent, day, asked)


def test_who_was_out_when_they_came_had_nothing_inspected() -> None:
    assert told("7/1に来てもらったけど留守で会えませんでした", LATE).intent is Intent.NOT_YET
    assert told("7/1に来てくれたけど、私が留守で帰られました", LATE).intent is Intent.NOT_YET
    assert told("留守でしたが、7/1に点検してもらいました", LATE).intent is Intent.DONE
    again = told("7/20に伺いましたがご不在でした。8/3に再訪します", servicer=True)
    assert (again.intent, again.date) == (Intent.SCHEDULE, of_august(3))


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("いいえ、ありました", "issues"),
        ("はい、ありません", "ok"),
        ("たぶんなかった", "ok"),
        ("特に異常はなかったけど一か所だけ直した", "issues"),
        ("特に異常はなくて、直すところもなかった", "ok"),
        ("NG", "issues"),
        ("問題点が三つ", "issues"),
        ("給湯器が古いと言われました", "issues"),
        ("屋根に問題があって8月に直します", "issues"),
        ("ありません。点検日は7/15です", "ok"),
    ],
)
def test_what_was_found_in_other_words(text: str, result: str) -> None:
    assert understand(text, NOW, "owner", HOW).result == result


def test_a_number_that_is_not_to_be_passed_on_is_no_wish_for_a_call() -> None:
    assert told("同意はしますが、電話番号は渡さないでください", AGREED).intent is Intent.DECLINE
    assert told("電話番号を教えてください").intent is Intent.HUMAN
    assert understand("問題ないので進めてください", NOW, "owner", AGREED).ask is False


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("サービスをやめたい", Intent.STOP),
        ("点検をやめたい", Intent.DECLINE),
        ("うるさいなあ", Intent.STOP),
        ("工事の音がうるさいなあ", Intent.PROBLEM),
        ("しつこいなあ", Intent.STOP),
        ("届かないようにして", Intent.STOP),
        ("受信したくないです", Intent.STOP),
        ("雨水が来ないようにしてほしい", Intent.OTHER),
        ("毎回送られてきて困る", Intent.STOP),
        ("連絡は8月以降にしてください", Intent.SNOOZE),
        ("点検は8月以降にしてください", Intent.SCHEDULE),
        ("終わりかけです", Intent.NOT_YET),
        ("今終わるところです", Intent.NOT_YET),
        ("さっきのは誤送信です", Intent.OTHER),
        ("誤送信だと思います、うちではありません", Intent.CHANGE),
    ],
)
def test_what_stops_ends_or_begins_again_is_told_by_what_it_is_said_of(text: str, intent: Intent) -> None:
    assert told(text).intent is intent


@pytest.mark.parametrize(
    ("text", "intent", "day"),
    [
        ("8/8が命日なのでその前日に来てもらいます", Intent.SCHEDULE, of_august(7)),
        ("8/8の翌日に来ます", Intent.SCHEDULE, of_august(9)),
        ("8/8に来ると今日連絡がありました", Intent.SCHEDULE, of_august(8)),
        ("予約は8/25が取れました", Intent.SCHEDULE, of_august(25)),
        ("7/16でした", Intent.DONE, of_july(16)),
        ("予定は8/16でした", Intent.SCHEDULE, of_august(16)),
        ("連絡は8月以降にしてください", Intent.SNOOZE, of_august(1)),
    ],
)
def test_a_day_beside_another_and_a_day_of_a_call(text: str, intent: Intent, day: date) -> None:
    meaning = told(text)
    assert (meaning.intent, meaning.date) == (intent, day)
