"""How a work comes to be closed, and how it does not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zlib import crc32

from bot.core.case import Basis, Case, Matter, Phase, Report, Result, Scene, Work
from bot.core.course import finish, side_of, visits
from bot.core.days import civil
from bot.core.history.entering import to_enter
from bot.core.ladder import EVENT, EVENT_VISIT, FINDING_DAYS
from bot.core.matter import CLOCK, apart, heard_from, outlive, raise_matter, settle_about
from bot.core.moves import tell
from bot.core.outcome import Change, Deed, Mode, Outcome, Say, way_of
from bot.core.particulars import about
from bot.core.people import Person, Role
from bot.core.plan import DoneBy, Kind, Record
from bot.core.seen import Found, sorted_as

SAMPLE_EVERY = 10  # of the works closed without the owner's word, how many one stands for
FILE = "import"  # the way of a word that came in with a file
FINDING = "finding"  # the item code of what an inspection found
AFTER_EVENT = "event-visit"  # and of the visit after an event in which an owner saw damage
AGREE_DAYS = 7  # how far the two dates may lie apart; the servicer's is kept
BY_A_REPORT = frozenset({"overdue", "old_date", "past_backstop", "stuck"})  # what anybody's report answers


def reported(scene: Scene, report: Report, now: datetime) -> Outcome:
    """One side's word was taken: the case closes when nothing is missing, otherwise the other side is asked."""
    today, before = civil(now), scene.case
    scene, outcome = _taken(scene, report, today)
    case = scene.case
    if not visits(case):
        return outcome.and_also(close(scene, Basis.OWNER, report, now))
    owner, servicer = case.report_of(Role.OWNER), case.report_of(Role.SERVICER)
    if _co_owners_clash(before, report) or (owner and servicer and _in_dispute(case, owner, servicer)):
        scene, raised = raise_matter(scene, "disagreement", today)
        return finish(scene, now, outcome.and_also(raised))
    if owner and servicer:
        return outcome.and_also(close(scene, Basis.BOTH, servicer, now))
    scene, told = _tell_other_side(scene, report)
    outcome = outcome.and_also(_tell_co_owners(scene, report, before.report_of(report.side)))
    return finish(scene, now, outcome.and_also(told))


def noted(scene: Scene, report: Report, reason: str, now: datetime) -> Outcome:
    """One side's word that a person has to look at before anything follows from it."""
    scene, outcome = _taken(scene, report, civil(now))
    scene, raised = raise_matter(scene, reason, civil(now), report.person_id)
    return finish(scene, now, outcome.and_also(raised))


def evidenced(scene: Scene, report: Report, now: datetime) -> Outcome:
    """More evidence for a word that was taken before; nobody is asked anything new."""
    scene, outcome = _taken(scene, report, civil(now))
    return finish(scene, now, outcome)


def _taken(scene: Scene, report: Report, today: date) -> tuple[Scene, Outcome]:
    """The case with that word in it."""
    scene, heard = heard_from(scene, report.person_id, today)
    scene, settled = settle_about(scene, report.person_id, BY_A_REPORT)
    kept = tuple(other for other in scene.case.reports if other.side is not report.side)
    case = replace(scene.case, reports=(*kept, report), phase=Phase.CONFIRMING, visit_on=report.done_on)
    scene = replace(scene, case=case)
    return scene, heard.and_also(settled).and_also(Outcome(deeds=(_reported(scene, report),)))


def _tell_co_owners(scene: Scene, report: Report, said: Report | None) -> Outcome:
    """The first owner's word holds for all of them; the others are told it, once."""
    new = said is None or clash(said, report)
    if report.side is not Role.OWNER or not new:
        return Outcome()
    told = tell(scene, Role.OWNER, "owner_told")
    return Outcome(says=tuple(say for say in told if say.to != report.person_id))


def _co_owners_clash(before: Case, report: Report) -> bool:
    """Whether another person of the same side said something else before."""
    said = before.report_of(report.side)
    return said is not None and said.person_id != report.person_id and clash(said, report)


