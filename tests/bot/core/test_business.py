"""Business days: whose silence counts on which day."""

from datetime import date, timedelta

import jpholiday
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.business import COMPANY, EVERY_DAY, OFFICE, company_calendar, national_holidays


@pytest.mark.parametrize("year", range(2026, 2077))
def test_holidays_agree_with_a_second_library(year: int):
    """Fifty years of national holidays are the same as another library's."""
    assert national_holidays(year) == {day for day, _ in jpholiday.year_holidays(year)}


def test_the_office_rests_at_new_year():
    """An alert on 28 December 2026 (a Monday) is one business day old on 4 January."""
    assert OFFICE.after(date(2026, 12, 28), 1) == date(2027, 1, 4)


def test_a_company_that_closes_on_tuesday_and_wednesday():
    """Monday is followed by Thursday; Sunday and holidays count, because they work then."""
    calendar = company_calendar((1, 2))
    assert calendar.after(date(2027, 1, 4), 1) == date(2027, 1, 7)
    assert calendar.is_open(date(2027, 1, 10))
    assert calendar.is_open(date(2027, 1, 11))


def test_obon_is_quiet():
    """Nobody in the trade is silent at Obon: they are away."""
    assert COMPANY.next_open(date(2027, 8, 13)) == date(2027, 8, 17)


def test_owners_have_every_day():
    """New Year's Day is a day like any other for an owner's calendar; their hours are another matter."""
    assert EVERY_DAY.after(date(2026, 12, 31), 1) == date(2027, 1, 1)


@given(st.sets(st.integers(0, 6)), st.dates(date(2026, 1, 1), date(2060, 1, 1)), st.integers(0, 900))
def test_the_count_of_open_days_is_exact(closed: set[int], day: date, count: int):
    """Between a day and the n-th open day after it lie exactly n open days, over years too; none after it is itself."""
    calendar = company_calendar(closed)
    end = calendar.after(day, count)
    between = [day + timedelta(days=n) for n in range(1, (end - day).days + 1)]
    assert sum(calendar.is_open(each) for each in between) == count
    assert calendar.is_open(end) or count == 0


@given(st.sets(st.integers(0, 6)), st.dates(date(2026, 1, 1), date(2060, 12, 31)))
def test_nobody_works_between_a_day_and_the_next_open_one(closed: set[int], day: date):
    """Over New Year too."""
    calendar = company_calendar(closed)
    end = calendar.next_open(day)
    assert end >= day
    assert calendar.is_open(end)
    assert not any(calendar.is_open(day + timedelta(days=n)) for n in range((end - day).days))
