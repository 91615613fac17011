"""What lies with the staff: why, since when, and when it is looked at again."""

from dataclasses import replace
from datetime import date

from bot.core.business import OFFICE
from bot.core.case import Case, Matter, Scene
from bot.core.days import morning
from bot.core.house import Household
from bot.core.ladder import AT_DESK, EVENT, TAKEN_DAYS
from bot.core.outcome import Deed, Mode, Outcome, Say
from bot.core.particulars import about
from bot.core.people import STAFF_DESK, Role, role_of
from bot.core.stand_in import stand_in

CLOCK = "engawa"  # who did what nobody did: the passing of time

# Business days of the office until an alert that nobody took climbs: first, second, and every time after.
CLIMB = (1, 2, 5)
# These wait for papers or for a person elsewhere; reminding the desk every day would only teach it not to look.
PATIENT = frozenset(
    {"no_mandate", "no_owner", "no_servicer", "milestone", "sample", "at_risk", "no_provider", "unregistered"}
)
PATIENT_CLIMB = (10, 10, 10)
MANDATE = frozenset({"no_mandate", "no_owner"})
# While one of these is open nobody else is asked anything about the case.
STOPS_LADDER = MANDATE | {
    "emergency",
    "event_danger",
    "event_unasked",
    "disagreement",
    "fraud",
    "other_company",
    "bereavement",
    "company_wish",
}
AT_ONCE = frozenset({"emergency", "fraud", "event_danger"})  # somebody stands at the door now, on a holiday too
# What time finds out by itself, and finds out again when it still holds: these may give way to what people say.
FOUND = MANDATE | {
    "event_silent",
    "event_unasked",
    "no_servicer",
    "servicer_silent",
    "overdue",
    "unreported",
    "unconfirmed",
    "milestone",
    "stuck",
    "at_risk",
}
DECIDED = frozenset({"disagreement", "other_company"})  # what the staff decide on the reports of the case itself
OF_DAY = DECIDED | {"unreported", "unconfirmed", "past_backstop"}  # about one day of a visit: over with another day
# These are about the visit and end with it; whatever else people said has to be answered all the same.
OF_CHOICE = {"nobody_left", "company_refused", "agreement_overdue"}  # about another company that was asked
OF_VISIT = (
    (FOUND - MANDATE) | DECIDED | OF_CHOICE | {"cannot", "put_off", "unreached", "old_date", "past_backstop", "asked"}
)
OF_COMPANY = OF_VISIT | {"company_wish", "closing"}  # what choosing another company settles
# Whose word ends which silence.
SILENCES = {
    "servicer_silent": Role.SERVICER,
    "unreported": Role.SERVICER,
    "unconfirmed": Role.OWNER,
    "event_silent": Role.OWNER,
    "event_unasked": Role.OWNER,
}


def stopped(scene: Scene) -> bool:
    """Whether nobody is asked by themselves: a person has to settle something first, or another company is asked.

    Of a guarantee at risk nobody is told without the owner's mandate.
    """
    if scene.case.candidacy is not None or (scene.case.risk is not None and not scene.household.mandated):
        return True
    return scene.case.matter is not None and scene.case.matter.reason in STOPS_LADDER


def raise_matter(scene: Scene, reason: str, today: date, by: str = CLOCK) -> tuple[Scene, Outcome]:
    """The case handed to the staff desk, told once.

    A case has one matter. Of two things that people said one becomes a case of its own at the desk, so that each
    has its holder and its day; what is open already for the same reason stays as it is.
    """
    asker = by if by.startswith((Role.OWNER, Role.SERVICER)) else ""
    standing, new = scene.case.matter, Matter(reason, today, asker=asker)
    if standing is not None and not _takes_place(standing.reason, reason):
        if reason == standing.reason or reason in FOUND:
            return scene, Outcome()
        return apart(scene, new, by)
    scene, outcome = _set_aside(scene)
    raised = replace(scene, case=replace(scene.case, matter=new))
    return raised, outcome.and_also(_told(raised, by))


