"""One of the staff in talk with somebody: until they hand back, nothing is said or asked there by itself.

A talk is a state of a matter, so that it has a holder and a day like any other: where nobody has written for two
business days it is over, and the desk is told.
"""

from dataclasses import replace
from datetime import date, datetime

from bot.core.business import OFFICE
from bot.core.case import Matter, Scene
from bot.core.course import finish
from bot.core.days import civil
from bot.core.matter import partner, talk_over, to_partner
from bot.core.outcome import Deed, Mode, Outcome, Say
from bot.core.particulars import about
from bot.core.people import STAFF_DESK, Person
from bot.core.turn import Reply

TALK_DAYS = 2  # business days of the office without a word from either side


def begin(scene: Scene, person: Person, by: str, now: datetime) -> Outcome:
    """Somebody of the staff takes the talk over. What still waits to be asked of that side is overtaken."""
    case, matter = scene.case, scene.case.matter or Matter("asked", civil(now))
    heard_in = {**case.heard_in, person.role: case.version + 1}
    held = replace(matter, taken_by=by, until=_day(now), talks_with=person.id)
    scene = replace(scene, case=replace(case, matter=held, heard_in=heard_in))
    deed = Deed("talk_begun", by, {"with": person.id}, case.id)
    return finish(scene, now, Outcome(deeds=(deed,), says=(to_partner(scene, "reply_talk_begun"),)))


def passed_on(scene: Scene, person: Person, source: str, now: datetime) -> Outcome:
    """The person wrote: the desk hears that they did. What they wrote is read at the console and copied nowhere."""
    deed = Deed("talk_passed_on", person.id, {"source": source}, scene.case.id)
    told = about(scene) | {"owner": "", "who": person.role}
    heard = Say(STAFF_DESK, "staff_heard", told, Mode.RELAY, scene.case.id)
    return finish(_kept_up(scene, now), now, Outcome(deeds=(deed,), says=(heard,)))


def answered(scene: Scene, by: str, reply: Reply, now: datetime) -> Outcome:
    """The staff's words go to the person, through that person's own channel."""
    matter = scene.case.matter
    assert matter is not None
    scene = replace(scene, case=replace(scene.case, matter=replace(matter, taken_by=by)))
    said = Say(
        partner(scene), "reply_from_staff", about(scene) | {"text": reply.text.strip()}, Mode.REPLY, scene.case.id
    )
    deed = Deed("talk_answered", by, {"with": partner(scene), "source": reply.source}, scene.case.id)
    return finish(_kept_up(scene, now), now, Outcome(deeds=(deed,), says=(said,)))


def hand_back(scene: Scene, by: str, now: datetime) -> Outcome:
    """Engawa answers again, and says so; the matter stays with whoever took it until it is closed."""
    outcome = talk_over(scene, by)
    matter = scene.case.matter
    if matter is not None:
        scene = replace(scene, case=replace(scene.case, matter=replace(matter, talks_with="")))
    return finish(scene, now, outcome, soonest=civil(now))


def _day(now: datetime) -> date:
    return OFFICE.after(civil(now), TALK_DAYS)


def _kept_up(scene: Scene, now: datetime) -> Scene:
    """The talk goes on: its day is counted anew, and never brought forward."""
    matter = scene.case.matter
    assert matter is not None
    until = max(matter.until or _day(now), _day(now))
    return replace(scene, case=replace(scene.case, matter=replace(matter, until=until)))
