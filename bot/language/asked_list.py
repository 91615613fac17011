"""A company that asks for the list of its works: 「今月の予定は」. That is no day on which it comes."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum


class Period(StrEnum):
    """Which works are asked for."""

    NOW = "now"  # whatever is open
    TODAY = "today"
    TOMORROW = "tomorrow"
    WEEK = "week"
    NEXT_WEEK = "next_week"
    MONTH = "month"
    NEXT_MONTH = "next_month"


WORDS: Mapping[str, Period] = {
    "いま": Period.NOW,
    "今": Period.NOW,
    "今日": Period.TODAY,
    "本日": Period.TODAY,
    "明日": Period.TOMORROW,
    "今週": Period.WEEK,
    "来週": Period.NEXT_WEEK,
    "今月": Period.MONTH,
    "来月": Period.NEXT_MONTH,
}
LIST = re.compile(
    rf"({'|'.join(WORDS)})の?(予定|案件|訪問|仕事)の?(一覧|リスト)?"
    r"(は|を)?(教えて|見せて|出して)?(ください|下さい)?[。?？]*"
)
DAYS_ON = {Period.NOW: 0, Period.TODAY: 0, Period.TOMORROW: 1}
WEEKS_ON = {Period.WEEK: 0, Period.NEXT_WEEK: 1}


def asked_list(text: str) -> Period | None:
    """The period whose works are asked for; None where the text asks for no list."""
    asked = LIST.fullmatch(text.strip())
    return WORDS[asked[1]] if asked else None


def span_of(period: Period, today: date) -> tuple[date, date]:
    """The first and the last day of a period; weeks begin on Monday."""
    if period in DAYS_ON:
        day = today + timedelta(days=DAYS_ON[period])
        return day, day
    if period in WEEKS_ON:
        first = today - timedelta(days=today.weekday()) + timedelta(weeks=WEEKS_ON[period])
        return first, first + timedelta(days=6)
    first = today.replace(day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    if period is Period.MONTH:
        return first, after - timedelta(days=1)
    return after, (after + timedelta(days=31)).replace(day=1) - timedelta(days=1)
