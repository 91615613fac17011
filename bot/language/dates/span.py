"""A stretch of days, the direction a sentence looks in, and why a day may be in doubt."""

import calendar
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

FIRST_YEAR, LAST_YEAR = 1900, 2150  # beyond these nothing said about a house is meant
FAR = 300  # days: a day without its year that far away may be meant for the other year

NO_SUCH_DATE = "no such date"
OTHER_YEAR = "the year may be meant otherwise"
WEEKDAY_DISAGREES = "the weekday does not fit the date"
ERA_ENDED = "the era had ended by then"
YEAR_UNCLEAR = "the year may be counted otherwise"
NOT_SURELY_A_DATE = "the figures may not be a date"
THIS_OR_NEXT = "this one or the one after"
SEVERAL_DAYS = "more than one day"
ROUGHLY = "about that time"
DIALECT = "the word means different days in different places"
ANOTHER_HOLIDAY = "it may be meant of another holiday"
DEADLINE = "a deadline, not a day"


LONG_RUN = "連休"  # under which a run of free days is named by its month


class Look(Enum):
    """Whether a sentence looks back (done) or ahead (a visit, a reminder); NEAR where nothing says so."""

    BACK = "back"
    AHEAD = "ahead"
    NEAR = "near"


@dataclass(frozen=True, slots=True)
class Span:
    """From the first day to the last, both in it. ``precision``: "day", "week" (also a third of a month), "month"."""

    first: date
    last: date
    precision: str = "day"
    doubt: str = ""

    def in_doubt(self, doubt: str) -> "Span":
        """The same days, with a doubt unless there was one."""
        return Span(self.first, self.last, self.precision, self.doubt or doubt)


def one_day(day: date, doubt: str = "") -> Span:
    return Span(day, day, "day", doubt)


def days(first: date, length: int, precision: str = "week") -> Span:
    return Span(first, first + timedelta(days=length - 1), precision)


def month_span(year: int, month: int) -> Span:
    return Span(date(year, month, 1), date(year, month, month_length(year, month)), "month")


def month_length(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def months_from(day: date, months: int) -> date:
    """The same day some months on; the last of the month where that day is missing."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, month_length(year, month + 1)))


def nearest(made: Callable[[int], Span | None], steps: Iterator[int], look: Look, today: date) -> Span | None:
    """The first span that fits the look among those ``made`` at each step away from now.

    BACK takes the latest that has begun by today, AHEAD the first that is not over, NEAR the closer of the two.
    ``steps`` counts 0, 1, 2 …: AHEAD asks for them as they are, BACK negated.
    """
    offsets = list(steps)

    def ahead() -> Span | None:
        return next((s for n in offsets if (s := made(n)) and s.last >= today), None)

    def back() -> Span | None:
        return next((s for n in offsets if (s := made(-n)) and s.first <= today), None)

    if look is Look.AHEAD:
        return ahead()
    behind = back()
    if behind is None or look is Look.BACK:
        return behind or ahead()
    before_us = ahead()
    return behind if before_us is None or today - behind.first <= before_us.last - today else before_us
