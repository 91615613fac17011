"""What holds for every text whatever: it is understood without raising, and nothing is done that nobody said was."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.meaning import Context, Intent
from bot.language.understand import understand

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 7, 22, 10, 15, tzinfo=TOKYO)

instants = st.datetimes(datetime(1990, 1, 1), datetime(2090, 12, 31)).map(lambda at: at.replace(tzinfo=TOKYO))
contexts = st.sampled_from(Context)
roles = st.sampled_from(["owner", "servicer", "staff"])

# Pieces of replies, in any order: days, names, verbs in every tense, and whatever people put between them.
PIECES = [
    *(
        "昨日",
        "明日",
        "7/15",
        "8月3日(月)",
        "来週の水曜",
        "先月末",
        "15日",
        "2〜3日前",
        "11月31日",
        "令和8年7月",
        "お盆明け",
    ),
    *("点検", "業者さんが", "屋根は", "主人が", "山田工務店", "予約", "見積もり", "報告書", "雨漏り", "異常", "問題"),
    *(
        "終わ",
        "りました",
        "ってません",
        "った",
        "ったら",
        "る予定です",
        "やって",
        "もらいました",
        "もらえますか",
        "しない",
        "来て",
        "来ません",
    ),
    *(
        "まだ",
        "もう",
        "たぶん",
        "だけ",
        "ことにして",
        "と思います",
        "そうです",
        "なし",
        "ありません",
        "か？",
        "じゃなくて",
        "、",
        "。",
        " ",
        "\n",
    ),
    *(
        "はい",
        "いいえ",
        "大丈夫です",
        "お願いします",
        "同意します",
        "連絡しないで",
        "電話ください",
        "done",
        "not yet",
        "next week",
        "😊",
    ),
]
replies = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)

# None of these tells of an inspection carried out.
UNFINISHED = [
    *(
        "昨日",
        "明日",
        "7/15",
        "8月3日",
        "来週",
        "先月",
        "15日",
        "点検",
        "検査",
        "業者",
        "屋根",
        "工務店",
        "報告書",
        "立ち会い",
    ),
    *(
        "まだです",
        "まだ終わってません",
        "やってません",
        "未実施です",
        "できません",
        "予約しました",
        "予約済み",
        "来てもらう予定です",
    ),
    *(
        "やります",
        "お願いします",
        "終わったら連絡します",
        "終わる予定です",
        "終わりますか",
        "いつですか",
        "費用はいくらですか",
    ),
    *(
        "延期してください",
        "キャンセル",
        "また来週連絡ください",
        "雨漏りしています",
        "連絡が取れません",
        "電話ください",
        "配信停止",
    ),
    *(
        "同意します",
        "お断りします",
        "引っ越しました",
        "ありがとう",
        "はい",
        "了解",
        "👍",
        "大丈夫です",
        "not yet",
        "booked",
        "next week",
    ),
]


@given(st.text(max_size=400), instants, roles, contexts)
@example("\ud800", NOW, "owner", Context.NONE)
@example("\x00", NOW, "owner", Context.ASK_DATE)
@example("9999年99月99日", NOW, "owner", Context.ASK_DATE)
@example("0月0日に終わりました", NOW, "owner", Context.OVERDUE)
@example("999か月後", NOW, "owner", Context.ASK_DATE)
@example("²³½", NOW, "owner", Context.ASK_DATE)
def test_no_text_raises(text: str, now: datetime, role: str, context: Context) -> None:
    """Any characters at all, at any time, after any question, have a meaning."""
    understand(text, now, role, context)


@given(replies, instants, roles, contexts)
def test_every_meaning_keeps_its_word(text: str, now: datetime, role: str, context: Context) -> None:
    """Asked means told why; a day has its precision; done is never ahead; only an inspection done has a result."""
    meaning = understand(text, now, role, context)
    assert bool(meaning.why) == meaning.ask
    assert (meaning.date is None) == (meaning.date_precision is None)
    assert meaning.date_precision in (None, "day", "week", "month")
    assert (meaning.date_end is None) == (meaning.date_precision in (None, "day"))
    assert meaning.result in (None, "ok", "issues")
    if meaning.intent is Intent.DONE and meaning.date:
        assert meaning.date <= now.date()
    if meaning.intent is Intent.SCHEDULE and meaning.date:
        assert (meaning.date_end or meaning.date) >= now.date()
    if meaning.result:
        assert meaning.intent is Intent.DONE
    if meaning.partial:
        assert meaning.intent in (Intent.NOT_YET, Intent.SCHEDULE)


@given(st.lists(st.sampled_from(UNFINISHED), min_size=1, max_size=6), st.sampled_from(["", "、", "。", " ", "\n"]))
def test_without_a_word_of_completion_nothing_is_done(pieces: list[str], between: str) -> None:
    """However plans, denials, questions and names are strung together, they are not taken for an inspection done.

    「はい、昨日」 says so in answer to 「お済みですか」.
    """
    answers = [] if pieces[0] == "はい" else [Context.OVERDUE]
    for context in (Context.REMINDER_DUE, Context.NONE, *answers):
        meaning = understand(between.join(pieces), NOW, "owner", context)
        assert meaning.intent is not Intent.DONE or meaning.ask


@given(
    st.text(
        st.characters(
            exclude_characters="終おわ済すみ完了やしさ来き見み受行実施でたオスシヤデキ異常なし点検✅✔☑⭕〇○◯◎💯良好正健全優合格"
        ),
        max_size=60,
    )
)
def test_noise_is_never_done(text: str) -> None:
    """Letters without any of the signs a completion is written with never mean one."""
    for context in (Context.REMINDER_DUE, Context.OVERDUE, Context.NONE, Context.ASK_CONSENT, Context.CONFIRM_DATE):
        meaning = understand(text, NOW, "owner", context)
        if not any(word in text.lower() for word in ("done", "finish", "complet", "inspect", "passed")):
            assert meaning.intent is not Intent.DONE or meaning.ask


@given(replies, contexts)
def test_the_same_words_mean_the_same_every_time(text: str, context: Context) -> None:
    """Nothing but its arguments enters the meaning of a reply."""
    assert understand(text, NOW, "owner", context) == understand(text, NOW, "owner", context)


@pytest.mark.parametrize(
    "text",
    [
        *("あ" * 33_000, "a" * 100_000, "1" * 100_000, " " * 100_000, "(" * 100_000, "😊" * 25_000),
        *("終わりました。" * 5_000, "1/1 " * 25_000, "> a\n" * 30_000, "On " * 30_000, "2026年" * 10_000),
        *("まだ" * 16_000, "水が" * 16_000, "終わって" * 8_000),
    ],
)
def test_a_hundred_thousand_bytes_are_read_to_the_end(text: str) -> None:
    """No text, however long and however built, makes the reading run away; what is not read whole is asked about."""
    assert understand(text, NOW, "owner", Context.REMINDER_DUE).ask


def test_a_cry_in_the_middle_of_a_long_text_is_heard() -> None:
    """A stop or an emergency counts wherever it stands in a text too long to be read whole."""
    filling = "今日は天気の話をします。" * 2_000
    assert understand(f"{filling}もう連絡しないでください。{filling}", NOW, "owner", Context.NONE).intent is Intent.STOP
    assert understand(f"{filling}ガス臭いです。{filling}", NOW, "owner", Context.NONE).urgent


@given(st.integers(0, 3_000))
def test_the_day_follows_the_clock_that_is_handed_in(ahead: int) -> None:
    """「昨日」 is the day before the day of the message, whichever that is."""
    now = NOW + timedelta(days=ahead)
    assert understand("昨日終わりました", now, "owner", Context.OVERDUE).date == now.date() - timedelta(days=1)
