"""A house's plan with everything on record about it, and what is open next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from bot.core.case import Scene, Work
from bot.core.house import House, Household
from bot.core.plan import Next, PlanItem, Record, backstop, occurrences, open_next

Noted = tuple[date | None, date | None, int]
NEVER_NOTED: Noted = (None, None, 0)
NOTHING_NOTED: Mapping[str, Noted] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Ledger:
    """A house's plan with everything on record about it: what the sweep looks at.

    ``noted`` is what the plan's rows say already: next date, backstop, and of how many occurrences the gaps are facts.
    """

    household: Household
    items: tuple[PlanItem, ...]
    records: tuple[Record, ...] = ()
    scenes: tuple[Scene, ...] = ()  # its open cases
    settled: frozenset[str] = frozenset()  # milestones that are over, open ones included
    withdrawals: tuple[date, ...] = ()  # when an owner's mandate ends or ended
    noted: Mapping[str, Noted] = field(default_factory=dict)
    next_number: int = 1
    withdrawn: Mapping[str, date] = field(default_factory=dict)  # who has withdrawn their mandate, and since when
    unconfirmed: tuple[Work, ...] = ()  # statutory, and closed on the company's word alone


def upcoming(
    house: House, items: Iterable[PlanItem], records: Sequence[Record], noted: Mapping[str, Noted] = NOTHING_NOTED
) -> dict[str, Next]:
    """What is open next for every item of the plan, by its code.

    A record of the item itself counts for its backstop whatever the part was called then: a file of records may come
    before the plan that names the part, and a later plan may name it anew.
    """
    by_code: dict[str, list[date]] = {}
    by_part: dict[str, list[date]] = {}
    for record in records:
        by_code.setdefault(record.code, []).append(record.done_on)
        by_part.setdefault(record.part, []).append(record.done_on)
    found = {}
    for item in items:
        grid = occurrences(house.handed_over_on, item, house.plan_years)
        done = [*by_part.get(item.part, ()), *by_code.get(item.code, ())]
        law = backstop(house.completed_on, done)
        told = noted.get(item.code, NEVER_NOTED)[2]
        found[item.code] = open_next(item, grid, by_code.get(item.code, ()), law, told)
    return found
