"""A guarantee that comes to be at risk: its owner is told in time what mends it, and told when it is good again.

What is at risk is a case of its own beside the visits, found in the sweep of the house and followed up by a ladder; it
is over when the reasons are, whoever saw to that.
"""

from dataclasses import replace
from datetime import date, datetime

from bot.core.case import Case, Phase, Risk, Scene, Work
from bot.core.closing import FINDING
from bot.core.course import finish
from bot.core.days import add_years, civil
from bot.core.ledger import Ledger
from bot.core.matter import CLOCK, raise_matter, settle_matter
from bot.core.moves import tell
from bot.core.outcome import Deed, Outcome
from bot.core.people import Role
from bot.core.plan import DoneBy, Kind
from bot.core.standing import Due, Position, Standing, State, Unconfirmed, standing, turns_on

LADDER = "standing/1"


def watched(ledger: Ledger, outcome: Outcome, number: int, now: datetime) -> Outcome:
    """What a sweep brings about, with what it means for the guarantee, and looked at again when that changes.

    ``number`` is that of the house's next case.
    """
    today, house = civil(now), ledger.household.house
    scene = next((one for one in ledger.scenes if one.case.risk is not None), None)
    if not house.guaranteed and scene is None:
        return outcome
    position = position_of(ledger, outcome, today)
    found, turn = standing(position, today), turns_on(position, today)
    if scene is None:
        more = _begun(ledger, found, number, now) if found.state is State.AT_RISK else Outcome()
    else:
        more = _changed(scene, found, now) if found.state is State.AT_RISK else _over(scene, found, now)
    days = [day for day in (outcome.wake_on, turn) if day is not None]
    return replace(outcome.and_also(more), wake_on=min(days, default=None))


def position_of(ledger: Ledger, outcome: Outcome, today: date) -> Position:
    """What is known of a house today: its ledger, and the works that this very sweep opens."""
    house, servicer = ledger.household.house, ledger.household.servicer
    opened = {scene.case.id: scene.case.opened_on for scene in ledger.scenes}
    opened |= {case.id: case.opened_on for case in outcome.cases if case.id not in opened}
    works = [work for scene in ledger.scenes for work in scene.open_works]
    works += [work for work in outcome.works if work.id not in {known.id for known in works}]
    statutory = [item for item in ledger.items if item.statutory]
    served = servicer is not None and servicer.active
    return Position(
        house_id=house.id,
        guaranteed=house.guaranteed,
        taken_in_on=house.taken_in_on,
        plan_until=add_years(house.handed_over_on, house.plan_years),
        owned=bool(ledger.household.owners) or ledger.household.parted,
        mandated=ledger.household.mandated,
        planned=bool(statutory),
        served=served or all(item.done_by is not DoneBy.SERVICER for item in statutory),
        company=servicer.id if servicer else "",
        company_gone_on=servicer.closed_on if servicer and not servicer.active else None,
        withdrawn={one.id: ledger.withdrawn[one.id] for one in ledger.household.owners if one.id in ledger.withdrawn},
        parted_on=max((day for day in ledger.withdrawals if day <= today), default=None),
        dues=tuple(_due(work, opened[work.case_id]) for work in works if _counts(work)),
        unconfirmed=tuple(_unconfirmed(ledger)),
        uncertified=house.uncertified,
        lapsed_on=house.lapsed_on,
        ended_on=house.guarantee_ended_on,
    )


def _counts(work: Work) -> bool:
    return work.open and work.statutory and work.kind is not Kind.MILESTONE


def _due(work: Work, opened_on: date) -> Due:
    return Due(work.id, work.part, work.due_on, work.backstop_on, opened_on, work.code == FINDING)


def _unconfirmed(ledger: Ledger) -> list[Unconfirmed]:
    """Those that nothing done to the item since has made good."""
    ids = {work.id for work in ledger.unconfirmed}
    later = [(record.code, record.done_on) for record in ledger.records if record.work_id not in ids]
    return [
        Unconfirmed(work.id, work.part, work.done_on)
        for work in ledger.unconfirmed
        if work.done_on and not any(code == work.code and day > work.done_on for code, day in later)
    ]


def _begun(ledger: Ledger, found: Standing, number: int, now: datetime) -> Outcome:
    """The staff see it at once; the owner is told with whatever else is said to them that day."""
    house_id, today = ledger.household.house.id, civil(now)
    fired = {"staff_at_risk": today}
    case = Case(f"{house_id}-{number}", house_id, number, LADDER, today, today, fired=fired, risk=Risk(found.reasons))
    scene, raised = raise_matter(Scene(ledger.household, case, (), number + 1), "at_risk", today)
    deed = Deed("risk_began", CLOCK, {"reasons": _keys(found)}, case.id)
    return finish(scene, now, Outcome(deeds=(deed,)).and_also(raised), soonest=today)


def _changed(scene: Scene, found: Standing, now: datetime) -> Outcome:
    """What is new is told anew, on every way; what was mended is only left out from now on."""
    risk = scene.case.risk
    assert risk is not None
    if found.reasons == risk.reasons:
        return Outcome()
    known = {reason.key for reason in risk.reasons}
    case = replace(scene.case, risk=replace(risk, reasons=found.reasons))
    if not {reason.key for reason in found.reasons} <= known:
        case = case.fresh_round(target_on=civil(now), silence={})
        case = replace(case, fired={**case.fired, "staff_at_risk": scene.case.fired["staff_at_risk"]})
    deed = Deed("risk_changed", CLOCK, {"reasons": _keys(found)}, case.id)
    return finish(replace(scene, case=case), now, Outcome(deeds=(deed,)), soonest=civil(now))


def _over(scene: Scene, found: Standing, now: datetime) -> Outcome:
    """Good again (or no guarantee is left): the staff need not look any more, and an owner who was told is told."""
    told = "owner_at_risk" in scene.case.fired and found.state is State.GOOD
    says = tell(scene, Role.OWNER, "owner_secure") if told else ()
    scene, settled = settle_matter(scene, CLOCK)
    deed = Deed("risk_over", CLOCK, {"state": found.state}, scene.case.id)
    closed = replace(scene, case=replace(scene.case, phase=Phase.CLOSED))
    return finish(closed, now, settled.and_also(Outcome(deeds=(deed,), says=says)))


def _keys(found: Standing) -> list[str]:
    return [reason.key for reason in found.reasons]
