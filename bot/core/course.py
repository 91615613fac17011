"""The course of a case: which rungs lie ahead, whose move it is, and when to look again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.core.asked import let_go
from bot.core.business import OFFICE
from bot.core.case import Case, Phase, Scene
from bot.core.days import civil, morning
from bot.core.ladder import EVIDENCE_DAYS, Anchor, Rung, rungs
from bot.core.matter import CLOCK, matter_day, raise_matter, stopped
from bot.core.nearby import with_those_near
from bot.core.outcome import Outcome
from bot.core.people import Person, Role
from bot.core.stand_in import stand_in


@dataclass(frozen=True, slots=True)
class Reached:
    """A rung and the day from which it counts."""

    rung: Rung
    on: date


def finish(scene: Scene, now: datetime, outcome: Outcome, soonest: date | None = None) -> Outcome:
    """The outcome with the case as it now stands: its holder, its next action date and its new version.

    ``soonest`` is the earliest day on which to look again: today after somebody said something, so that what this
    makes due is not left until tomorrow.
    """
    outcome = with_those_near(scene, replace(outcome, house_id=scene.case.house_id))
    if not scene.case.open:
        scene, told = let_go(scene, CLOCK, "closed")
        outcome = outcome.and_also(told)
        done = replace(scene.case, version=scene.case.version + 1, next_action_at=None, matter=None, candidacy=None)
        return replace(outcome, cases=(*outcome.cases, done))
    day = next_day(scene)
    if day is None:
        scene, raised = raise_matter(scene, "stuck", civil(now))
        outcome = outcome.and_also(raised)
        day = next_day(scene)
    assert day is not None  # an open matter always has its day
    day = max(day, soonest or civil(now))
    version, company = scene.case.version + 1, scene.case.company or _company(scene)
    case = replace(scene.case, holder=holder(scene), next_action_at=morning(day), version=version, company=company)
    return replace(outcome, cases=(*outcome.cases, case))


def _company(scene: Scene) -> str:
    servicer = scene.household.servicer
    return servicer.id if servicer is not None and visits(scene.case) else ""


def holder(scene: Scene) -> str:
    """次に動く人: the one whose move it is."""
    case, household = scene.case, scene.household
    if case.matter is not None:
        return stand_in(household.away, case.matter.taken_by) or household.desk
    owner = household.owner.id if household.owner else household.desk
    if case.candidacy is not None:
        if case.candidacy.handover:
            return stand_in(household.away, case.candidacy.by)
        return owner if case.candidacy.accepted else case.candidacy.servicer
    if case.ladder.startswith("desk/"):
        return household.desk
    if not visits(case):
        return household.desk if case.ladder.startswith(f"milestone/1/{Role.STAFF}") else owner
    if case.phase is Phase.ARRANGING and case.offered:
        return owner
    if case.phase is Phase.CONFIRMING and case.report_of(Role.SERVICER):
        return owner
    servicer = household.servicer
    return servicer.id if servicer is not None and servicer.active else household.desk


def visits(case: Case) -> bool:
    """Whether a servicer comes for it (a plan's visit or the repair of a finding)."""
    return case.ladder.startswith(("visit/", "finding/"))


def checked_by_owner(case: Case) -> bool:
    """Whether owners look after it themselves."""
    return case.ladder.startswith("self/")


def next_day(scene: Scene) -> date | None:
    """The next day on which anything can happen by itself; None if nothing would."""
    case = scene.case
    days = [] if case.matter is None else [matter_day(case.matter)]
    if case.candidacy:
        gone = case.candidacy.servicer in scene.gone
        days.append(case.candidacy.asked_on if gone else case.candidacy.until + timedelta(days=1))
    if not stopped(scene):
        days += [reached.on for reached in ahead(scene)]
        days += [max(day, scene.talk_until(Role(side))) for side, day in case.later.items()]
        days += [max(case.offered)] if case.offered and case.phase is Phase.ARRANGING else []
        evidence = evidence_day(scene)
        days += [evidence] if evidence else []
    if case.phase is Phase.FIXED and case.visit_on:
        days.append(case.visit_on + timedelta(days=1))
    return min(days, default=None)


def evidence_day(scene: Scene) -> date | None:
    """When a servicer's evidence stands although the owner has said nothing; None where it cannot."""
    case = scene.case
    report = case.report_of(Role.SERVICER)
    if report is None or not report.evidence or case.report_of(Role.OWNER) or not visits(case):
        return None
    kept = max(scene.held.get(Role.OWNER, date.min), scene.talk_until(Role.OWNER))
    since = (civil(report.said_at), case.answered_on.get(Role.OWNER, date.min), kept)
    return max(since) + timedelta(days=EVIDENCE_DAYS)


def ahead(scene: Scene) -> list[Reached]:
    """The rungs that are still to come in this phase, each with the day from which it counts."""
    found = (_when(scene, rung) for rung in rungs(scene.case.ladder) if rung.phase is scene.case.phase)
    return [reached for reached in found if reached is not None]


def side_of(scene: Scene, side: Role) -> Sequence[Person]:
    """The people of a side whom we write to: every owner who can be reached (or the first, by letter)."""
    household = scene.household
    if side is Role.OWNER:
        reachable = [owner for owner in household.owners if owner.addresses]
        return reachable or household.owners[:1]
    return [household.servicer] if side is Role.SERVICER and household.servicer else []


def _when(scene: Scene, rung: Rung) -> Reached | None:
    case = scene.case
    if rung.name in case.fired and not rung.again:
        return None
    if rung.to is not Role.STAFF and (case.report_of(rung.to) or rung.to in case.later):
        return None
    day = _base(scene, rung)
    if day is None:
        return None
    earliest = case.opened_on + timedelta(days=rung.grace)
    return Reached(rung, _open_day(scene, rung.to, max(day, earliest, scene.talk_until(rung.to))))


def _base(scene: Scene, rung: Rung) -> date | None:
    """The day a rung counts from: its anchor, or the silence after the rung before it."""
    case = scene.case
    if rung.name in case.fired:
        return case.fired[rung.name] + timedelta(days=rung.again)
    if rung.anchor is Anchor.TARGET:
        return case.target_on + timedelta(days=rung.days)
    if rung.anchor is Anchor.VISIT:
        return case.visit_on + timedelta(days=rung.days) if case.visit_on else None
    since = case.fired.get(rung.after)
    if since is None or _spoke(case, rung.unless_heard, since):
        return None
    silent = rung.unless_heard or rung.to
    since = max(since, scene.held.get(silent, since))
    person = next(iter(side_of(scene, silent)), None)
    return person.calendar.after(since, rung.days) if person else since + timedelta(days=rung.days)


def _spoke(case: Case, side: Role | None, since: date) -> bool:
    """Whether a side has said anything since it was asked on that day; ``silence`` tells which came first on it."""
    if side is None:
        return False
    heard = case.answered_on.get(side, date.min)
    return heard > since or (heard == since and not case.silence.get(side)) or case.report_of(side) is not None


def _open_day(scene: Scene, side: Role, day: date) -> date:
    """Staff and servicers are written to on their own business days."""
    if side is Role.STAFF:
        return OFFICE.next_open(day)
    person = next(iter(side_of(scene, side)), None)
    return person.calendar.next_open(day) if person is not None else day
