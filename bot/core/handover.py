"""All houses of a company that closes go to others: each by the way of candidacy, held by who approved it meanwhile.

A house without an open visit gets a case in which it is asked who takes it over, so that it has a holder. What was
begun can be taken back until the company that is asked has accepted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.core.access import access_ended
from bot.core.asked import let_go
from bot.core.business import OFFICE
from bot.core.candidacy import ask_next
from bot.core.case import Candidacy, Case, Matter, Phase, Scene
from bot.core.course import finish, visits
from bot.core.days import civil
from bot.core.house import Household
from bot.core.ladder import AT_DESK, TAKEN_DAYS
from bot.core.matter import CLOCK, MANDATE, OF_COMPANY, settle_about
from bot.core.moves import tell
from bot.core.outcome import Deed, Mode, Outcome, Say
from bot.core.people import Role, servicer_key

CLOSED = "closed"
REASONS = (CLOSED,)  # why all houses of a company are handed over
ASKED_A_DAY = 30  # houses about which one company is asked on one day: more nobody can answer


@dataclass(frozen=True, slots=True)
class Approved:
    """What was approved of one house: in which handover, by whom, who is asked, and since when access has ended."""

    handover: int
    by: str
    companies: tuple[str, ...]
    ended_on: date


@dataclass(frozen=True, slots=True)
class Told:
    """That an owner was told that their company has closed, and which day of a visit was called off with that."""

    visit_off: date | None = None


def was_prepared(handover: int, servicer_id: str, by: str) -> Deed:
    return Deed("handover_prepared", by, {"handover": handover, "servicer": servicer_id})


def was_wanted(handover: int, servicer_id: str, by: str) -> Deed:
    return Deed("handover_wanted", by, {"handover": handover, "servicer": servicer_id})


def was_approved(handover: int, servicer_id: str, by: str) -> Deed:
    return Deed("handover_approved", by, {"handover": handover, "servicer": servicer_id})


def was_carried_out(handover: int, servicer_id: str, by: str) -> Deed:
    """Every house of it was begun: a company is asked, or it lies with the staff."""
    return Deed("handover_carried_out", by, {"handover": handover, "servicer": servicer_id})


def was_chosen(which: tuple[int, str], before: str, company: str, by: str) -> Deed:
    """``which``: the handover and the house, about which another company is asked first; empty for nobody."""
    handover, house = which
    return Deed("handover_chosen", by, {"handover": handover, "house": house, "from": before, "to": company})


def was_taken_back(handover: int, servicer_id: str, by: str) -> Deed:
    return Deed("handover_taken_back", by, {"handover": handover, "servicer": servicer_id})


def case_to_hand_over(scenes: Sequence[Scene]) -> Scene | None:
    """The open visit in which another company is asked for; None where there is none for which days can be arranged."""
    asked = [scene for scene in scenes if scene.case.candidacy is not None]
    open_visits = (scene for scene in scenes if visits(scene.case) and scene.case.phase is not Phase.CONFIRMING)
    found = [*asked, *sorted(open_visits, key=lambda scene: (scene.case.target_on, scene.case.id))]
    return found[0] if found else None


def case_without_visit(household: Household, number: int, target_on: date, today: date) -> Scene:
    """A case for a house where nothing is open that a company comes for: it lasts until another one has the house."""
    house = household.house
    company = household.servicer.id if household.servicer else ""
    case = Case(f"{house.id}-{number}", house.id, number, AT_DESK, today, target_on, company=company)
    return Scene(household, case, (), number + 1)


def begin(scene: Scene, approved: Approved, now: datetime) -> Outcome:
    """The first company is asked; the owner is told that theirs has closed. Where nobody can be, the staff hold it."""
    today, visit_on = civil(now), scene.case.visit_on
    if scene.case.candidacy is not None:
        return _goes_on_asking(scene, scene.case.candidacy, approved, now)
    ended = Outcome(deeds=(access_ended(scene, approved.by, approved.ended_on),))
    scene, outcome = _visit_off(scene)
    outcome = ended.and_also(outcome)
    told = _owner_told(scene, visit_on)
    if not approved.companies or not scene.household.mandated:
        scene, held = _with_staff(scene, approved.by, today)
        return finish(scene, now, outcome.and_also(held).and_also(told))
    scene, settled = settle_about(scene, approved.by, OF_COMPANY)
    first = Candidacy("", approved.by, today, today, approved.companies, handover=approved.handover)
    scene, asked = ask_next(scene, first)
    return finish(scene, now, outcome.and_also(settled).and_also(told).and_also(asked))


def _goes_on_asking(scene: Scene, candidacy: Candidacy, approved: Approved, now: datetime) -> Outcome:
    """The staff were asking somebody already: that goes on. An owner who decides about a company now knows enough."""
    outcome = Outcome(deeds=(access_ended(scene, approved.by, approved.ended_on),))
    going = replace(candidacy, handover=approved.handover, by=approved.by)
    scene = replace(scene, case=replace(scene.case, candidacy=going))
    if not candidacy.accepted:
        visit_on, asked_in = scene.case.visit_on, scene.case.round
        scene, off = _visit_off(scene)
        scene = replace(scene, case=replace(scene.case, round=asked_in))  # who is asked may answer all the same
        outcome = outcome.and_also(off).and_also(_owner_told(scene, visit_on))
    return finish(scene, now, outcome)


def _owner_told(scene: Scene, visit_on: date | None) -> Outcome:
    return Outcome(says=tell(scene, Role.OWNER, "owner_company_closed", before=visit_on))


def hold_beside(scene: Scene, approved: Approved, now: datetime) -> Outcome:
    """Another open case of the house in which it was the closed company's move: one of the staff holds it.

    Whether it came on the day that was fixed can no longer be asked there: the staff find out.
    """
    reason = "unreported" if scene.case.phase is Phase.CONFIRMING else "no_servicer"
    scene, held = _with_staff(scene, approved.by, civil(now), reason)
    return finish(scene, now, held)


def concerned(scene: Scene, approved: Approved) -> bool:
    """Whether it is, or was until the approval, the closed company's move in this case."""
    servicer = scene.household.servicer
    theirs = scene.case.holder in (approved.by, servicer.id if servicer else "")
    matter = scene.case.matter
    return visits(scene.case) and theirs and (matter is None or matter.reason in ("no_servicer", "unreported"))


