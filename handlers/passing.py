"""One of the staff gives back what they took, or passes it on to a colleague."""

from bot.core.outcome import Outcome
from bot.core.passing import pass_on, release
from bot.core.people import STAFF_DESK, of_named_staff
from bot.core.rights import Right, may_pass_on, rights_of
from bot.core.turn import Turn
from handlers.answers import answer, done


def released(turn: Turn) -> Outcome:
    """Whoever holds it, or a supervisor; what nobody took lies at the desk already."""
    scene = turn.scene
    matter = scene.case.matter if scene else None
    if scene is None or matter is None or not matter.taken_by:
        return answer(turn, "reply_over")
    if not may_pass_on(turn.person, matter.taken_by):
        return answer(turn, "reply_no_right", right=Right.ASSIGN)
    return done(turn, release(scene, turn.person.id, turn.now), "reply_released")


def passed_on(turn: Turn) -> Outcome:
    """To somebody who may act and is not away; refused for any other."""
    scene, colleague = turn.scene, turn.colleague
    matter = scene.case.matter if scene else None
    if scene is None or matter is None:
        return answer(turn, "reply_over")
    if not may_pass_on(turn.person, matter.taken_by or STAFF_DESK):
        return answer(turn, "reply_no_right", right=Right.ASSIGN)
    fit = colleague is not None and of_named_staff(colleague.id) and Right.ACT in rights_of(colleague)
    if colleague is None or not fit or colleague.id in scene.household.away or colleague.id == matter.taken_by:
        return answer(turn, "reply_no_colleague")
    outcome = pass_on(scene, turn.person.id, colleague.id, turn.now)
    changed = outcome.cases[-1].matter
    day = changed.until.isoformat() if changed and changed.until else ""
    return done(turn, outcome, "reply_passed_on", day=day)
