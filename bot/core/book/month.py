"""The figures of one month for the guarantor: of each house, and of each company over its houses.

All of it is what was known at the month's end, so that a month that is told again says the same. Works are the
statutory ones; whatever else a plan holds is the owner's choice.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from bot.core.book.section import Sources
from bot.core.book.standing import NO_COMPANY, in_business, standing_on
from bot.core.book.then import as_of
from bot.core.case import Basis
from bot.core.closing import FINDING
from bot.core.days import add_months, civil
from bot.core.people import Role
from bot.core.plan import Kind
from bot.core.standing import State

Stored = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Month:
    """A civil month of Asia/Tokyo; ``last`` is its last day."""

    first: date

    @classmethod
    def read(cls, text: str) -> "Month":
        """The month of a text such as 2027-03. Raises ValueError."""
        return cls(date.fromisoformat(f"{text}-01"))

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def last(self) -> date:
        return add_months(self.first, 1) - timedelta(days=1)

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Line:
    """One house, or one company. Counts are works: ``due`` fell due in the month, ``on_time`` were done by their day.

    ``overdue`` and ``findings`` were open past their day, or open at all, at the month's end; ``unconfirmed`` were
    closed in the month on the company's word alone. ``days_silent`` counts the civil days since the company was asked
    and has not answered, the longest of its cases; 0 where it owes no answer, or has closed. ``at_risk`` and ``lapsed``
    count houses.
    """

    houses: int = 0
    due: int = 0
    on_time: int = 0
    overdue: int = 0
    unconfirmed: int = 0
    findings: int = 0
    days_silent: int = 0
    at_risk: int = 0
    lapsed: int = 0

    @property
    def rate(self) -> float | None:
        """The share of what fell due that was done on time, from 0 to 1; None where nothing fell due."""
        return round(self.on_time / self.due, 4) if self.due else None

    def plus(self, other: "Line") -> "Line":
        names = ("houses", "due", "on_time", "overdue", "unconfirmed", "findings", "at_risk", "lapsed")
        sums = {name: getattr(self, name) + getattr(other, name) for name in names}
        return replace(self, days_silent=max(self.days_silent, other.days_silent), **sums)


@dataclass(frozen=True, slots=True)
class HouseMonth:
    """One house's line, with who looked after it at the month's end and where its guarantee stood, and why."""

    house_id: str
    servicer_id: str
    state: State
    reasons: tuple[str, ...]
    line: Line


def house_month(sources: Sources, month: Month, today: date) -> HouseMonth | None:
    """The figures of one house; None where it came to us later."""
    day = min(month.last, today)
    if sources.house["taken_in_on"] > day:
        return None
    then = as_of(sources, day, today)
    found = standing_on(sources, day, today)
    firm = sources.companies.get(f"servicer:{then.house['servicer_id']}", NO_COMPANY)
    served = in_business(firm, day, today)  # one that has closed is sent nothing, and owes no answer
    works = [work for work in then.works if work["statutory"] and work["kind"] != Kind.MILESTONE]
    planned = [work for work in works if work["code"] != FINDING]
    due = [work for work in planned if _limit(work) in month]
    line = Line(
        houses=1,
        due=len(due),
        on_time=sum(1 for work in due if work["done_on"] is not None and work["done_on"] <= _limit(work)),
        overdue=sum(1 for work in planned if work["basis"] is None and _limit(work) < day),
        unconfirmed=sum(1 for fact in then.facts if _unconfirmed(fact, month)),
        findings=sum(1 for work in works if work["code"] == FINDING and work["basis"] is None),
        days_silent=max(_silences(then, day), default=0) if served else 0,
        at_risk=int(found.state is State.AT_RISK),
        lapsed=int(found.state is State.LAPSED),
    )
    codes = tuple(dict.fromkeys(reason.code for reason in found.reasons))
    return HouseMonth(then.house["id"], then.house["servicer_id"] or "", found.state, codes, line)


def to_be_filed(filed: Month | None, today: date) -> Month | None:
    """The next month whose file is owed: the one after the last that was filed, as soon as it has ended.

    Where none was filed it is the last that has ended; months that were missed come one after the other.
    """
    ended = Month(add_months(today.replace(day=1), -1))
    following = ended if filed is None else Month(add_months(filed.first, 1))
    return following if following.first <= ended.first else None


def _limit(work: Stored) -> date:
    due_on: date = work["due_on"]
    return min(due_on, work["backstop_on"] or due_on)


def _unconfirmed(fact: Stored, month: Month) -> bool:
    """Everything that a company's report closes is told, statutory or not: nobody else has said it was done."""
    alone = fact["kind"] == "work_closed" and fact["data"]["basis"] == Basis.UNCONFIRMED
    return alone and civil(fact["at"]) in month


def _silences(then: Sources, day: date) -> Iterator[int]:
    """Of each open case, since when the company was asked and has said nothing."""
    open_cases = {work["case_id"] for work in then.works if work["basis"] is None}
    since: dict[str, date] = {}
    for fact in then.facts:
        if fact["by"].startswith(f"{Role.SERVICER}:"):
            since.pop(fact["case_id"], None)
        elif fact["kind"] == "servicer_changed":
            since.clear()
        elif fact["kind"] == "rung_reached" and fact["data"]["to"] == Role.SERVICER:
            since.setdefault(fact["case_id"], civil(fact["at"]))
    return ((day - asked).days for case_id, asked in since.items() if case_id in open_cases)
