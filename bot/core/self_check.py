"""A house after an event: it is asked about, its owner answers from the ground, and it may be called off."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.core.case import Basis, Case, Check, Phase, Report, Result, Scene, Work
from bot.core.closing import reported
from bot.core.course import finish
from bot.core.days import civil
from bot.core.house import Household
from bot.core.ladder import EVENT
from bot.core.matter import CLOCK, FOUND, MANDATE, heard_from, outlive, raise_matter, settle_about
from bot.core.outcome import Change, Deed, Mode, Outcome, Say
from bot.core.particulars import about
from bot.core.people import Person
from bot.core.plan import DoneBy, Kind
from bot.core.seen import Found, question_of, sorted_as, with_answers

CODE = "event"  # the item of these works: no item of any plan, so that the plan's dates stay where they are
PART = "家全体"
ASKED = "owner_event"  # the rung
GO_ON_DAYS = 2  # until what is left of the questions is asked again, or who said "later"


def begin(household: Household, number: int, check: Check, on: date | None, now: datetime) -> Outcome:
    """A case of its own for one house after an event, under the house's next number.

    ``on`` is when its owner is asked; None where that is over, and the staff call who was never asked.
    """
    house_id, today = household.house.id, civil(now)
    due_on = on or today
    case = Case(f"{house_id}-{number}", house_id, number, EVENT, today, due_on, check=check)
    work = Work(f"{case.id}-1", case.id, CODE, PART, Kind.EXTRA, False, DoneBy.OWNER, due_on)
    scene, raised = _at_the_desk(Scene(household, case, (work,), number + 1), today, late=on is None)
    data = {"event": check.event, "hazard": check.hazard, "level": check.level, "due_on": due_on.isoformat()}
    opened = Deed("check_opened", CLOCK, data, case.id)
    return finish(scene, now, Outcome(works=(work,), deeds=(opened,)).and_also(raised), soonest=today)


def _at_the_desk(scene: Scene, today: date, *, late: bool) -> tuple[Scene, Outcome]:
    """Without the owner's mandate, or too late, nobody is asked by themselves; the house stands on the staff's list."""
    household = scene.household
    if household.mandated:
        return raise_matter(scene, "event_unasked", today) if late else (scene, Outcome())
    known = bool(household.owners) or household.parted
    return raise_matter(scene, "no_mandate" if known else "no_owner", today)


def join(scene: Scene, check: Check, on: date, now: datetime) -> Outcome:
    """Another event while the case of an earlier one is open: it is this one's as well.

    An owner is asked once for both; what they had found in order before is asked anew.
    """
    old = scene.case.check
    assert old is not None
    kept = {name: answer for name in ("outside", "inside") if (answer := getattr(old, name)) not in ("", "none")}
    fresh = ASKED in scene.case.fired or bool(old.outside)
    case = scene.case.fresh_round() if fresh else scene.case
    case = replace(case, check=with_answers(check, kept), target_on=on, later={})
    data = {"event": check.event, "hazard": check.hazard, "level": check.level, "due_on": on.isoformat()}
    scene = replace(scene, case=case)
    scene, settled = settle_about(scene, CLOCK, FOUND - MANDATE)
    joined = Outcome(deeds=(Deed("check_joined", CLOCK, data, case.id),)).and_also(settled)
    return finish(scene, now, joined, soonest=civil(now))


def answered(scene: Scene, report: Report, answers: Mapping[str, str], now: datetime) -> Outcome:
    """The owner's answers, as far as they go; with the last one the case is closed.

    ``report`` tells who said it, when and how; its result follows from the answers. Damage opens a visit.
    """
    check = scene.case.check
    assert check is not None
    check = with_answers(check, answers)
    scene = replace(scene, case=replace(scene.case, check=check))
    deed = Deed("check_answered", report.person_id, dict(answers), scene.case.id)
    found = sorted_as(check)
    if question_of(check):
        return _so_far(scene, report, found, deed, now)
    result = Result.OK if found is Found.NONE else Result.ISSUES
    closed = reported(scene, replace(report, result=result), now)
    return Outcome(house_id=scene.case.house_id, deeds=(deed,)).and_also(closed)


def _so_far(scene: Scene, report: Report, found: Found, deed: Deed, now: datetime) -> Outcome:
    """Something is still to be asked; it is asked again in two days, for a person may have been called away."""
    today = civil(now)
    scene, heard = heard_from(scene, report.person_id, today)
    case = scene.case.ask_again(report.side, today + timedelta(days=GO_ON_DAYS))
    change = Change("check_found", {"case": case.id, "found": found})
    outcome = heard.and_also(Outcome(deeds=(deed,), changes=(change,)))
    return finish(replace(scene, case=case), now, outcome, soonest=today)


def put_off(scene: Scene, by: Person, again: date | None, now: datetime) -> Outcome:
    """They look later: they are asked again in two days, or on the day that they name."""
    today = civil(now)
    scene, heard = heard_from(scene, by.id, today)
    day = again if again is not None and again > today else today + timedelta(days=GO_ON_DAYS)
    case = scene.case.ask_again(by.role, day)
    deed = Deed("asked_for_later", by.id, {"day": day.isoformat()}, case.id)
    return finish(replace(scene, case=case), now, heard.and_also(Outcome(deeds=(deed,))), soonest=today)


def call_off(scene: Scene, asked: Sequence[Person], now: datetime) -> Outcome:
    """The event did not happen, or not there: nothing more is asked, and ``asked``, who were, are told so.

    What an owner saw all the same stays: a house with damage goes on, whatever damaged it.
    """
    case = scene.case
    if not case.open or case.ladder != EVENT or (case.check and sorted_as(case.check) in (Found.DANGER, Found.DAMAGE)):
        return Outcome(case.house_id)
    works = tuple(replace(work, basis=Basis.CALLED_OFF) for work in scene.open_works)
    says = tuple(Say(person.id, "owner_event_off", about(scene), Mode.CHECK, case.id) for person in asked)
    deed = Deed("check_called_off", CLOCK, {"event": case.check.event if case.check else ""}, case.id)
    scene, kept = outlive(scene, CLOCK)
    closed = replace(scene.case, phase=Phase.CLOSED, later={})
    outcome = Outcome(works=works, deeds=(deed,), says=says).and_also(kept)
    return finish(replace(scene, case=closed, works=works), now, outcome)
