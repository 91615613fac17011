"""Families of replies that were once not understood, each by sentences of its own: other verbs, other politeness."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.core.meaning import Context, Intent
from bot.language.understand import understand

NOW = datetime(2026, 9, 16, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))  # a Wednesday
DUE, LATE, NONE = Context.REMINDER_DUE, Context.OVERDUE, Context.NONE
HOW = Context.ASK_RESULT


def day(month: int, of_month: int) -> date:
    return date(2026, month, of_month)


@pytest.mark.parametrize(
    "text",
    [
        "窓枠がびしょびしょです",
        "羽のある蟻が大量発生",
        "黒い虫がいっぱい飛んでる",
        "点検を口実に上がり込もうとする人がいました",
        "点検を名目に来た人に床下が腐ってると言われました",
        "点検のふりをした人が来ました",
        "点検員になりすました人が来て、瓦がずれていると言われた",
        "電話してもお出になられません",
        "工務店に手紙を送っても宛先不明で戻ってきます",
        "メールを送ってもエラーで返ってきます",
    ],
)
def test_a_wet_house_a_pretender_and_a_servicer_out_of_reach_are_problems(text: str) -> None:
    assert understand(text, NOW, "owner", NONE).intent is Intent.PROBLEM


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("同意して進めてください", Intent.CONSENT),
        ("点検の委託をお願いします", Intent.CONSENT),
        ("委託をお願いしますと言われましたが", Intent.OTHER),
        ("前に送った同意、なしにしてください", Intent.DECLINE),
        ("同意書を返してほしい", Intent.DECLINE),
        ("いつ来ますか？予定を空けておきたいので", Intent.QUESTION),
    ],
)
def test_consent_is_asked_to_go_on_or_taken_back_in_many_words(text: str, intent: Intent) -> None:
    assert understand(text, NOW, "owner", NONE).intent is intent


@pytest.mark.parametrize(
    ("text", "intent", "when"),
    [
        ("10月3日に点検の約束になってます", Intent.SCHEDULE, day(10, 3)),
        ("このあと点検です", Intent.SCHEDULE, day(9, 16)),
        ("25日の午後イチで取れました", Intent.SCHEDULE, day(9, 25)),
        ("10/3を第一候補でお出ししています", Intent.SCHEDULE, day(10, 3)),
        ("まだですが、日は決まっていて10月2日です", Intent.SCHEDULE, day(10, 2)),
        ("文化の日の前日に点検です", Intent.SCHEDULE, day(11, 2)),
        ("9月20日の翌日にお願いします", Intent.SCHEDULE, day(9, 21)),
        ("お盆の最終日に終わりました", Intent.DONE, day(8, 16)),
        ("GWの初日に点検しました", Intent.DONE, day(4, 29)),
        ("今年最後の日曜にお願いします", Intent.SCHEDULE, day(12, 27)),
        ("25日に帰るので、その頃また連絡ください", Intent.SNOOZE, day(9, 25)),
        ("来週の月曜に連絡もらえると助かります", Intent.SNOOZE, day(9, 21)),
        ("25日の訪問時間を10時に変更しました", Intent.RESCHEDULE, day(9, 25)),
        ("9/20の約束、9/27にのびた", Intent.RESCHEDULE, day(9, 27)),
        ("10/1とご連絡しましたが、10/5に改めます", Intent.RESCHEDULE, day(10, 5)),
        ("25日の約束でしたが、用事ができました。10月5日にしていただけますか", Intent.RESCHEDULE, day(10, 5)),
        ("来週水曜の夕方に変わったそうです", Intent.RESCHEDULE, day(9, 23)),
        ("先週の水曜に検査があった", Intent.DONE, day(9, 9)),
        ("先週の土曜でした、来てもらったの", Intent.DONE, day(9, 12)),
        ("12日に終わりました。日にち間違えました。11日です", Intent.DONE, day(9, 11)),
        ("12日に終わりました。よく見たら11日でした", Intent.DONE, day(9, 11)),
        ("先週の木曜、点検を受けてます", Intent.DONE, day(9, 10)),
        ("12日に終わりました。屋根はカメラで見ていました", Intent.DONE, day(9, 12)),
    ],
)
def test_the_day_is_found_however_it_is_put(text: str, intent: Intent, when: date) -> None:
    meaning = understand(text, NOW, "owner", DUE)
    assert (meaning.intent, meaning.date) == (intent, when)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("来るはずの人が来ませんでした", Intent.NOT_YET),
        ("床下は入れず、ほかは済みました", Intent.NOT_YET),
        ("やってねぇっす", Intent.NOT_YET),
        ("屋根は異常は見られず、終わりました", Intent.DONE),
        ("点検終わちゃいました", Intent.DONE),
        ("済みまひた", Intent.DONE),
        ("点検済みまた", Intent.DONE),
        ("お正月が終わったころに点検してもらいました", Intent.DONE),
        ("夏休みが終わったら声かけてもらえますか", Intent.SNOOZE),
        ("来年の秋ごろになりそうです", Intent.SCHEDULE),
    ],
)
def test_what_is_not_done_and_what_is_over_are_kept_apart(text: str, intent: Intent) -> None:
    assert understand(text, NOW, "owner", LATE).intent is intent


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("ok", "ok"),
        ("looks good", "ok"),
        ("nothing at all", "ok"),
        ("ひびもカビもなしです", "ok"),
        ("カビやシロアリはなし", "ok"),
        ("カビもひびもあり", "issues"),
        ("ひびはあるもカビはなし", "issues"),
        ("問題ないけど軽い手直しが1件", "issues"),
        ("直しは一つもありません", "ok"),
        ("結果：OK", "ok"),
        ("結果：否", "issues"),
        ("a few issues", "issues"),
        ("来月直してもらいます", "issues"),
        ("△が二つ", "issues"),
        ("大丈夫やった", "ok"),
    ],
)
def test_what_was_found_is_told_in_lists_and_in_one_word(text: str, result: str) -> None:
    meaning = understand(text, NOW, "owner", HOW)
    assert (meaning.intent, meaning.result) == (Intent.DONE, result)


@pytest.mark.parametrize(
    "text", ["12日の点検にて、外壁クラックを確認しました", "12日の点検で瓦の破損を1か所確認しました"]
)
def test_what_an_inspection_showed_tells_that_it_was_carried_out(text: str) -> None:
    meaning = understand(text, NOW, "servicer", DUE)
    assert (meaning.intent, meaning.date, meaning.result) == (Intent.DONE, day(9, 12), "issues")


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("本日伺いましたがご不在でした", Intent.NOT_YET),
        ("昨日訪問しましたがお留守でした", Intent.NOT_YET),
        ("9/25に伺います", Intent.SCHEDULE),
        ("今月は対応いたしかねます", Intent.DECLINE),
        ("田中様からお断りのご連絡があり、今年の点検は行いません", Intent.DECLINE),
        ("昨日点検がありまして、途中で中止になりました", Intent.RESCHEDULE),
    ],
)
def test_an_office_tells_of_a_closed_door_and_of_a_refusal(text: str, intent: Intent) -> None:
    assert understand(text, NOW, "servicer", DUE).intent is intent
