"""What came in with a file settles what is open: a record of the same item, or the common ID that was to be found."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.core.case import Basis, Report, Result, Scene, Work
from bot.core.closing import FILE, clash, close
from bot.core.days import civil
from bot.core.house import House
from bot.core.ledger import Ledger
from bot.core.milestones import COMMON_ID
from bot.core.outcome import Outcome
from bot.core.people import Role
from bot.core.plan import PlanItem, Record, nearest, occurrences

EARLY = timedelta(days=180)  # done so long before the work was opened, and written down late
RESULTS = {"要補修": Result.ISSUES}  # of a record; anything else is no finding


def filed(ledger: Ledger, now: datetime) -> Outcome:
    """Closes what a file settles, one day's records in each case; nothing where there is none.

    An owner who has said otherwise is not overruled by a file.
    """
    outcome, number = Outcome(ledger.household.house.id), ledger.next_number
    for scene in ledger.scenes:
        report = _found(ledger, scene, now) or _recorded(ledger, scene, now)
        if report is None or any(clash(said, report) for said in scene.case.reports):
            continue
        closed = close(replace(scene, next_number=number), Basis.FILE, report, now)
        outcome = outcome.and_also(replace(closed, records=()))  # the file's record is the record
        number += len(closed.cases) - 1
    return outcome


def _found(ledger: Ledger, scene: Scene, now: datetime) -> Report | None:
    """The common ID that was to be found has come."""
    wanted = any(work.code == COMMON_ID for work in scene.open_works)
    return _report((), civil(now), Result.OK, now) if wanted and ledger.household.house.common_id else None


def _recorded(ledger: Ledger, scene: Scene, now: datetime) -> Report | None:
    """The latest of a file's records that settle works of this case, as one word on all those works."""
    house, plan = ledger.household.house, {item.code: item for item in ledger.items}
    mine = {work.code: work for work in scene.open_works if work.code in plan}
    hits = [
        record
        for record in ledger.records
        if record.code in mine and not record.work_id and _settles(record, mine[record.code], plan[record.code], house)
    ]
    late = [record for record in hits if record.done_on >= scene.case.opened_on - EARLY]
    if not late:
        return None
    last = max(late, key=lambda record: record.done_on)
    works = tuple(mine[record.code].id for record in late if _alike(record) == _alike(last))
    return _report(works, last.done_on, RESULTS.get(last.result, Result.OK), now, last.performer)


def _settles(record: Record, work: Work, item: PlanItem, house: House) -> bool:
    """Whether the occurrence nearest to the record is the open one or a later one.

    A work that no longer lies on the plan's grid, or that the law alone asks for, is settled by what was done since.
    """
    grid = occurrences(house.handed_over_on, item, house.plan_years)
    if work.due_on not in grid:
        return record.done_on > work.due_on - EARLY
    return grid[nearest(grid, record.done_on)] >= work.due_on


def _alike(record: Record) -> tuple[date, str, str]:
    return record.done_on, record.result, record.performer


def _report(works: tuple[str, ...], done_on: date, result: Result, now: datetime, performer: str = "") -> Report:
    return Report(Role.SERVICER, FILE, done_on, result, now, FILE, performer, work_ids=works)
