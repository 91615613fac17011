"""What the staff do with what lies at their desk: take it, put it off, close it, call, choose another company."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.core.access import access_over, pack_ready
from bot.core.asked import let_go
from bot.core.business import OFFICE
from bot.core.case import Case, Matter, Phase, Scene
from bot.core.course import finish
from bot.core.days import civil
from bot.core.house import Household
from bot.core.ladder import AT_DESK, TAKEN_DAYS
from bot.core.matter import (
    OF_COMPANY,
    raise_matter,
    settle_about,
    talk_over,
)
from bot.core.moves import ASK_AGAIN_DAYS, tell
from bot.core.outcome import Change, Deed, Outcome
from bot.core.people import Person, Role


def open_desk(household: Household, number: int, reason: str, by: Person, now: datetime) -> Outcome:
    """A case of its own at the staff desk, for what belongs to no visit."""
    today, house_id = civil(now), household.house.id
    case = Case(f"{house_id}-{number}", house_id, number, AT_DESK, opened_on=today, target_on=today)
    scene, outcome = raise_matter(Scene(household, case, ()), reason, today, by.id)
    return finish(scene, now, outcome, soonest=today)


def take(scene: Scene, by: str, now: datetime) -> Outcome:
    """A member of the staff takes the matter; after some business days without an end it comes back to the desk."""
    return _held(scene, by, by, OFFICE.after(civil(now), TAKEN_DAYS), "matter_taken", now)


def snooze(scene: Scene, by: str, until: date, now: datetime) -> Outcome:
    """The matter sleeps until that day, but never past the last lawful one of the visit while that is to come."""
    taken, tomorrow = scene.case.matter.taken_by if scene.case.matter else "", civil(now) + timedelta(days=1)
    last = scene.backstop_on if scene.backstop_on and scene.backstop_on >= tomorrow else until
    return _held(scene, by, taken, max(min(until, last), tomorrow), "matter_snoozed", now)


def _held(scene: Scene, by: str, taken_by: str, until: date, kind: str, now: datetime) -> Outcome:
    open_matter = scene.case.matter or Matter("asked", civil(now))
    held = replace(open_matter, taken_by=taken_by, until=until)
    deed = Deed(kind, by, {"reason": held.reason, "until": until.isoformat()}, scene.case.id)
    return finish(replace(scene, case=replace(scene.case, matter=held)), now, Outcome(deeds=(deed,)))


def settle(scene: Scene, by: str, why: str, now: datetime) -> Outcome:
    """The staff close a matter with a reason; the case itself goes on where it stood."""
    today, matter = civil(now), scene.case.matter
    if matter is None:
        return finish(scene, now, Outcome())
    deed = Deed("matter_closed", by, {"reason": matter.reason, "why": why}, scene.case.id)
    ended = talk_over(scene, by)
    case = _without(replace(scene.case, matter=None), matter.reason, today)
    if not scene.works and case.risk is None:  # a risk is over when it is mended
        case = replace(case, phase=Phase.CLOSED)
    return finish(replace(scene, case=case), now, ended.and_also(Outcome(deeds=(deed,))), soonest=today)


def _without(case: Case, reason: str, today: date) -> Case:
    """The case as it goes on: who owes a word is asked again, after words that staff did not take everybody is."""
    if reason == "disagreement":
        return case.fresh_round(phase=Phase.CONFIRMING)
    if reason == "other_company":
        return case.fresh_round(phase=Phase.ARRANGING, visit_on=None)
    for side in (Role.SERVICER, Role.OWNER):
        silent = case.phase is Phase.ARRANGING and case.silence.get(side, 0)
        missing = case.phase is Phase.CONFIRMING and case.report_of(side) is None
        if (silent or missing) and side not in case.later:
            case = case.ask_again(side, today + timedelta(days=ASK_AGAIN_DAYS))
    return case


def called(scene: Scene, by: str, said: str, now: datetime) -> Outcome:
    """A telephone call by the staff, with what came of it (a code of the page's)."""
    deed = Deed("servicer_called", by, {"said": said}, scene.case.id)
    if scene.case.matter is not None:
        scene = replace(scene, case=replace(scene.case, matter=replace(scene.case.matter, called_on=civil(now))))
    return finish(scene, now, Outcome(deeds=(deed,)))


def assign(scene: Scene, by: str, servicer: Person, now: datetime) -> Outcome:
    """Another servicer takes the house over: it is given what it needs and asked for days, the owner is told who comes.

    For the one before it is over, in so many words, unless it has closed and was told nothing for a while.
    """
    over = access_over(scene, by, civil(now))
    scene = replace(scene, household=replace(scene.household, servicer=servicer))
    scene, outcome = with_company(scene, by)
    chosen = Change("servicer_chosen", {"servicer_id": servicer.id.partition(":")[2]})
    told = Outcome(changes=(chosen,), says=pack_ready(scene, civil(now)))
    return finish(scene, now, over.and_also(outcome).and_also(told), soonest=civil(now))


def with_company(scene: Scene, by: str) -> tuple[Scene, Outcome]:
    """The case begun anew with the servicer that the house has now; what was arranged with another is over.

    One that was opened only to find another company, and has no works, has come to its end.
    """
    servicer, before = scene.household.servicer, scene.case.company
    assert servicer is not None
    scene, settled = settle_about(scene, by, OF_COMPANY)
    if scene.case.candidacy is not None and scene.case.candidacy.servicer != servicer.id:
        scene, told = let_go(scene, by, "other_company")
        settled = settled.and_also(told)
    done = not scene.works and scene.case.matter is None
    case = scene.case.fresh_round(phase=Phase.CLOSED if done else Phase.ARRANGING, visit_on=None)
    rounds = {name: day for name, day in case.fired.items() if not name.startswith("servicer_")}
    scene = replace(scene, case=replace(case, fired=rounds, silence={}, later={}, company=servicer.id, candidacy=None))
    changed = Deed("servicer_changed", by, {"from": before, "to": servicer.id}, case.id)
    return scene, settled.and_also(Outcome(deeds=(changed,), says=tell(scene, Role.OWNER, "owner_company")))
