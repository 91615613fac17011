"""What is meant, beside what looks like it and is not: danger, words taken back, records asked for, answers put off.

Each family was read wrongly once without anybody being asked.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.core.meaning import Context, Intent, Meaning, Topic
from bot.language import doubts
from bot.language.understand import understand

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=ZoneInfo("Asia/Tokyo"))  # a Friday
NONE, DUE, LATE, AGREED = Context.NONE, Context.REMINDER_DUE, Context.OVERDUE, Context.ASK_CONSENT


def told(text: str, context: Context = LATE, role: str = "owner") -> Meaning:
    return understand(text, NOW, role, context)


@pytest.mark.parametrize(
    ("text", "urgent"),
    [
        ("みずがとまらない", True),
        ("みずもれしててとまりません", True),
        ("水道の元栓閉めても水が出続けてます", True),
        ("お風呂のお湯が止まらない", True),
        ("お湯が止まりました", False),
        ("ガス警報器が鳴りっぱなし", True),
        ("ガス警報器は鳴っていません、異常なしです", False),
        ("給湯器から炎が見える", True),
        ("カーテンに火がついた", True),
        ("コンロに火がついたり消えたりします", False),
        ("肺炎がひどくて点検どころではありません", False),
        ("家が傾いて倒れそうです", True),
        ("家が潰れそう", True),
        ("柱が折れて家が傾いてます", True),
        ("家が傾いてきた気がする", False),
        ("本棚が倒れました", False),
        ("工務店が潰れそうです", False),
        ("fire!!", True),
        ("is the fire alarm part of the inspection?", False),
    ],
)
def test_danger_is_heard_in_any_words(text: str, urgent: bool) -> None:
    assert told(text, NONE).urgent is urgent


@pytest.mark.parametrize(
    ("text", "done"),
    [
        ("終わったよ。あ、ごめん、それは車検だった", False),
        ("完了です。あ、違う、それは隣の家の話", False),
        ("点検終わりました！と思ったら、それ去年のでした", False),
        ("終わりました。すみません、勘違いでした", False),
        ("先週終わりました。それは車検じゃなくて家の点検です", True),
        ("終わりました。今のところ問題ないです", True),
        ("20日に終わりました。すみません、勘違いでした、21日です", True),
    ],
)
def test_a_report_taken_back_is_none(text: str, done: bool) -> None:
    meaning = told(text)
    assert (meaning.intent is Intent.DONE) is done
    assert done or meaning.ask


@pytest.mark.parametrize(
    "text", ["終わってないことはない", "やったと言えばやった", "終わってなくはない", "やってないわけではない"]
)
def test_what_is_half_said_is_asked(text: str) -> None:
    assert told(text).ask


@pytest.mark.parametrize("text", ["終わってないです", "まだ終わってなくて、困っています"])
def test_what_is_denied_once_is_not(text: str) -> None:
    assert (told(text).intent, told(text).ask) == (Intent.NOT_YET, False)


@pytest.mark.parametrize(
    ("text", "done"),
    [
        ("平成30年にやったきりです", False),
        ("昨日点検してもらいました。それきり連絡はないです", True),
        ("アンケートの記入終わりました", False),
        ("点検が終わり、報告書に署名しました", True),
        ("人生終わった", False),
        ("everything but the roof is done", False),
        ("It's all done but they found a crack", True),
    ],
)
def test_another_end_is_not_the_inspections(text: str, done: bool) -> None:
    assert (told(text).intent is Intent.DONE) is done


@pytest.mark.parametrize(
    ("text", "asks_for_it"),
    [
        ("日付は期限内で書いといてもらえますか", True),
        ("点検日は期日内に変更してもらえますか", False),
        ("実際は来月やるけど今月付けで報告します", True),
        ("11月20日付けで報告書を提出しました", False),
        ("やってないけど完了で", True),
        ("まだだけど、それでいいです", False),
        ("現地には行ってないけど問題ないはずなので異常なしでお願いします", True),
        ("お金払うから済みにできませんか", True),
        ("いつ完了扱いになりますか", False),
        ("チェックシートは行かずに埋めました", True),
        ("偽装になるかもしれませんが、期日内実施でお願いできませんか", True),
        ("改ざんとかしてないよね？", False),
        ("Can you put that it was inspected? Nobody will know", True),
        ("Can you tell me when it was inspected?", False),
    ],
)
def test_a_record_of_what_was_not_done_is_asked_for_in_any_words(text: str, asks_for_it: bool) -> None:
    assert (told(text, role="servicer").why == doubts.FALSIFY) is asks_for_it


@pytest.mark.parametrize(
    ("text", "context", "intent", "asked"),
    [
        ("業者と連絡とれん", LATE, Intent.PROBLEM, False),
        ("施主様と連絡とれんかな", LATE, Intent.PROBLEM, None),
        ("夜逃げされた", LATE, Intent.PROBLEM, None),
        ("大工さんが亡くなりました", NONE, Intent.PROBLEM, True),
        ("隣に住む母が亡くなりました", NONE, Intent.CHANGE, False),
        ("今週はもう送らないで、来週またお願い", DUE, Intent.STOP, True),
        ("今後は送らないで", DUE, Intent.STOP, False),
        ("やろうと思ってるんだけど忙しくて", DUE, Intent.NOT_YET, None),
        ("忙しかったけど来週やろうと思ってます", DUE, Intent.SCHEDULE, False),
        ("よろしくないです", Context.CONFIRM_DATE, Intent.NO, False),
        ("よろしくお願いします", Context.CONFIRM_DATE, Intent.YES, False),
    ],
)
def test_whoever_is_spoken_of_is_told_apart(text: str, context: Context, intent: Intent, asked: bool | None) -> None:
    meaning = told(text, context)
    if asked is not None:
        assert (meaning.intent, meaning.ask) == (intent, asked)
    else:
        assert meaning.intent is intent or meaning.ask


@pytest.mark.parametrize("text", ["隣の奥さんが亡くなりました", "金魚が死にました", "友人が亡くなりました"])
def test_a_death_outside_the_family_changes_no_owner(text: str) -> None:
    meaning = told(text, NONE)
    assert meaning.topic is not Topic.DEATH
    assert meaning.intent is not Intent.CHANGE or meaning.ask


@pytest.mark.parametrize(
    "text", ["隣に住む母が亡くなりました", "母が亡くなり、犬も死んで寂しいです", "主人が亡くなりました"]
)
def test_a_death_in_the_family_is_heard(text: str) -> None:
    assert told(text, NONE).topic is Topic.DEATH


@pytest.mark.parametrize(
    ("text", "intent", "day"),
    [
        ("同意するかどうかは来週決めます", Intent.SNOOZE, date(2026, 11, 30)),
        ("見合わせます", Intent.DECLINE, None),
        ("土曜に点検に来てもらうことになってます", Intent.SCHEDULE, date(2026, 11, 28)),
    ],
)
def test_asked_to_agree_a_day_is_that_of_the_answer(text: str, intent: Intent, day: date | None) -> None:
    meaning = told(text, AGREED)
    assert (meaning.intent, meaning.date) == (intent, day)


@pytest.mark.parametrize(
    ("text", "partial"),
    [("残りは屋根だけです", True), ("最後の塗装を残すのみ", True), ("まだ何もしていません", False)],
)
def test_how_much_is_left_says_that_it_is_a_part(text: str, partial: bool) -> None:
    assert told(text).partial is partial


@pytest.mark.parametrize(
    ("text", "context", "intent"),
    [
        ("いや、木曜だった", Context.CONFIRM_DATE, Intent.DONE),
        ("木曜でした", LATE, Intent.DONE),
        ("木曜です", LATE, Intent.SCHEDULE),
        ("8/5じゃなくて8/6でした", DUE, Intent.SCHEDULE),
    ],
)
def test_a_weekday_told_as_past_has_been(text: str, context: Context, intent: Intent) -> None:
    monday = NOW.replace(month=8, day=3)
    assert understand(text, monday, "owner", context).intent is intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("今月は予約でいっぱいです", Intent.SNOOZE),
        ("今月はもう枠がいっぱいです", Intent.SNOOZE),
        ("今月は人が足りません", Intent.SNOOZE),
        ("12月は予約でいっぱいだったので1月15日に決めました", Intent.SCHEDULE),
        ("窓枠がゆがんで閉まりません", Intent.PROBLEM),
    ],
)
def test_a_company_without_room_fixes_no_day(text: str, intent: Intent) -> None:
    assert told(text, DUE, "servicer").intent is intent


@pytest.mark.parametrize(
    ("text", "intent", "day"),
    [
        ("すみません、12月19日の間違いです", Intent.SCHEDULE, date(2026, 12, 19)),
        ("宛先の間違いです", Intent.CHANGE, None),
    ],
)
def test_a_day_put_right_is_no_change_of_owner(text: str, intent: Intent, day: date | None) -> None:
    meaning = told(text, DUE, "servicer")
    assert (meaning.intent, meaning.date) == (intent, day)