def take_back(scene: Scene, by: str, now: datetime, told: Told | None = None) -> Outcome:
    """What was begun at a house is taken back: whoever is asked is told; the house goes on with the company it has.

    Where that one has closed, the staff hold the house, and what its owner was ``told`` stays true.
    """
    servicer = scene.household.servicer
    scene, outcome = let_go(scene, by, "taken_back")
    if servicer is None or not servicer.active:
        scene, held = _with_staff(scene, by, civil(now))
        return finish(scene, now, outcome.and_also(held))
    scene, settled = settle_about(scene, by, OF_COMPANY)
    seen = Deed("access_resumed", by, {"to": servicer.id}, scene.case.id)
    outcome = outcome.and_also(settled).and_also(Outcome(deeds=(seen,)))
    if not scene.works and scene.case.matter is None:
        scene = replace(scene, case=replace(scene.case, phase=Phase.CLOSED))
    return finish(scene, now, outcome.and_also(_unsaid(scene, told)), soonest=civil(now))


def _unsaid(scene: Scene, told: Told | None) -> Outcome:
    """An owner who heard that the company has closed hears that it goes on; both hear which visit stays off."""
    if told is None:
        return Outcome()
    says = tell(scene, Role.OWNER, "owner_company_back", before=told.visit_off)
    if told.visit_off is not None:
        says += tell(scene, Role.SERVICER, "servicer_visit_lost", before=told.visit_off)
    return Outcome(says=says)


def resumed(servicer_id: str, houses: int) -> Outcome:
    """A company that is in business again is told so, once for all its houses."""
    return Outcome(says=(Say(servicer_key(servicer_id), "servicer_access_back", {"houses": houses}, Mode.RELAY),))


def may_take_back(scene: Scene, handover: int) -> bool:
    """Until the company that is asked has accepted."""
    candidacy = scene.case.candidacy
    return candidacy is None or (candidacy.handover == handover and not candidacy.accepted)


def _visit_off(scene: Scene) -> tuple[Scene, Outcome]:
    """A day that was fixed with a company that has closed is no day any more."""
    case = scene.case
    if case.phase is not Phase.FIXED or case.visit_on is None:
        return replace(scene, case=replace(case, offered=(), wished_on=None)), Outcome()
    fell = Deed("visit_fell_through", CLOCK, {"day": case.visit_on.isoformat()}, case.id)
    return replace(scene, case=case.fresh_round(phase=Phase.ARRANGING, visit_on=None)), Outcome(deeds=(fell,))


def _with_staff(scene: Scene, by: str, today: date, reason: str = "no_servicer") -> tuple[Scene, Outcome]:
    """Nobody can be asked: one of the staff holds it, without an alert for each of many houses.

    What somebody brought up stays as it is, and with whom it is.
    """
    standing = scene.case.matter
    if standing is not None and (standing.reason not in OF_COMPANY | MANDATE or standing.taken_by):
        return scene, Outcome()
    until = OFFICE.after(today, TAKEN_DAYS)
    reason = standing.reason if standing is not None and standing.reason in MANDATE else reason
    deed = Deed("matter_taken", by, {"reason": reason, "until": until.isoformat()}, scene.case.id)
    taken = Matter(reason, today, taken_by=by, until=until)
    return replace(scene, case=replace(scene.case, matter=taken)), Outcome(deeds=(deed,))
