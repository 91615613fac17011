"""Business days: whose silence counts on which day.

A servicer is silent by their own calendar, an alert at the office by the office's; owners have every day.
National holidays follow 国民の祝日に関する法律 as the ``holidays`` package knows it; beyond the announced year
the equinoxes are computed, so a business day is worked out when it is needed and never stored.
"""

from bisect import bisect_left, bisect_right
from calendar import isleap
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from holidays import country_holidays

# 盆 13-16 August and 年末年始 29 December-3 January: the usual closing days of building companies and offices.
OBON = ((8, 13), (8, 16))
NEW_YEAR = ((12, 29), (1, 3))
WEEKDAYS = "月火水木金土日"


@cache
def national_holidays(year: int) -> frozenset[date]:
    """The holidays and substitute days of one year (1949-2099; none are known outside)."""
    return frozenset(country_holidays("JP", years=year)) if 1949 <= year <= 2099 else frozenset()


def is_holiday(day: date) -> bool:
    return day in national_holidays(day.year)


@dataclass(frozen=True, slots=True)
class Calendar:
    """When somebody works. ``closed`` holds weekdays (0 = Monday)."""

    closed: frozenset[int] = frozenset()
    holidays: bool = True  # closed on national holidays
    seasons: bool = True  # closed at Obon and New Year

    def is_open(self, day: date) -> bool:
        if day.weekday() in self.closed:
            return False
        if self.seasons and _in_season(day):
            return False
        return not (self.holidays and is_holiday(day))

    def next_open(self, day: date) -> date:
        """``day`` itself, or the first open day after it."""
        days = open_days(self, day.year)
        at = bisect_left(days, day)
        return days[at] if at < len(days) else open_days(self, day.year + 1)[0]

    def after(self, day: date, count: int) -> date:
        """The ``count``-th open day after ``day`` (``day`` itself does not count)."""
        year, days = day.year, open_days(self, day.year)
        at = bisect_right(days, day) + count - 1
        while count and at >= len(days):
            at -= len(days)
            year += 1
            days = open_days(self, year)
        return days[at] if count else day


@cache
def open_days(calendar: Calendar, year: int) -> tuple[date, ...]:
    """The days of one year on which somebody works, in their order: years of business days are counted by them."""
    days = (date(year, 1, 1) + timedelta(days=passed) for passed in range(365 + isleap(year)))
    return tuple(day for day in days if calendar.is_open(day))


def _in_season(day: date) -> bool:
    spot = (day.month, day.day)
    return OBON[0] <= spot <= OBON[1] or spot >= NEW_YEAR[0] or spot <= NEW_YEAR[1]


EVERY_DAY = Calendar(holidays=False, seasons=False)
OFFICE = Calendar(closed=frozenset({5, 6}))
# Building companies close midweek as often as on Sunday and are open on many holidays; who has not told us
# their closing days is taken to work Monday to Saturday.
COMPANY = Calendar(closed=frozenset({6}))


def company_calendar(closing_days: Iterable[int]) -> Calendar:
    """A servicer's own calendar from the closing weekdays they gave; the usual one if they gave none.

    Who closes on every day of the week has told us nothing usable: the usual one holds.
    """
    closed = frozenset(closing_days)
    if not closed or len(closed) == 7:
        return COMPANY
    return Calendar(closed=closed, holidays=False)