def _in_dispute(case: Case, owner: Report, servicer: Report) -> bool:
    """Whether the two words cannot both be true: also when the owner named another company."""
    elsewhere = case.matter is not None and case.matter.reason == "other_company"
    return elsewhere or clash(owner, servicer)


def clash(owner: Report, servicer: Report) -> bool:
    """Whether the two words cannot both be true."""
    return abs(owner.done_on - servicer.done_on) > timedelta(days=AGREE_DAYS) or owner.result is not servicer.result


def close(scene: Scene, basis: Basis, report: Report, now: datetime) -> Outcome:
    """The works of a case are done: closed on this basis with this report's date, result and performer.

    Works that the report leaves out stay open in the case. A finding opens a case of its own.
    """
    done = [work for work in scene.open_works if not report.work_ids or work.id in report.work_ids]
    performer = entrusted(scene, report)
    name = performer.name if performer else report.performer
    closed = tuple(
        replace(work, done_on=report.done_on, result=report.result, performer=name, basis=basis) for work in done
    )
    outcome = Outcome(
        works=closed,
        records=tuple(
            Record(work.code, work.part, report.done_on, name, report.result, work.id)
            for work in closed
            if work.kind is not Kind.MILESTONE
        ),
        deeds=tuple(_closed(scene, work, report) for work in closed),
        changes=to_enter(scene, closed, report, performer.id if performer else ""),
        wake_on=civil(now),
    )
    outcome = outcome.and_also(Outcome(changes=found_at(scene, report.result)))
    left = tuple(work for work in scene.open_works if work not in done)
    if report.result is Result.ISSUES and closed:
        scene, found = _finding(scene, closed, now)
        outcome = outcome.and_also(found)
    scene, kept = outlive(scene, report.person_id)
    if report.side is Role.STAFF or report.via == FILE:  # who decides says so at the desk, and a file has no one there
        kept = replace(kept, says=tuple(say for say in kept.says if say.kind != "staff_moved"))
    rest = replace(scene, works=left or closed, case=_after(scene.case, left))
    outcome = outcome.and_also(kept).and_also(_tell_closed(replace(scene, works=closed), basis, report))
    if basis is Basis.UNCONFIRMED:
        outcome = outcome.and_also(_sample(scene, now))
    return finish(rest, now, outcome)


def _sample(scene: Scene, now: datetime) -> Outcome:
    """Of what was closed without the owner's word, staff ask one in so many owners whether it was so.

    Which one follows from the case's name alone, so that nobody picks.
    """
    marked = Outcome(deeds=(Deed("sample_marked", CLOCK, {}, scene.case.id),))
    if crc32(scene.case.id.encode()) % SAMPLE_EVERY:
        return marked
    return marked.and_also(apart(scene, Matter("sample", civil(now)), CLOCK)[1])


def _after(case: Case, left: Sequence[Work]) -> Case:
    """Closed when nothing is left; otherwise a fresh round for what is."""
    if not left:
        return replace(case, phase=Phase.CLOSED, offered=(), later={})
    target = min(work.limit for work in left)
    return case.fresh_round(phase=Phase.ARRANGING, visit_on=None, target_on=target)


def entrusted(scene: Scene, report: Report) -> Person | None:
    """The house's own servicer, where it was they who came: a report names another company, or it was them."""
    servicer = scene.household.servicer if visits(scene.case) else None
    if report.via == FILE and not report.performer:
        return None  # a file that does not say who came
    if servicer is None or not report.performer or report.person_id == servicer.id:
        return servicer
    same = report.performer in servicer.name or servicer.name in report.performer
    return servicer if same else None


def _reported(scene: Scene, report: Report) -> Deed:
    data = {
        "side": report.side,
        "done_on": report.done_on.isoformat(),
        "result": report.result,
        "via": report.via,
        "evidence": len(report.evidence),
        "checklist": report.checked,
        "works": list(report.work_ids) or [work.id for work in scene.open_works],
    }
    return Deed("work_reported", report.person_id, data, scene.case.id)