def _takes_place(standing: str, reason: str) -> bool:
    """Whether a reason comes before the one that is open: it stops what that one let go on, or is decided here."""
    if reason == standing or reason not in STOPS_LADDER:
        return False
    return reason in DECIDED or standing in MANDATE or standing not in STOPS_LADDER


def _set_aside(scene: Scene) -> tuple[Scene, Outcome]:
    """The case without its matter: what time found is found again, what somebody said goes on as a case of its own."""
    matter = scene.case.matter
    scene = replace(scene, case=replace(scene.case, matter=None))
    if matter is None or (matter.reason in FOUND | DECIDED and not matter.talks_with):
        return scene, Outcome()
    kept = replace(matter, reason="asked") if matter.reason in FOUND | DECIDED else matter  # the talk goes on
    return apart(scene, kept, CLOCK)


def outlive(scene: Scene, by: str) -> tuple[Scene, Outcome]:
    """The case about to close: what was said beside the visit is not over with it."""
    scene, settled = settle_about(scene, by, OF_VISIT)
    scene, kept = _set_aside(scene)
    return scene, settled.and_also(kept)


def apart(scene: Scene, matter: Matter, by: str) -> tuple[Scene, Outcome]:
    """A case of its own at the desk for a matter that has no place in this one."""
    desk, house_id = desk_case(scene, matter), scene.case.house_id
    outcome = replace(_told(replace(scene, case=desk, works=()), by), house_id=house_id, cases=(desk,))
    return replace(scene, next_number=scene.next_number + 1), outcome


def desk_case(scene: Scene, matter: Matter) -> Case:
    """The case of a matter that belongs to no visit; ``scene`` tells the house and the number."""
    house_id, number = scene.household.house.id, scene.next_number
    return Case(
        id=f"{house_id}-{number}",
        house_id=house_id,
        number=number,
        ladder=AT_DESK,
        opened_on=matter.raised_on,
        target_on=matter.raised_on,
        holder=stand_in(scene.household.away, matter.taken_by) or scene.household.desk,
        next_action_at=morning(matter_day(matter)),
        version=1,
        matter=matter,
    )


def _told(scene: Scene, by: str) -> Outcome:
    matter = scene.case.matter
    assert matter is not None
    mode = Mode.ALARM if matter.reason in AT_ONCE else Mode.PROMPT
    deed = Deed("matter_raised", by, {"reason": matter.reason}, scene.case.id)
    return Outcome(deeds=(deed,), says=() if on_a_list(scene) else (alert(scene, mode),))


def on_a_list(scene: Scene) -> bool:
    """What time finds at thousands of houses after an event stands on that event's list, and is not told one by one."""
    matter = scene.case.matter
    return scene.case.ladder == EVENT and matter is not None and matter.reason in FOUND


def settle_matter(scene: Scene, by: str) -> tuple[Scene, Outcome]:
    """The open matter is over."""
    case = scene.case
    if case.matter is None:
        return scene, Outcome()
    deed = Deed("matter_settled", by, {"reason": case.matter.reason}, case.id)
    settled = replace(scene, case=replace(case, matter=None))
    says = () if on_a_list(scene) else (moved(settled, "settled", by),)
    return settled, Outcome(deeds=(deed,), says=says)


def moved(scene: Scene, state: str, by: str, mode: Mode = Mode.RELAY) -> Say:
    """What became of a matter, told where it was raised, so that nobody goes on with it. ``by`` is how they are shown.

    ``state`` is a word of the templates' list of moves.
    """
    matter = scene.case.matter
    until = matter.until.isoformat() if matter and matter.until else ""
    told = about(scene) | {"state": state, "by": by, "until": until, "open": matter is not None}
    told |= {"reason": matter.reason if matter else ""}
    told |= {"talking": bool(partner(scene))}
    return Say(STAFF_DESK, "staff_moved", told, mode, scene.case.id)


