"""What the people concerned can do with a case, besides reporting that the work was done."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.core.asked import let_go
from bot.core.business import OFFICE
from bot.core.case import KEPT_BETWEEN_ROUNDS, Phase, Scene
from bot.core.course import ahead, finish, side_of
from bot.core.days import civil
from bot.core.ladder import DAY_BEFORE, VISIT_LEAD
from bot.core.matter import AT_ONCE, CLOCK, OF_CHOICE, OF_DAY, heard_from, partner, raise_matter, settle_about
from bot.core.outcome import Deed, Mode, Outcome, Say, way_of
from bot.core.particulars import about
from bot.core.people import Person, Role

ASK_AGAIN_DAYS = 14  # when somebody says "not yet" or "later" without a date
ASK_EARLY_DAYS = 14  # days offered so soon after the usual question that it is asked now
# What a fixed day answers.
BY_A_DAY = (
    OF_DAY
    | OF_CHOICE
    | {"servicer_silent", "servicer_back", "overdue", "cannot", "put_off", "unreached", "old_date", "stuck"}
)


def other_side(person: Person) -> Role:
    return Role.SERVICER if person.role is Role.OWNER else Role.OWNER


def tell(scene: Scene, side: Role, kind: str, *, asks: bool = False, before: date | None = None) -> tuple[Say, ...]:
    """The same word to everybody of a side; nobody is told anything of a house without its owner's mandate.

    ``before`` is the day of the visit that is spoken of, where the case has forgotten it.
    """
    if not scene.household.mandated:
        return ()
    known, case_id, mode = about(scene), scene.case.id, way_of(scene.case, Mode.RELAY)
    if before is not None:
        known["visit"] = before.isoformat()
    told = (person for person in side_of(scene, side) if person.id != partner(scene))  # the staff tell, and hand back
    return tuple(Say(person.id, kind, known, mode, case_id, asks=asks) for person in told)


def offer(scene: Scene, by: Person, days: Sequence[date], now: datetime) -> Outcome:
    """The servicer offers days. The owner is asked at once unless the usual question comes well before them."""
    today = civil(now)
    offered = tuple(sorted({day for day in days if day > today}))
    scene, heard = heard_from(scene, by.id, today)
    case = replace(scene.case, offered=offered, wished_on=None)
    deed = Deed("days_offered", by.id, {"days": [day.isoformat() for day in offered]}, case.id)
    said: tuple[Say, ...] = ()
    if offered and not _asked_in_time(replace(scene, case=case)):
        said = tell(replace(scene, case=case), Role.OWNER, "owner_ask", asks=True)
        case = replace(case, fired={**case.fired, "owner_asked": today}, silence={**case.silence, Role.OWNER: 1})
    return finish(replace(scene, case=case), now, heard.and_also(Outcome(deeds=(deed,), says=said)))


def _asked_in_time(scene: Scene) -> bool:
    """Whether the owner's usual question is still to come, and leaves time to choose among the days on offer."""
    usual = (reached.on for reached in ahead(scene) if reached.rung.name == "owner_asked")
    return any(scene.case.offered[0] > day + timedelta(days=ASK_EARLY_DAYS) for day in usual)


def wish(scene: Scene, by: Person, day: date, now: datetime) -> Outcome:
    """The owner names a day; the servicer is asked whether it suits."""
    scene, heard = heard_from(scene, by.id, civil(now))
    case = replace(scene.case, wished_on=day, offered=())
    case = case.ask_again(Role.SERVICER, _their_days(scene, civil(now), 3))
    scene = replace(scene, case=case)
    deed = Deed("day_wished", by.id, {"day": day.isoformat()}, case.id)
    says = tell(scene, Role.SERVICER, "servicer_wish", asks=True)
    return finish(scene, now, heard.and_also(Outcome(deeds=(deed,), says=says)))


def _their_days(scene: Scene, day: date, count: int) -> date:
    """So many of the servicer's own business days after ``day``."""
    servicer = scene.household.servicer
    return (servicer.calendar if servicer else OFFICE).after(day, count)