def _closed(scene: Scene, work: Work, report: Report) -> Deed:
    """What the law asks of the record (施行規則第14条第1項第10号): that it was done, when, what, by whom."""
    servicer = entrusted(scene, report)
    data = {
        "work": work.id,
        "item": work.code,
        "kind": work.kind,
        "done_on": report.done_on.isoformat(),
        "result": report.result,
        "basis": work.basis,
        "entrusted_to": servicer.id if servicer else "other" if work.performer else "",
        "plan_version": work.plan_version,
    }
    return Deed("work_closed", report.person_id, data, scene.case.id)


def _tell_other_side(scene: Scene, report: Report) -> tuple[Scene, Outcome]:
    """The other side is told what was reported and asked to confirm it; their silence counts from now."""
    other = Role.SERVICER if report.side is Role.OWNER else Role.OWNER
    rung = f"{other}_confirm"
    case = scene.case
    fired = {**case.fired, rung: civil(report.said_at)}
    says = tell(scene, other, rung, asks=True)  # as it stood: this may be the first they hear of the visit
    return replace(scene, case=replace(case, fired=fired, silence={**case.silence, other: 1})), Outcome(says=says)


def _tell_closed(scene: Scene, basis: Basis, report: Report) -> Outcome:
    """Both sides are thanked; whoever spoke last hears it as an answer."""
    says: list[Say] = []
    mode = way_of(scene.case, Mode.RELAY)
    sides = (Role.OWNER, Role.SERVICER) if visits(scene.case) else (Role.OWNER,)
    for side in sides:
        params = about(scene) | {"basis": basis, "done": report.done_on.isoformat(), "result": report.result}
        says += [Say(person.id, f"{side}_closed", params, mode, scene.case.id) for person in side_of(scene, side)]
    return Outcome(says=tuple(says)) if scene.household.mandated else Outcome()


def _finding(scene: Scene, closed: Sequence[Work], now: datetime) -> tuple[Scene, Outcome]:
    """要補修: the repair is a work of its own, with a holder and a date. After an event somebody comes and looks."""
    due = civil(now) + timedelta(days=FINDING_DAYS)
    house, seen = scene.case.house_id, scene.case.check if scene.case.ladder == EVENT else None
    case_id = f"{house}-{scene.next_number}"
    ladder = "finding/1" if seen is None else EVENT_VISIT
    case = Case(case_id, house, scene.next_number, ladder, civil(now), target_on=due, check=seen)
    work = Work(
        id=f"{case_id}-1",
        case_id=case_id,
        code=FINDING if seen is None else AFTER_EVENT,
        part="・".join(work.part for work in closed),
        kind=Kind.REPAIR if seen is None else Kind.EXTRA,
        statutory=any(work.statutory for work in closed),
        done_by=DoneBy.SERVICER,
        due_on=due,
    )
    opened = Deed("finding_opened", CLOCK, {"from": scene.case.id, "due_on": due.isoformat()}, case_id)
    found, raised = _in_danger(Scene(scene.household, case, (work,)), civil(now))
    outcome = finish(
        found, now, Outcome(works=(work,), deeds=(opened,), changes=moved_on(scene, case)).and_also(raised)
    )
    return replace(scene, next_number=scene.next_number + 1), outcome


def _in_danger(scene: Scene, today: date) -> tuple[Scene, Outcome]:
    """Nobody is sent to a house that may come down before a person has talked with its owner."""
    check = scene.case.check
    if check is None or sorted_as(check) is not Found.DANGER:
        return scene, Outcome()
    return raise_matter(scene, "event_danger", today)


def found_at(scene: Scene, result: Result) -> tuple[Change, ...]:
    """What was found after an event, for the list of that event; without answers of their own, by the result."""
    if scene.case.ladder != EVENT or scene.case.check is None:
        return ()
    found = sorted_as(scene.case.check)
    if found in (Found.SILENT, Found.NONE):
        found = Found.DAMAGE if result is Result.ISSUES else Found.NONE
    return (Change("check_found", {"case": scene.case.id, "found": found}),)


def moved_on(scene: Scene, visit: Case) -> tuple[Change, ...]:
    """On the list of an event stands the case that is open now."""
    return () if visit.check is None else (Change("check_moved", {"case": scene.case.id, "to": visit.id}),)
