"""Time passes over a case."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.core.candidacy import run_out
from bot.core.case import Basis, Case, Phase, Scene
from bot.core.closing import close
from bot.core.course import ahead, evidence_day, finish, side_of, visits
from bot.core.days import civil
from bot.core.desk import with_company
from bot.core.ladder import Rung, rungs
from bot.core.matter import CLOCK, MANDATE, come_back, raise_matter, settle_matter, stopped
from bot.core.moves import tell
from bot.core.outcome import Deed, Mode, Outcome, Say, way_of
from bot.core.particulars import about
from bot.core.people import LETTER, Person, Role


def advance(scene: Scene, now: datetime) -> Outcome:
    """Everything that the passing of time has brought about by ``now``, coalesced: each side hears the latest only."""
    today = civil(now)
    scene = replace(scene, case=_passed(scene.case, today))
    if _evidence_stands(scene, today):
        report = scene.case.report_of(Role.SERVICER)
        assert report is not None
        return close(scene, Basis.UNCONFIRMED, report, now)
    outcome = Outcome()
    for step in (_mandate, _company, come_back, run_out, _offers, _ladder):
        scene, more = step(scene, today)
        outcome = outcome.and_also(more)
    return finish(scene, now, outcome, soonest=today + timedelta(days=1))


def _passed(case: Case, today: date) -> Case:
    """A fixed visit whose day is over waits for word of it."""
    if case.phase is Phase.FIXED and case.visit_on is not None and case.visit_on < today:
        return replace(case, phase=Phase.CONFIRMING)
    return case


def _evidence_stands(scene: Scene, today: date) -> bool:
    day = evidence_day(scene)
    return day is not None and day <= today and not stopped(scene)


def _mandate(scene: Scene, today: date) -> tuple[Scene, Outcome]:
    """Without the owner's mandate a case lies with the staff; with it, it goes on."""
    case, household = scene.case, scene.household
    if not scene.works:  # what lies at the desk in its own right is said to nobody else anyway
        return scene, Outcome()
    known = bool(household.owners) or household.parted
    missing = "no_owner" if not known else "" if household.mandated else "no_mandate"
    standing = case.matter.reason if case.matter and case.matter.reason in MANDATE else ""
    if missing == standing:
        return scene, Outcome()
    return raise_matter(scene, missing, today) if missing else settle_matter(scene, CLOCK)


def _company(scene: Scene, today: date) -> tuple[Scene, Outcome]:
    """Another servicer has the house now, or the one whose move it was is gone."""
    case, servicer = scene.case, scene.household.servicer
    if not visits(case) or servicer is None:
        return scene, Outcome()
    if case.holder == servicer.id and not servicer.active:
        return raise_matter(scene, "no_servicer", today)
    if case.company in ("", servicer.id):
        return scene, Outcome()
    if case.phase is not Phase.CONFIRMING:
        return with_company(scene, CLOCK)
    # Who was to come can no longer be asked here: the staff find out whether they did.
    return raise_matter(replace(scene, case=replace(case, company=servicer.id)), "unreported", today)


def _offers(scene: Scene, today: date) -> tuple[Scene, Outcome]:
    """Offered days that nobody chose and that have passed are asked for anew."""
    case = scene.case
    left = tuple(day for day in case.offered if day > today)
    if case.phase is not Phase.ARRANGING or left == case.offered:
        return scene, Outcome()
    case = replace(case, offered=left)
    if left:
        return replace(scene, case=case), Outcome()
    return replace(scene, case=case.ask_again(Role.SERVICER, today)), Outcome(
        deeds=(Deed("offer_ran_out", CLOCK, {}, case.id),)
    )


