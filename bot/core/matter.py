"""What lies with the staff: why, since when, and when it is looked at again."""

from dataclasses import replace
from datetime import date

from bot.core.business import OFFICE
from bot.core.case import Matter, Scene
from bot.core.outcome import Deed, Mode, Outcome, Say
from bot.core.particulars import about
from bot.core.people import STAFF_DESK

CLOCK = "engawa"  # who did what nobody did: the passing of time

# Business days of the office until an alert that nobody took climbs: first, second, and every time after.
CLIMB = (1, 2, 5)
# These wait for papers or for a person elsewhere; reminding the desk every day would only teach it not to look.
PATIENT = frozenset({"no_mandate", "no_owner", "no_servicer", "milestone", "sample"})
PATIENT_CLIMB = (10, 10, 10)
# While one of these is open nobody else is asked anything about the case.
STOPS_LADDER = frozenset({"no_mandate", "no_owner", "emergency", "disagreement", "fraud", "other_company"})


def stopped(scene: Scene) -> bool:
    return scene.case.matter is not None and scene.case.matter.reason in STOPS_LADDER


def raise_matter(scene: Scene, reason: str, today: date, by: str = CLOCK) -> tuple[Scene, Outcome]:
    """The case handed to the staff desk, told once. An open matter stays, unless the new one stops everything."""
    case = scene.case
    if case.matter is not None and (reason not in STOPS_LADDER or case.matter.reason == reason):
        return scene, Outcome()
    raised = replace(scene, case=replace(case, matter=Matter(reason, today)))
    deed = Deed("matter_raised", by, {"reason": reason}, case.id)
    mode = Mode.ALARM if reason == "emergency" else Mode.PROMPT
    return raised, Outcome(deeds=(deed,), says=(alert(raised, mode),))


def settle_matter(scene: Scene, by: str) -> tuple[Scene, Outcome]:
    """The open matter is over."""
    case = scene.case
    if case.matter is None:
        return scene, Outcome()
    deed = Deed("matter_settled", by, {"reason": case.matter.reason}, case.id)
    return replace(scene, case=replace(case, matter=None)), Outcome(deeds=(deed,))


def alert(scene: Scene, mode: Mode = Mode.PROMPT) -> Say:
    """The staff's message about the open matter of a case."""
    matter = scene.case.matter
    assert matter is not None
    params = about(scene) | {"reason": matter.reason, "level": matter.level, "since": matter.raised_on.isoformat()}
    return Say(STAFF_DESK, "staff_alert", params, mode, scene.case.id)


def matter_day(matter: Matter) -> date:
    """When an open matter is looked at again: the taking or snooze runs out, or nobody took it."""
    if matter.until is not None:
        return matter.until
    waits = PATIENT_CLIMB if matter.reason in PATIENT else CLIMB
    passed = sum(waits[min(level, len(waits) - 1)] for level in range(matter.level + 1))
    return OFFICE.after(matter.raised_on, passed)


def come_back(scene: Scene, today: date) -> tuple[Scene, Outcome]:
    """An alert that nobody took climbs; one that was taken or snoozed comes back when that runs out."""
    matter = scene.case.matter
    if matter is None or matter_day(matter) > today:
        return scene, Outcome()
    if matter.until is not None:
        kind, matter = "matter_came_back", Matter(matter.reason, today)
    else:
        kind, matter = "matter_climbed", _climbed(matter, today)
    scene = replace(scene, case=replace(scene.case, matter=matter))
    deed = Deed(kind, CLOCK, {"reason": matter.reason, "level": matter.level}, scene.case.id)
    return scene, Outcome(deeds=(deed,), says=(alert(scene),))


def _climbed(matter: Matter, today: date) -> Matter:
    while matter_day(matter) <= today:
        matter = replace(matter, level=matter.level + 1)
    return matter
