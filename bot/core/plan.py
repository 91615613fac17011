"""The maintenance plan: which part, how often, and on which days.

Every occurrence is counted from the handover; done early or late, the grid stays where it is. What is done moves
only the legal backstop: at most ten years from completion or from the last inspection, repair or improvement of
that part (平成21年国土交通省告示第209号 第4; 維持保全状況に係る報告徴収に関するQ&A).
"""

from bisect import bisect_left
from calendar import isleap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.core.days import add_years

BACKSTOP_YEARS = 10


class Kind(StrEnum):
    INSPECTION = "inspection"
    REPAIR = "repair"
    REPLACEMENT = "replacement"
    EXTRA = "extra"  # 臨時点検: after an earthquake or a storm; see bot.core.event
    MILESTONE = "milestone"  # nobody inspects anything; see bot.core.milestones


class DoneBy(StrEnum):
    OWNER = "owner"
    SERVICER = "servicer"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One line of a plan. Years are whole years after the handover; an interval of 0 means once."""

    code: str
    part: str
    kind: Kind
    first_year: int
    interval_years: int
    statutory: bool
    done_by: DoneBy = DoneBy.SERVICER
    version: int = 1
    source: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that was done to an item of the plan: the part is what a backstop is counted for."""

    code: str
    part: str
    done_on: date
    performer: str = ""
    result: str = ""
    work_id: str = ""


@dataclass(frozen=True, slots=True)
class Next:
    """What is open for an item: the one occurrence that waits, and those before it that nobody recorded.

    ``due_on`` is None when the plan holds no further occurrence; a backstop holds even then. ``passed`` counts the
    occurrences up to the latest on record.
    """

    due_on: date | None
    backstop_on: date | None
    gaps: tuple[date, ...] = ()
    passed: int = 0

    @property
    def limit(self) -> date | None:
        """The day by which it must be done: the earlier of the two."""
        days = [day for day in (self.due_on, self.backstop_on) if day is not None]
        return min(days, default=None)


def occurrences(anchor: date, item: PlanItem, plan_years: int) -> list[date]:
    """Every due date of an item, in order, up to and including the end of the plan."""
    if item.first_year > plan_years:
        return []
    if item.interval_years == 0:
        return [add_years(anchor, item.first_year)]
    first, last = anchor.year + item.first_year, anchor.year + plan_years
    years = range(first, last + 1, item.interval_years)
    month, day = anchor.month, anchor.day
    if (month, day) != (2, 29):
        return [date(year, month, day) for year in years]
    return [date(year, 2, 29 if isleap(year) else 28) for year in years]


def nearest(grid: Sequence[date], done_on: date) -> int:
    """The index of the occurrence that something done on that day settles; of two equally near, the earlier."""
    after = bisect_left(grid, done_on)
    if after == 0:
        return 0
    if after == len(grid):
        return len(grid) - 1
    return after if grid[after] - done_on < done_on - grid[after - 1] else after - 1


def settled(grid: Sequence[date], done: Iterable[date]) -> list[int]:
    """The indexes that records settle, in order."""
    return sorted({nearest(grid, day) for day in done}) if grid else []


def backstop(completed_on: date, done: Iterable[date]) -> date:
    """The last lawful day for a part: ten years from completion or from the last thing done to it."""
    return add_years(max(done, default=completed_on), BACKSTOP_YEARS)


def open_next(
    item: PlanItem, grid: Sequence[date], done: Sequence[date], backstop_on: date | None, noted: int = 0
) -> Next:
    """The one open occurrence of an item: the first unsettled after the latest on record.

    ``done`` are the days on record for this item. Occurrences before the latest settled one that have no record are
    gaps: they become facts and are not chased. The gaps of the first ``noted`` occurrences are facts already.
    """
    indexes = settled(grid, done)
    latest = indexes[-1] if indexes else -1
    following = latest + 1
    missing = sorted(set(range(noted, following)) - set(indexes))
    return Next(
        due_on=grid[following] if following < len(grid) else None,
        backstop_on=backstop_on if item.statutory else None,
        gaps=tuple(grid[index] for index in missing),
        passed=following,
    )