def fix(scene: Scene, by: Person, day: date, now: datetime) -> Outcome:
    """A day is fixed: the ladder is silent until it comes. Beyond the last lawful day the staff are told."""
    today = civil(now)
    if scene.case.report_of(other_side(by)):
        return _against(scene, by, Deed("day_wished", by.id, {"day": day.isoformat()}, scene.case.id), now)
    kind = "visit_moved" if scene.case.visit_on else "visit_fixed"
    scene, heard = heard_from(scene, by.id, today)
    scene, told = let_go(scene, by.id, "day_fixed")  # the house stays with the company that it has
    heard = heard.and_also(told)
    case = scene.case.fresh_round(phase=Phase.FIXED, visit_on=day, later={})
    if day <= today + timedelta(days=1):  # the word for the day before is said with this one
        case = replace(case, fired={**case.fired, DAY_BEFORE: today})
    outcome = heard.and_also(Outcome(deeds=(Deed(kind, by.id, {"day": day.isoformat()}, case.id),)))
    scene, settled = settle_about(replace(scene, case=case), by.id, BY_A_DAY)
    outcome = outcome.and_also(settled)
    if scene.backstop_on is not None and day > scene.backstop_on:
        scene, told = _tell_staff(scene, "past_backstop", today, CLOCK)
        outcome = outcome.and_also(told)
    says = tell(scene, Role.OWNER, "owner_fixed") + tell(scene, Role.SERVICER, "servicer_fixed")
    return finish(scene, now, outcome.and_also(Outcome(says=says)), soonest=today)


def not_yet(scene: Scene, by: Person, again: date | None, now: datetime) -> Outcome:
    """It has not been done. After a fixed day this means that the visit fell through: days are asked for anew."""
    today, before = civil(now), scene.case
    deed = Deed("work_not_done", by.id, {}, before.id)
    if before.report_of(other_side(by)):
        return _against(scene, by, deed, now)
    scene, outcome = heard_from(scene, by.id, today)
    outcome = outcome.and_also(Outcome(deeds=(deed,)))
    day = before.visit_on
    if before.phase is Phase.FIXED and day is not None and day >= today:
        return finish(scene, now, outcome, soonest=today)  # of course not: the day is still to come
    if before.phase is Phase.ARRANGING or day is None:
        case = scene.case.ask_again(by.role, _again(scene, again, today))
        return finish(replace(scene, case=case), now, outcome, soonest=today)
    case = scene.case.fresh_round(phase=Phase.ARRANGING, visit_on=None)
    case = case.ask_again(Role.SERVICER, _their_days(scene, today, 5))
    scene, settled = settle_about(replace(scene, case=case), by.id, OF_DAY)
    fell = Deed("visit_fell_through", by.id, {"day": day.isoformat()}, case.id)
    says = tell(scene, other_side(by), f"{other_side(by)}_visit_off", before=day)
    return finish(scene, now, outcome.and_also(settled).and_also(Outcome(deeds=(fell,), says=says)), soonest=today)


def call_off(scene: Scene, by: Person, now: datetime) -> Outcome:
    """The owner cannot on the fixed day and names no other: the company is told at once, or it would come in vain."""
    today, day = civil(now), scene.case.visit_on
    assert day is not None
    scene, outcome = heard_from(scene, by.id, today)
    case = scene.case.fresh_round(phase=Phase.ARRANGING, visit_on=None)
    case = case.ask_again(Role.SERVICER, _their_days(scene, today, 5))
    scene, settled = settle_about(replace(scene, case=case), by.id, OF_DAY)
    off = Deed("visit_called_off", by.id, {"day": day.isoformat()}, case.id)
    says = tell(scene, Role.SERVICER, "servicer_called_off", before=day)
    return finish(scene, now, outcome.and_also(settled).and_also(Outcome(deeds=(off,), says=says)), soonest=today)


def _against(scene: Scene, by: Person, deed: Deed, now: datetime) -> Outcome:
    """A word against the other side's report, which stands: the staff find out which is true."""
    scene, heard = heard_from(scene, by.id, civil(now))
    reports = tuple(report for report in scene.case.reports if report.side is not by.role)
    scene = replace(scene, case=replace(scene.case, reports=reports))
    scene, raised = raise_matter(scene, "disagreement", civil(now), by.id)
    return finish(scene, now, heard.and_also(Outcome(deeds=(deed,))).and_also(raised))


