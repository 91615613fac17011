"""What one house adds to the portfolio's figures: where its guarantee stands, and its works by month, due and done."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from bot.core.case import Basis
from bot.core.days import add_months
from bot.core.plan import Kind
from bot.core.standing import State

BACK, AHEAD = 24, 12  # months before and after the current one
DUE, DONE, ON_TIME = "due", "done", "on_time"
HOUSES, MANDATED, SILENT = "houses", "mandated", "silent"
NOW = ""  # the month of what is so on the day itself


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A work of the plan: open, or over with its day."""

    code: str
    kind: str
    due_on: date
    done_on: date | None = None
    basis: str | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """A house as the figures need it. ``ahead`` are the plan's next days by item; those with a work already are known
    by it. ``at_risk``: the sweep has found its guarantee at risk; ``silent``: its company answers nothing."""

    guaranteed: bool
    ended_on: date | None
    lapsed_on: date | None
    mandated: bool
    at_risk: bool
    silent: bool
    works: Collection[Occurrence] = ()
    ahead: Collection[tuple[str, date]] = ()


def months_of(day: date) -> list[str]:
    """The months that the figures tell of, the earliest first, as 2027-03."""
    return [f"{add_months(day.replace(day=1), place):%Y-%m}" for place in range(-BACK, AHEAD + 1)]


def tally(house: Counted, day: date) -> Counter[tuple[str, str]]:
    """By name and month. A work counts in the month in which it is due, also where it was done in another."""
    found = Counter({(HOUSES, NOW): 1, (f"{_standing(house, day)}", NOW): 1})
    found[MANDATED, NOW] += house.mandated
    found[SILENT, NOW] += house.silent
    known = set(months_of(day))
    for name, month in _works(house):
        if month in known:
            found[name, month] += 1
    return +found


def _standing(house: Counted, day: date) -> State:
    if not house.guaranteed or (house.ended_on is not None and house.ended_on <= day):
        return State.NONE
    if house.lapsed_on is not None:
        return State.LAPSED
    return State.AT_RISK if house.at_risk else State.GOOD


def _works(house: Counted) -> Iterator[tuple[str, str]]:
    opened = {(work.code, work.due_on) for work in house.works}
    for work in house.works:
        if work.kind == Kind.MILESTONE or work.basis == Basis.CALLED_OFF:
            continue
        month = f"{work.due_on:%Y-%m}"
        yield DUE, month
        if work.done_on is not None:
            yield DONE, month
            yield from [(ON_TIME, month)] if work.done_on <= work.due_on else []
    yield from ((DUE, f"{due_on:%Y-%m}") for code, due_on in house.ahead if (code, due_on) not in opened)
