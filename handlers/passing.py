"""One of the staff gives back what they took, or passes it on to a colleague."""

from bot.core.outcome import Outcome
from bot.core.passing import pass_on, release, wrong_pass, wrong_release
from bot.core.rights import Right
from bot.core.turn import Turn
from handlers.answers import answer, done


def released(turn: Turn) -> Outcome:
    """Whoever holds it, or a supervisor; what nobody took lies at the desk already."""
    scene = turn.scene
    wrong = wrong_release(scene, turn.person) if scene else "over"
    if scene is None or wrong:
        return _refused(turn, wrong)
    return done(turn, release(scene, turn.person.id, turn.now), "reply_released")


def passed_on(turn: Turn) -> Outcome:
    """To somebody who may act and is not away; refused for any other."""
    scene, colleague = turn.scene, turn.colleague
    wrong = wrong_pass(scene, turn.person, colleague) if scene else "over"
    if scene is None or colleague is None or wrong:
        return _refused(turn, wrong)
    outcome = pass_on(scene, turn.person.id, colleague.id, turn.now)
    matter = outcome.cases[-1].matter
    return done(turn, outcome, "reply_passed_on", day=matter.until.isoformat() if matter and matter.until else "")


def _refused(turn: Turn, wrong: str) -> Outcome:
    if wrong == "right":
        return answer(turn, "reply_no_right", right=Right.ASSIGN)
    return answer(turn, "reply_no_colleague" if wrong in ("colleague", "own") else "reply_over")
