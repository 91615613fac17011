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
