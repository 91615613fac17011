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


def civil(instant: datetime) -> date:
    """The civil date in Tokyo at an aware instant."""
    return instant.astimezone(TOKYO).date()


def morning(day: date, hour: int = DAY_BEGINS) -> datetime:
    """The aware UTC instant at which ``day`` begins to count in Tokyo."""
    return datetime.combine(day, time(hour), TOKYO).astimezone(UTC)


def days_after(day: date, days: int) -> date:
    return day + timedelta(days=days)
