"""When a work is opened, and what is done in the same visit."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.core.case import Case, Phase, Scene, Work
from bot.core.course import finish
from bot.core.days import civil
from bot.core.filed import filed
from bot.core.house import Household
from bot.core.ladder import GROUP_DAYS, SELF_LEAD, VISIT_LEAD, milestone_ladder
from bot.core.ledger import NEVER_NOTED, Ledger, upcoming
from bot.core.loan_dates import over
from bot.core.matter import CLOCK
from bot.core.milestones import Milestone, still_ahead
from bot.core.outcome import Change, Deed, Outcome
from bot.core.plan import DoneBy, Kind, Next, PlanItem
from bot.core.risk import watched

FAR = date(9999, 12, 31)  # nothing more will come by itself
VISIT, SELF = "visit/1", "self/1"


def sweep(ledger: Ledger, now: datetime) -> Outcome:
    """Opens what is due to be opened at one house, and says when to look at it again.

    What a file settles, or a repaid loan, is closed first, and the house looked at anew with that in its record.
    """
    settled = filed(ledger, now).and_also(over(ledger, now))
    if settled.cases:
        return replace(settled, wake_on=civil(now))
    today, house = civil(now), ledger.household.house
    nexts = upcoming(house, ledger.items, ledger.records, ledger.noted)
    busy = {work.code for scene in ledger.scenes for work in scene.open_works}
    waiting = [(item, nexts[item.code]) for item in ledger.items if item.code not in busy and nexts[item.code].limit]
    outcome = Outcome(house.id, deeds=_gaps(ledger, nexts), changes=_nexts(ledger, nexts))
    number = ledger.next_number
    for ladder, lead in ((VISIT, VISIT_LEAD), (SELF, SELF_LEAD)):
        mine = [pair for pair in waiting if _ladder_of(pair[0], ledger.household) == ladder]
        due = _together(mine, today, lead)
        if due:
            outcome = outcome.and_also(_open(ledger, ladder, due, number, now))
            number += 1
    for milestone in still_ahead(house, ledger.settled):
        if milestone.told_from <= today:
            outcome = outcome.and_also(_open_milestone(ledger, milestone, number, now))
            number += 1
    opened = {work.code for work in outcome.works}
    woken = replace(outcome, wake_on=_wake(ledger, [pair for pair in waiting if pair[0].code not in opened], today))
    return watched(ledger, woken, number, now)


def _ladder_of(item: PlanItem, household: Household) -> str:
    """Who comes: the servicer, unless owners look after it themselves."""
    if item.done_by is DoneBy.SERVICER:
        return VISIT
    return SELF if item.done_by is DoneBy.OWNER or household.servicer is None else VISIT


def _limit(pair: tuple[PlanItem, Next]) -> date:
    return pair[1].limit or FAR


def _together(pairs: list[tuple[PlanItem, Next]], today: date, lead: int) -> list[tuple[PlanItem, Next]]:
    """What is done in one visit: the first that is due to be told, and all that falls due soon after it.

    The visit's day is the earliest limit, so nothing is later than its own date allows; what is already past is
    joined by all that is past or soon due, not followed by a visit of its own.
    """
    first = min(map(_limit, pairs), default=FAR)
    if first - timedelta(days=lead) > today:
        return []
    last = max(first, today) + timedelta(days=GROUP_DAYS)
    return [pair for pair in pairs if _limit(pair) <= last]


def _open(ledger: Ledger, ladder: str, pairs: Sequence[tuple[PlanItem, Next]], number: int, now: datetime) -> Outcome:
    household, today = ledger.household, civil(now)
    joined = next((scene for scene in ledger.scenes if _joins(scene.case, ladder)), None)
    target = min(map(_limit, pairs))
    if joined is None:
        case = Case(f"{household.house.id}-{number}", household.house.id, number, ladder, today, target)
        joined = Scene(household, case, ())
    case = replace(joined.case, target_on=min(target, joined.case.target_on))
    first = len(joined.works) + 1
    works = tuple(_work(pair, case.id, first + index) for index, pair in enumerate(pairs))
    deeds = tuple(_opened(work, case) for work in works)
    scene = Scene(household, case, joined.works + works)
    return finish(scene, now, Outcome(works=works, deeds=deeds), soonest=today)


def _joins(case: Case, ladder: str) -> bool:
    """A case takes in what else falls due while no day is fixed yet."""
    return case.ladder == ladder and case.phase is Phase.ARRANGING


def _work(pair: tuple[PlanItem, Next], case_id: str, index: int) -> Work:
    item, following = pair
    due_on = following.due_on or _limit(pair)
    return Work(
        id=f"{case_id}-{index}",
        case_id=case_id,
        code=item.code,
        part=item.part,
        kind=item.kind,
        statutory=item.statutory,
        done_by=item.done_by,
        due_on=due_on,
        backstop_on=following.backstop_on,
        plan_version=item.version,
    )


def _open_milestone(ledger: Ledger, milestone: Milestone, number: int, now: datetime) -> Outcome:
    house_id, today = ledger.household.house.id, civil(now)
    case = Case(f"{house_id}-{number}", house_id, number, milestone_ladder(milestone), today, milestone.due_on)
    done_by = DoneBy.OWNER
    work = Work(f"{case.id}-1", case.id, milestone.code, "", Kind.MILESTONE, False, done_by, milestone.due_on)
    scene = Scene(ledger.household, case, (work,))
    return finish(scene, now, Outcome(works=(work,), deeds=(_opened(work, case),)), soonest=today)


def _opened(work: Work, case: Case) -> Deed:
    data = {
        "work": work.id,
        "item": work.code,
        "due_on": work.due_on.isoformat(),
        "backstop_on": work.backstop_on.isoformat() if work.backstop_on else "",
        "ladder": case.ladder,
        "plan_version": work.plan_version,
    }
    return Deed("work_opened", CLOCK, data, case.id)


def _gaps(ledger: Ledger, nexts: Mapping[str, Next]) -> tuple[Deed, ...]:
    """Occurrences that passed without a record are written down once, and not chased."""
    return tuple(
        Deed("occurrence_unrecorded", CLOCK, {"item": code, "due_on": day.isoformat()})
        for code, following in nexts.items()
        for day in following.gaps
    )


def _nexts(ledger: Ledger, nexts: Mapping[str, Next]) -> tuple[Change, ...]:
    """The next dates that differ from what the plan's rows say."""
    rows = {
        code: (following.due_on, following.backstop_on, max(following.passed, before[2]))
        for code, following in nexts.items()
        for before in (ledger.noted.get(code, NEVER_NOTED),)
    }
    changed = {code: row for code, row in rows.items() if ledger.noted.get(code) != row}
    return (Change("items_next", changed),) if changed else ()


def _wake(ledger: Ledger, waiting: Sequence[tuple[PlanItem, Next]], today: date) -> date:
    """When this house must be looked at again although nobody says anything."""
    days = [
        _limit(pair) - timedelta(days=VISIT_LEAD if _ladder_of(pair[0], ledger.household) == VISIT else SELF_LEAD)
        for pair in waiting
    ]
    house = ledger.household.house
    days += [milestone.told_from for milestone in still_ahead(house, ledger.settled) if milestone.told_from > today]
    days += [day for day in ledger.withdrawals if day > today]
    return max(min(days, default=FAR), today + timedelta(days=1))