def withdraw(scene: Scene, by: Person, source: str, now: datetime) -> Outcome:
    """What was reported in one message no longer stands, because that message was taken back: it is asked again."""
    today = civil(now)
    left = tuple(report for report in scene.case.reports if report.source != source)
    case = replace(scene.case.heard(by.role, today), reports=left)
    if not left and case.visit_on is not None and case.phase is Phase.CONFIRMING and case.matter is None:
        case = replace(case, fired={name: day for name, day in case.fired.items() if name in KEPT_BETWEEN_ROUNDS})
    scene = replace(scene, case=case.ask_again(by.role, today + timedelta(days=1)))
    deed = Deed("report_withdrawn", by.id, {}, case.id)
    return finish(scene, now, Outcome(deeds=(deed,)), soonest=today)


def unevidenced(scene: Scene, by: Person, files: Collection[str], now: datetime) -> Outcome:
    """Files that are no longer there are no evidence of anything: what was reported stands on what is left."""
    reports = tuple(
        replace(report, evidence=tuple(ref for ref in report.evidence if ref not in files))
        for report in scene.case.reports
    )
    deed = Deed("evidence_withdrawn", by.id, {}, scene.case.id)
    return finish(replace(scene, case=replace(scene.case, reports=reports)), now, Outcome(deeds=(deed,)))


def later(scene: Scene, by: Person, again: date | None, now: datetime) -> Outcome:
    """Ask again on that day (or in two weeks), but never later than the last lawful day allows.

    While a day is fixed there is nothing to ask before it.
    """
    today = civil(now)
    scene, heard = heard_from(scene, by.id, today)
    if scene.case.phase is Phase.FIXED:
        return finish(scene, now, heard, soonest=today)
    day = _again(scene, again, today)
    deed = Deed("asked_for_later", by.id, {"day": day.isoformat()}, scene.case.id)
    put_off = {**scene.case.put_off, by.role: scene.case.put_off.get(by.role, 0) + 1}
    scene = replace(scene, case=replace(scene.case.ask_again(by.role, day), put_off=put_off))
    return finish(scene, now, heard.and_also(Outcome(deeds=(deed,))), soonest=today)


def _again(scene: Scene, wished: date | None, today: date) -> date:
    day = wished if wished is not None and wished > today else today + timedelta(days=ASK_AGAIN_DAYS)
    last = scene.backstop_on - timedelta(days=VISIT_LEAD // 3) if scene.backstop_on else day
    return max(min(day, last), today + timedelta(days=1))


def quoted(scene: Scene, by: Person, now: datetime) -> Outcome:
    """The servicer has sent a quotation: the owner looks at it in peace, and the servicer is asked for days later."""
    today = civil(now)
    scene, heard = heard_from(scene, by.id, today)
    deed = Deed("quotation_sent", by.id, {}, scene.case.id)
    says = tell(scene, Role.OWNER, "owner_quoted")
    scene = replace(scene, case=scene.case.ask_again(by.role, _again(scene, None, today)))
    return finish(scene, now, heard.and_also(Outcome(deeds=(deed,), says=says)), soonest=today)


def matter(scene: Scene, by: Person, reason: str, now: datetime) -> Outcome:
    """Something that only a person can settle: the staff are told."""
    today = civil(now)
    scene, heard = heard_from(scene, by.id, today) if by.role is not Role.STAFF else (scene, Outcome())
    scene, told = _tell_staff(scene, reason, today, by.id)
    return finish(scene, now, heard.and_also(told), soonest=today)


def _tell_staff(scene: Scene, reason: str, today: date, by: str) -> tuple[Scene, Outcome]:
    """A matter raised; where it is open already for this very reason it is told beside it: nothing passes silently."""
    raised, outcome = raise_matter(scene, reason, today, by)
    if outcome.deeds:
        return raised, outcome
    deed = Deed("matter_added", by, {"reason": reason}, scene.case.id)
    params = about(scene) | {"owner": "", "reason": reason, "level": 0, "since": today.isoformat()}
    mode = Mode.ALARM if reason in AT_ONCE else Mode.PROMPT
    return scene, Outcome(deeds=(deed,), says=(Say("staff:desk", "staff_alert", params, mode, scene.case.id),))
