"""Another company is asked whether it takes a house over, and the owner whether they agree: one after the other.

Until both have said yes the house keeps the company it has. The mandate cannot conclude a contract for the owner: they
agree to the new company by its name and fee. Whoever says no, or lets the day pass, makes room for the next of those
whom the staff have chosen; when nobody is left it lies with the staff again.
"""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from bot.core.asked import let_go, over, seen_by_candidate, with_candidacy
from bot.core.business import OFFICE
from bot.core.case import Candidacy, Scene
from bot.core.course import finish
from bot.core.days import civil
from bot.core.desk import assign
from bot.core.ladder import TAKEN_DAYS
from bot.core.matter import CLOCK, OF_COMPANY, moved, raise_matter, settle_about
from bot.core.moves import tell
from bot.core.outcome import Deed, Mode, Outcome, Say
from bot.core.particulars import about
from bot.core.people import STAFF_DESK, Person, Role

ANSWER_DAYS = 5  # business days of the office for the company that is asked
ASSOCIATION_DAYS = 10  # business days of the office for an association, which has to look for one
OWNER_DAYS = 10  # business days of the office until the staff call the owner
# Before another company is asked, the silent one is called: its silence may be an illness, or our own mistake.
CALL_FIRST = frozenset({"servicer_silent", "unreported"})


def may_ask(scene: Scene) -> bool:
    """Whether another company may be asked now: a silent one has been called since it fell silent."""
    matter = scene.case.matter
    return matter is None or matter.reason not in CALL_FIRST or matter.called_on is not None


def ask(scene: Scene, by: str, companies: tuple[str, ...], now: datetime) -> Outcome:
    """The staff choose: the first company is asked, and after it the others in this order."""
    scene, settled = settle_about(scene, by, OF_COMPANY)
    scene, asked = ask_next(scene, Candidacy("", by, civil(now), civil(now), companies))
    return finish(scene, now, settled.and_also(asked), soonest=civil(now))


def ask_association(scene: Scene, by: str, association: str, now: datetime) -> Outcome:
    """The staff ask an association for a company: it knows no more of the house than a company that is asked."""
    today = civil(now)
    scene, settled = settle_about(scene, by, OF_COMPANY)
    if not scene.household.mandated:
        scene, raised = raise_matter(with_candidacy(scene, None), "nobody_left", today)
        return finish(scene, now, settled.and_also(raised))
    until = OFFICE.after(today, ASSOCIATION_DAYS)
    scene = with_candidacy(scene, Candidacy(association, by, today, until, introduces=True))
    deed = Deed("association_asked", by, {"association": association}, scene.case.id)
    asked = Say(association, "servicer_introduce", seen_by_candidate(scene), Mode.RELAY, scene.case.id, asks=True)
    return finish(scene, now, settled.and_also(Outcome(deeds=(deed,), says=(asked,))), soonest=today)


def introduced(scene: Scene, company: str, now: datetime) -> Outcome:
    """The association names a company, which is asked like any other."""
    candidacy = _of(scene)
    deed = Deed("company_introduced", candidacy.servicer, {"candidate": company}, scene.case.id)
    told = moved(scene, "company_introduced", candidacy.servicer)
    scene, asked = ask_next(scene, replace(candidacy, asked_on=civil(now), queue=(company,)))
    return finish(scene, now, Outcome(deeds=(deed,), says=(told,)).and_also(asked), soonest=civil(now))


def accept(scene: Scene, company: Person, fee: int, now: datetime) -> Outcome:
    """The company takes it on for that fee (yen, tax included); now the owner is asked."""
    if not company.active:
        return pass_over(scene, now)
    until = OFFICE.after(civil(now), OWNER_DAYS)
    scene = with_candidacy(scene, replace(_of(scene), fee=fee, until=until, accepted=True))
    deed = Deed("candidate_accepted", company.id, {}, scene.case.id)
    known = introduced_as(scene, company.name, civil(now))
    asked = tell(scene, Role.OWNER, "owner_new_company", asks=True)
    says = tuple(replace(said, params={**said.params, **known}) for said in asked)
    told = moved(scene, "company_accepted", company.id)
    return finish(scene, now, Outcome(deeds=(deed,), says=(*says, told)))


def introduced_as(scene: Scene, name: str, today: date) -> dict[str, Any]:
    """What an owner is told before they agree: the company, its price, and what of the builder's guarantee."""
    house = scene.household.house
    runs = house.builder_until.isoformat() if house.builder_until and house.builder_until >= today else ""
    known = {"builder_until": runs, "builder_closed": house.builder_closed}
    return {"candidate": name, "fee": _of(scene).fee, **known}


def decline(scene: Scene, by: str, now: datetime) -> Outcome:
    """The company says no: the next is asked, or the staff choose anew."""
    candidacy = _of(scene)
    deed = Deed("candidate_declined", by, {"candidate": candidacy.servicer}, scene.case.id)
    told = moved(scene, "company_declined", by)
    scene, outcome = ask_next(scene, replace(candidacy, asked_on=civil(now)))
    return finish(scene, now, Outcome(deeds=(deed,), says=(told,)).and_also(outcome))


