"""One line of the staff's list: what waits for a person, why, by when and with whom; and in which order.

Danger comes first, then the earliest day. What is only held until a company or an owner has answered comes last: it
must not push out what waits for a person here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from bot.core.business import OFFICE
from bot.core.matter import AT_ONCE
from bot.core.people import STAFF_DESK

DANGER_RANK, OPEN_RANK, HELD_RANK = range(3)
DANGER = AT_ONCE | {"unknown_emergency"}


class Kind(StrEnum):
    """Where a line comes from, in the order in which lines of the same day stand."""

    CASE = "case"
    RESTORED = "restored"  # a copy that was put back sends nothing until somebody has looked
    EVENT = "event"  # an earthquake or a storm about which nobody has decided
    FINDING = "finding"  # the auditor's
    UNKNOWN = "unknown"  # a message of which nobody knows whether it arrived
    ASIDE = "aside"  # what came in and could not be read
    LETTERS = "letters"  # to be printed and posted
    SHEETS = "sheets"  # photos of companies' lists, to be keyed in
    HANDOVER = "handover"  # all houses of a company, to be signed
    ROUND = "round"  # houses that did not answer after an event, on that event's list
    COMPANY = "company"  # early signs about one
    HOOKS = "hooks"  # companies' own systems that are gone or do not answer
    GUARANTEES = "guarantees"  # numbers that only one of the guarantor and us knows
    REPORT = "report"  # the month's file for the guarantor, which its place does not take
    IMPORTS = "imports"  # files of a company that could not be taken in
    LINK = "link"  # an account that waits until the address which it would replace has agreed
    STRANGERS = "strangers"  # who wrote and is nobody whom we know


ORDER = {kind: place for place, kind in enumerate(Kind)}
URGENT = frozenset({Kind.RESTORED, Kind.EVENT, Kind.FINDING})
# Business days of the office after which what is no case is overdue; a company's line has its own day.
DAYS: Mapping[Kind, int] = {
    Kind.LETTERS: 1,
    Kind.SHEETS: 1,
    Kind.HANDOVER: 3,
    Kind.ROUND: 3,
    Kind.GUARANTEES: 5,
    Kind.REPORT: 3,
    Kind.IMPORTS: 3,
    Kind.LINK: 3,
    Kind.STRANGERS: 5,
    Kind.HOOKS: 5,
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stands in the list, and after which one a page begins."""

    rank: int
    due: date
    kind: Kind
    id: str

    @property
    def key(self) -> tuple[int, date, int]:
        return self.rank, self.due, ORDER[self.kind]

    def __str__(self) -> str:
        return f"{self.rank}.{self.due.isoformat()}.{self.kind}.{self.id}"


@dataclass(frozen=True, slots=True)
class Line:
    """``due`` is the day by which it must have been done, ``since`` from when it has waited, ``count`` of how many it
    tells; ``what`` is what its page shows besides."""

    kind: Kind
    id: str
    reason: str
    due: date
    since: date | None = None
    holder: str = STAFF_DESK
    servicer: str = ""
    count: int = 0
    what: Any = None

    @property
    def rank(self) -> int:
        if self.kind in URGENT or self.reason in DANGER:
            return DANGER_RANK
        return HELD_RANK if self.kind is Kind.CASE and not self.reason else OPEN_RANK

    @property
    def place(self) -> Place:
        return Place(self.rank, self.due, self.kind, self.id)

    @property
    def danger(self) -> bool:
        return self.rank == DANGER_RANK


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines are to be seen: those of one holder, of one reason, about these companies, overdue ones."""

    holder: str = ""
    reason: str = ""
    servicers: tuple[str, ...] | None = None  # None for any
    before: date | None = None  # due before that day

    def fits(self, line: Line) -> bool:
        theirs = self.servicers is None or line.servicer in self.servicers
        late = self.before is None or line.due < self.before
        return theirs and late and self.holder in ("", line.holder) and self.reason in ("", line.reason)


def due_after(kind: Kind, since: date) -> date:
    """By when that must have been looked at."""
    return OFFICE.after(since, DAYS.get(kind, 0))


def page(cases: Iterable[Line], others: Iterable[Line], after: Place | None, size: int) -> list[Line]:
    """The first lines after a place. ``cases`` are that already, in the order of their ids as the database has it."""
    beside = (line for line in others if after is None or _follows(line.place, after))
    found = [*cases, *sorted(beside, key=lambda line: (line.place.key, line.id))]
    return sorted(found, key=lambda line: line.place.key)[:size]


def _follows(place: Place, after: Place) -> bool:
    return place.key > after.key or (place.key == after.key and place.id > after.id)


def read_place(text: str) -> Place | None:
    """A place as it stands in an address; None for what is none."""
    rank, day, kind, *rest = (*text.split(".", 3), "", "", "")[:4]
    known = rank in ("0", "1", "2") and kind in Kind._value2member_map_
    try:
        return Place(int(rank), date.fromisoformat(day), Kind(kind), rest[0]) if known and rest else None
    except ValueError:
        return None
