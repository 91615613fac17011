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