def heard_from(scene: Scene, by: str, today: date) -> tuple[Scene, Outcome]:
    """Somebody has spoken: their side is no longer silent, and the staff need not go after them."""
    side = role_of(by)
    scene = replace(scene, case=scene.case.heard(side, today))
    return settle_about(scene, by, frozenset(reason for reason, silent in SILENCES.items() if silent is side))


def settle_about(scene: Scene, by: str, reasons: frozenset[str]) -> tuple[Scene, Outcome]:
    """The open matter is over if it is one of these, and nobody is in talk about it."""
    matter = scene.case.matter
    over = matter is not None and matter.reason in reasons and not matter.talks_with
    return settle_matter(scene, by) if over else (scene, Outcome())


def alert(scene: Scene, mode: Mode = Mode.PROMPT) -> Say:
    """The staff's message about the open matter of a case."""
    matter = scene.case.matter
    assert matter is not None
    params = about(scene) | {
        "owner": "",
        "reason": matter.reason,
        "level": 0 if matter.taken_by else matter.level,  # 「まだだれも引き受けていません」
        "since": matter.raised_on.isoformat(),
    }
    kind = "staff_at_risk" if scene.case.risk is not None and matter.reason == "at_risk" else "staff_alert"
    return Say(STAFF_DESK, kind, params, mode, scene.case.id)


def matter_day(matter: Matter) -> date:
    """When an open matter is looked at again: the taking or snooze runs out, or nobody took it."""
    if matter.until is not None:
        return matter.until
    waits = PATIENT_CLIMB if matter.reason in PATIENT else CLIMB
    passed = sum(waits[min(level, len(waits) - 1)] for level in range(matter.level + 1))
    return OFFICE.after(matter.raised_on, passed)


def come_back(scene: Scene, today: date) -> tuple[Scene, Outcome]:
    """An alert that nobody took climbs; one that was taken or snoozed comes back when that runs out.

    Whoever approved the handover that the house is in goes on holding it, and is told again.
    """
    matter = scene.case.matter
    if matter is None or matter_day(matter) > today:
        return scene, Outcome()
    if matter.until is not None:
        kind, matter = "matter_came_back", _returned(scene.household, matter, today)
    else:
        kind, matter = "matter_climbed", _climbed(matter, today)
    lapsed = talk_over(scene, CLOCK) if not matter.talks_with else Outcome()
    scene = replace(scene, case=replace(scene.case, matter=matter))
    deed = Deed(kind, CLOCK, {"reason": matter.reason, "level": matter.level}, scene.case.id)
    says = () if on_a_list(scene) else (alert(scene),)
    return scene, lapsed.and_also(Outcome(deeds=(deed,), says=says))


def _returned(household: Household, before: Matter, today: date) -> Matter:
    matter = Matter(before.reason, today, asker=before.asker, called_on=before.called_on)
    if not household.approver:
        return matter
    days = PATIENT_CLIMB[0] if matter.reason in PATIENT else TAKEN_DAYS
    return replace(matter, taken_by=household.approver, until=OFFICE.after(today, days))


def _climbed(matter: Matter, today: date) -> Matter:
    while matter_day(matter) <= today:
        matter = replace(matter, level=matter.level + 1)
    return matter


def partner(scene: Scene) -> str:
    """With whom one of the staff is in talk; empty for nobody."""
    return scene.case.matter.talks_with if scene.case.matter else ""


def talk_over(scene: Scene, by: str) -> Outcome:
    """The end of a talk, told to the person; nothing where there was none."""
    person_id = partner(scene)
    if not person_id:
        return Outcome()
    deed = Deed("talk_lapsed" if by == CLOCK else "talk_ended", by, {"with": person_id}, scene.case.id)
    return Outcome(deeds=(deed,), says=(to_partner(scene, "reply_talk_waits" if by == CLOCK else "reply_talk_over"),))


def to_partner(scene: Scene, kind: str) -> Say:
    """A word about the talk itself: at once, as an answer, unless it is time that speaks."""
    known = about(scene) | {"role": role_of(partner(scene))}
    mode = Mode.RELAY if kind == "reply_talk_waits" else Mode.REPLY
    return Say(partner(scene), kind, known, mode, scene.case.id)
