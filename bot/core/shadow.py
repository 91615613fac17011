"""A shadow run ends: nobody was told anything in it, so whoever would have been asked is asked now, in new words."""

from dataclasses import replace
from datetime import date, datetime

from bot.core.case import Scene
from bot.core.course import finish
from bot.core.days import civil
from bot.core.ladder import rungs
from bot.core.outcome import Deed, Outcome
from bot.core.people import Role

SIDES = (Role.OWNER, Role.SERVICER)


def begun_anew(scene: Scene, since: date, now: datetime) -> Outcome | None:
    """What follows for one open case; None where nobody would have been asked from ``since`` on.

    Of several reminders that were only shown, each side hears the last question of the phase, once; the reminders after
    it count from there, and nobody has been silent.
    """
    sides = [side for side in SIDES if _was_shown(scene, side, since)]
    if not scene.case.open or not sides:
        return None
    case = replace(scene.case, silence={side: n for side, n in scene.case.silence.items() if side not in sides})
    for side in sides:
        case = case.ask_again(side, civil(now))
    told = tuple(Deed("asked_anew", "engawa", {"side": side}, case.id) for side in sides)
    return finish(replace(scene, case=case), now, Outcome(deeds=told))


def _was_shown(scene: Scene, side: Role, since: date) -> bool:
    case = scene.case
    mine = {rung.name for rung in rungs(case.ladder) if rung.to is side}
    return any(name in mine and day >= since for name, day in case.fired.items())
