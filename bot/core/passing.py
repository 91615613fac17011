"""What lies with one of the staff goes to another: given back, passed on to a colleague, or left by who is away."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.business import OFFICE
from bot.core.case import Matter, Scene
from bot.core.course import finish
from bot.core.days import civil
from bot.core.ladder import TAKEN_DAYS
from bot.core.matter import AT_ONCE, CLOCK, PATIENT, alert, on_a_list, talk_over
from bot.core.outcome import Deed, Mode, Outcome, Say
from bot.core.people import STAFF_DESK, Person, of_named_staff
from bot.core.rights import Right, may_pass_on, rights_of

GATHERED = timedelta(minutes=5)  # what somebody is given within that is told them in one message


def wrong_take(scene: Scene, person: Person) -> str:
    """Why somebody cannot take this among many, as a code of the templates' list; empty where they can.

    What a colleague has taken is not taken from them in passing: that is done at the case itself, having read it.
    """
    matter = scene.case.matter
    if matter is None:
        return "no_matter"
    if person.id in scene.household.away:
        return "away"
    return "held" if matter.taken_by not in ("", person.id) else ""


def wrong_release(scene: Scene, person: Person) -> str:
    """Why they cannot give it back to the desk."""
    matter = scene.case.matter
    if matter is None:
        return "no_matter"
    if not matter.taken_by:
        return "nobody"
    if person.id in scene.household.away:
        return "away"
    return "" if may_pass_on(person, matter.taken_by) else "right"


def wrong_pass(scene: Scene, person: Person, colleague: Person | None) -> str:
    """Why they cannot pass it on to this colleague."""
    matter = scene.case.matter
    if matter is None:
        return "no_matter"
    if person.id in scene.household.away:
        return "away"
    if not may_pass_on(person, matter.taken_by or STAFF_DESK):
        return "right"
    fit = colleague is not None and of_named_staff(colleague.id) and Right.ACT in rights_of(colleague)
    if colleague is None or not fit or colleague.id in scene.household.away:
        return "colleague"
    return "own" if colleague.id == matter.taken_by else ""


def pass_on(scene: Scene, by: str, colleague: str, now: datetime) -> Outcome:
    """A matter goes to a colleague, who has the days that a taking has. A talk goes with it and keeps its own day."""
    matter = scene.case.matter
    assert matter is not None
    until = matter.until if matter.talks_with and matter.until else OFFICE.after(civil(now), TAKEN_DAYS)
    scene = replace(scene, case=replace(scene.case, matter=replace(matter, taken_by=colleague, until=until)))
    told = {"reason": matter.reason, "of": matter.taken_by, "to": colleague, "until": until.isoformat()}
    deed = Deed("matter_passed_on", by, told, scene.case.id)
    return finish(scene, now, Outcome(deeds=(deed,), says=(_given(scene, colleague, "passed_on"),)))


def _given(scene: Scene, to: str, way: str) -> Say:
    """Told to whom it lies with from now on: what it is, by ids. Who gave it is on record, and in no chat."""
    matter = scene.case.matter
    assert matter is not None
    until = matter.until.isoformat() if matter.until else ""
    told = {"house": scene.case.house_id, "reason": matter.reason, "until": until, "way": way}
    return Say(to, "staff_given", told, Mode.RELAY, scene.case.id, asks=True, gathered=GATHERED)


def release(scene: Scene, by: str, now: datetime) -> Outcome:
    """A matter that somebody took goes back to the desk, and is everybody's again. A talk is over with it."""
    matter, talk = scene.case.matter, talk_over(scene, CLOCK)
    assert matter is not None
    fresh = Matter(matter.reason, civil(now), asker=matter.asker, called_on=matter.called_on)
    scene = replace(scene, case=replace(scene.case, matter=fresh))
    deed = Deed("matter_released", by, {"reason": matter.reason, "of": matter.taken_by}, scene.case.id)
    return finish(scene, now, talk.and_also(Outcome(deeds=(deed,))))


def give_back(scene: Scene, holder: str, now: datetime) -> Outcome:
    """Whoever held the case has left the staff: the desk holds it, and a talk of theirs is over.

    What waits for papers or for a company keeps its day: who held all houses of a company may have held thousands.
    Everything else is told at the desk at once.
    """
    return _left(scene, (holder, ""), Deed("case_given_back", STAFF_DESK, {"of": holder}, scene.case.id), now)


def cover(scene: Scene, holder: str, substitute: str, now: datetime) -> Outcome:
    """Whoever holds the case is away: it goes to who stands in for them, and its day stays as it was.

    Where that is the desk it is given back, like what somebody leaves who goes for good.
    """
    to = "" if substitute == STAFF_DESK else substitute
    return _left(scene, (holder, to), Deed("case_covered", CLOCK, {"of": holder, "to": substitute}, scene.case.id), now)


def _left(scene: Scene, move: tuple[str, str], deed: Deed, now: datetime) -> Outcome:
    """``move``: who held it, and who holds it from now on; empty for the desk."""
    holder, to = move
    matter, talk = scene.case.matter, Outcome() if to else talk_over(scene, CLOCK)
    scene = _with_another(scene, holder, to)
    given = talk.and_also(Outcome(deeds=(deed,)))
    if to and matter is not None and not on_a_list(scene):
        given = given.and_also(Outcome(says=(_given(scene, to, "cover"),)))
    waits = matter is not None and matter.reason in PATIENT and not matter.talks_with
    if to or matter is None or matter.taken_by != holder or waits:
        return finish(scene, now, given)
    fresh = Matter(matter.reason, civil(now), asker=matter.asker, called_on=matter.called_on)
    scene = replace(scene, case=replace(scene.case, matter=fresh))
    told = () if on_a_list(scene) else (alert(scene, Mode.ALARM if matter.reason in AT_ONCE else Mode.PROMPT),)
    return finish(scene, now, given.and_also(Outcome(says=told)))


def _with_another(scene: Scene, holder: str, to: str) -> Scene:
    """The case with somebody else in their place; ``to`` is empty for the desk."""
    case, candidacy = scene.case, scene.case.candidacy
    if case.matter is not None and case.matter.taken_by == holder:
        case = replace(case, matter=replace(case.matter, taken_by=to))
    if candidacy is not None and candidacy.by == holder:
        case = replace(case, candidacy=replace(candidacy, by=to or STAFF_DESK))
    return replace(scene, case=case)