def _ladder(scene: Scene, today: date) -> tuple[Scene, Outcome]:
    outcome = Outcome()
    if stopped(scene):
        return scene, outcome
    due_again = {side for side, day in scene.case.later.items() if max(day, scene.talk_until(Role(side))) <= today}
    later = {side: day for side, day in scene.case.later.items() if side not in due_again}
    scene = replace(scene, case=replace(scene.case, later=later))
    if Role.SERVICER in due_again and scene.case.phase is Phase.FIXED and scene.case.wished_on:
        scene, outcome = raise_matter(scene, "servicer_silent", today)  # the day does not suit, and nobody says so
    if Role.OWNER in due_again and scene.case.phase is Phase.FIXED:  # a new owner hears of the day that was fixed
        due_again.discard(Role.OWNER)
        says = tell(scene, Role.OWNER, "owner_fixed") + tell(scene, Role.SERVICER, "servicer_fixed")
        outcome = outcome.and_also(Outcome(says=says))
    due = [
        reached.rung
        for reached in ahead(scene)
        if reached.on <= today and not _too_late(scene.case, reached.rung, today)
    ]
    for side in (Role.SERVICER, Role.OWNER, Role.STAFF):
        mine = [rung for rung in due if rung.to is side]
        if not mine and side in due_again:
            mine = _last_asked(scene.case, side)
        if mine:
            scene, more = _reach(scene, mine, today)
            outcome = outcome.and_also(more)
    return scene, outcome


def _too_late(case: Case, rung: Rung, today: date) -> bool:
    """The word for the day before is not said on the day itself."""
    return rung.phase is Phase.FIXED and case.visit_on is not None and case.visit_on <= today


def _last_asked(case: Case, side: Role) -> list[Rung]:
    """The last question to a side in this phase, to be asked once more."""
    asked = [rung for rung in rungs(case.ladder) if rung.to is side and rung.phase is case.phase and not rung.letter]
    reached = [rung for rung in asked if rung.name in case.fired]
    return [max(reached, key=lambda rung: case.fired[rung.name])] if reached else asked[:1]


def _reach(scene: Scene, mine: list[Rung], today: date) -> tuple[Scene, Outcome]:
    """One side's rungs are reached: the last one speaks, those before it count as said with it."""
    last = mine[-1]
    told, outcome = _speak(scene, last, today)
    kept = {name: day for name, day in scene.case.fired.items() if not _follows(scene.case, name, last)}
    fired = kept | {rung.name: today for rung in mine}
    deed = Deed("rung_reached", CLOCK, {"rung": last.name, "to": last.to}, scene.case.id)
    return replace(told, case=replace(told.case, fired=fired)), outcome.and_also(Outcome(deeds=(deed,)))


def _follows(case: Case, name: str, rung: Rung) -> bool:
    """Whether a reached rung is one of the reminders after this one, which begin anew when it is asked again."""
    known = {other.name: other for other in rungs(case.ladder)}
    follower = known.get(name)
    while follower is not None and follower.after and not follower.again:
        if follower.after == rung.name:
            return True
        follower = known.get(follower.after)
    return False


def _speak(scene: Scene, rung: Rung, today: date) -> tuple[Scene, Outcome]:
    if rung.to is Role.STAFF:
        return raise_matter(scene, rung.says, today)
    servicer = scene.household.servicer
    if rung.to is Role.SERVICER and (servicer is None or not servicer.active):
        return raise_matter(scene, "no_servicer", today)
    turn = _turn(scene, rung.to)
    says = tuple(_ask(scene, rung, person, turn) for person in side_of(scene, rung.to))
    silence = {**scene.case.silence, rung.to: turn + rung.asks}
    return replace(scene, case=replace(scene.case, silence=silence)), Outcome(says=says)


def _turn(scene: Scene, side: Role) -> int:
    """How often that side was asked and said nothing; a question that a pause still holds is not asked yet."""
    asked = scene.case.silence.get(side, 0)
    mine = {rung.name for rung in rungs(scene.case.ladder) if rung.to is side}
    last = max((day for name, day in scene.case.fired.items() if name in mine), default=date.min)
    return max(asked - 1, 0) if scene.held.get(side, date.min) > last else asked


def _ask(scene: Scene, rung: Rung, person: Person, turn: int) -> Say:
    kind, servicer = rung.says, scene.household.servicer
    if kind == "owner_ask" and (servicer is None or not servicer.active):
        kind = "owner_wait"  # who comes is being settled; the owner is told that nothing is asked now
    mode, channel = way_of(scene.case, Mode.PROMPT), LETTER if rung.letter else ""
    return Say(person.id, kind, about(scene), mode, scene.case.id, turn, channel, asks=True)
