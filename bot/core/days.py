"""Civil dates in Asia/Tokyo, and the one rule for months.

A month or year is always counted from the anchor, never from the last result, and a day that the month does not
have becomes its last day: one year after 29 February is 28 February, four years after it is 29 February again.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")
DAY_BEGINS = 9  # o'clock: when what is due on a day is looked at first


def add_months(anchor: date, months: int) -> date:
    """The day ``months`` months after (or before) ``anchor``, clamped to the end of the month."""
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    month += 1
    if anchor.day <= 28:
        return date(year, month, anchor.day)
    return date(year, month, min(anchor.day, monthrange(year, month)[1]))


def add_years(anchor: date, years: int) -> date:
    """The anniversary of ``anchor`` after ``years`` years."""
    return add_months(anchor, years * 12)


def term_ends_on(day: date, years: int) -> date:
    """The day with whose end so many years from ``day`` have passed, that day itself not counted.

    The term begins on the next day and ends with the day before the one of the same date in its last year; a last year
    that has no such day ends it with the month's last (民法 140 条、143 条 2 項). So ten years from 28 February 2022
    begin on 1 March and pass with 29 February 2032.
    """
    begins = days_after(day, 1)
    same = add_years(begins, years)
    return days_after(same, -1) if same.day == begins.day else same


def years_old_on(day: date, years: int) -> date:
    """The first day on which a person, or a house, of ``day`` is so many years old, that day itself counted.

    As a person's age is counted (年齢計算ニ関スル法律; 民法 143 条 2 項): what began on 29 February is a year older on
    1 March where the year has no such day, all else on its own date.
    """
    return days_after(term_ends_on(days_after(day, -1), years), 1)


def civil(instant: datetime) -> date:
    """The civil date in Tokyo at an aware instant."""
    return instant.astimezone(TOKYO).date()


def morning(day: date, hour: int = DAY_BEGINS) -> datetime:
    """The aware UTC instant at which ``day`` begins to count in Tokyo."""
    return datetime.combine(day, time(hour), TOKYO).astimezone(UTC)


def days_after(day: date, days: int) -> date:
    return day + timedelta(days=days)