def agree(scene: Scene, by: str, company: Person, now: datetime) -> Outcome:
    """An owner agrees: from now on it is this company's house, unless it has closed while they thought about it."""
    if not company.active:
        return pass_over(scene, now)
    deed = Deed("company_agreed", by, {"servicer": company.id}, scene.case.id)
    chosen = assign(scene, by, company, now)
    told = Say(
        STAFF_DESK,
        "staff_company",
        about(scene) | {"owner": "", "company": "", "chosen": company.id.partition(":")[2]},
        Mode.RELAY,
        scene.case.id,
    )
    return Outcome(deeds=(deed,)).and_also(chosen).and_also(Outcome(says=(told,)))


def refuse(scene: Scene, by: str, now: datetime) -> Outcome:
    """The owner does not want this company: it is told, and the staff ask the owner what they wish."""
    return _ended(scene, by, "company_refused", now)


def withdraw(scene: Scene, by: str, now: datetime) -> Outcome:
    """The staff call it off: whoever was asked is told, and another is to be chosen."""
    return _ended(scene, by, "nobody_left", now)


def pass_over(scene: Scene, now: datetime) -> Outcome:
    """The company that is asked has closed meanwhile: the next is."""
    scene, outcome = _passed_over(scene, civil(now))
    return finish(scene, now, outcome, soonest=civil(now))


def _passed_over(scene: Scene, today: date) -> tuple[Scene, Outcome]:
    """An owner who was asked whether they agree to it hears that it is no longer to be had."""
    candidacy = _of(scene)
    deed = Deed("candidate_gone", CLOCK, {"candidate": candidacy.servicer}, scene.case.id)
    told = tell(scene, Role.OWNER, "owner_company_gone") if candidacy.accepted else ()
    scene, outcome = ask_next(scene, replace(candidacy, asked_on=today))
    return scene, Outcome(deeds=(deed,), says=told).and_also(outcome)


def run_out(scene: Scene, today: date) -> tuple[Scene, Outcome]:
    """The day by which somebody was to answer has passed: the next company is asked; the staff call the owner."""
    candidacy = scene.case.candidacy
    if candidacy is not None and candidacy.servicer in scene.gone:
        return _passed_over(scene, today)
    if candidacy is None or candidacy.until >= today:
        return scene, Outcome()
    if candidacy.accepted:  # the company stays chosen while somebody calls the owner
        scene = with_candidacy(scene, replace(candidacy, until=OFFICE.after(today, OWNER_DAYS)))
        if "agreement_overdue" in scene.beside:  # somebody is to call already
            return scene, Outcome()
        return _to_staff(scene, candidacy, "agreement_overdue", today)
    deed = Deed("candidate_silent", CLOCK, {"candidate": candidacy.servicer}, scene.case.id)
    told = Outcome(deeds=(deed,), says=over(scene))
    scene, outcome = ask_next(scene, replace(candidacy, asked_on=today))
    return scene, told.and_also(outcome)


def ask_next(scene: Scene, candidacy: Candidacy) -> tuple[Scene, Outcome]:
    """The first of the queue that is in business and not the house's own company is asked; else the staff are."""
    present = scene.household.servicer.id if scene.household.servicer else ""
    passed, today = {present, *scene.gone}, candidacy.asked_on
    others = [company for company in candidacy.queue if company not in passed]
    candidacy = replace(candidacy, accepted=False, fee=0, introduces=False)
    if not others or not scene.household.mandated:
        return _to_staff(with_candidacy(scene, None), candidacy, "nobody_left", today)
    first, *rest = others
    until = OFFICE.after(today, ANSWER_DAYS)
    scene = with_candidacy(scene, replace(candidacy, servicer=first, until=until, queue=tuple(rest)))
    deed = Deed("candidate_asked", candidacy.by, {"candidate": first}, scene.case.id)
    asked = Say(first, "servicer_candidate", seen_by_candidate(scene), Mode.RELAY, scene.case.id, asks=True)
    return scene, Outcome(deeds=(deed,), says=(asked,))


def _to_staff(scene: Scene, candidacy: Candidacy, reason: str, today: date) -> tuple[Scene, Outcome]:
    scene, outcome = raise_matter(scene, reason, today)
    return held_by_whoever_chose(scene, candidacy, reason, today), outcome


def held_by_whoever_chose(scene: Scene, candidacy: Candidacy, reason: str, today: date) -> Scene:
    """In a handover of many houses what comes back to the staff lies with the one who approved it."""
    matter = scene.case.matter
    if not candidacy.handover or matter is None or matter.reason != reason or matter.taken_by:
        return scene
    taken = replace(matter, taken_by=candidacy.by, until=OFFICE.after(today, TAKEN_DAYS))
    return replace(scene, case=replace(scene.case, matter=taken))


def _ended(scene: Scene, by: str, reason: str, now: datetime) -> Outcome:
    candidacy = _of(scene)
    scene, over = let_go(scene, by, reason)
    scene, settled = settle_about(scene, by, OF_COMPANY)
    scene, raised = raise_matter(scene, reason, civil(now), by)
    scene = held_by_whoever_chose(scene, candidacy, reason, civil(now))
    return finish(scene, now, over.and_also(settled).and_also(raised))


def _of(scene: Scene) -> Candidacy:
    assert scene.case.candidacy is not None
    return scene.case.candidacy
