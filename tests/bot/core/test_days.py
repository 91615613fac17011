"""Civil dates and the one rule for months."""

from calendar import monthrange
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.days import add_months, add_years, term_ends_on, years_old_on
from bot.programmes.rules.people import age_on

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


@given(days, st.integers(1, 100))
def test_a_term_ends_on_its_date_but_at_the_end_of_february(day: date, years: int):
    """Day by day the terms follow each other, and nobody's ends before that of who began earlier."""
    ends, next_ends = term_ends_on(day, years), term_ends_on(day + timedelta(days=1), years)
    assert ends <= next_ends <= ends + timedelta(days=2)
    assert ends == add_years(day, years) or (day.month, day.day, ends.month, ends.day) == (2, 28, 2, 29)


@given(days, st.integers(1, 100))
def test_a_house_is_as_old_as_a_person_of_its_day(day: date, years: int):
    from_then = years_old_on(day, years)
    assert (age_on(day, from_then), age_on(day, from_then - timedelta(days=1))) == (years, years - 1)


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
