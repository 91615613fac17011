"""Civil dates and the one rule for months."""

from calendar import monthrange
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.days import add_months, add_years

days = st.dates(date(1950, 1, 1), date(2100, 12, 31))


def test_a_leap_day_keeps_its_end_of_february():
    """A house handed over on 29 February has its day on the 28th in common years, and on the 29th in leap years."""
    born = date(2024, 2, 29)
    assert [add_years(born, years) for years in (1, 2, 3, 4)] == [
        date(2025, 2, 28),
        date(2026, 2, 28),
        date(2027, 2, 28),
        date(2028, 2, 29),
    ]


@given(days, st.integers(-600, 1200))
def test_months_never_drift(anchor: date, months: int):
    """The month is the one counted to, the day is the anchor's or the month's last, whatever lies between."""
    found = add_months(anchor, months)
    assert (found.year * 12 + found.month) - (anchor.year * 12 + anchor.month) == months
    assert found.day == min(anchor.day, monthrange(found.year, found.month)[1])


@given(days, st.integers(0, 60), st.integers(0, 60))
def test_later_years_are_later_days(anchor: date, some: int, more: int):
    """More years never give an earlier day."""
    assert add_years(anchor, some + more) - add_years(anchor, some) >= timedelta(days=365 * more - 1)
