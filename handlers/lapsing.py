"""Two of the staff record that a guarantee has lapsed."""

from bot.core.case import Scene
from bot.core.days import civil
from bot.core.lapse import confirm, drop, lacking, propose, refused
from bot.core.outcome import Outcome
from bot.core.turn import Turn
from handlers.answers import answer, done


def proposed(turn: Turn) -> list[Outcome]:
    """The first of the two: with the reasons that the owner was told of, or a plain line on what is missing."""
    scene = _at_risk(turn)
    if scene is None:
        return [answer(turn, "reply_over")]
    missing = lacking(scene, turn.person.id, turn.notices)
    if missing:
        return [answer(turn, "reply_lapse_refused", lacking=missing)]
    return [done(turn, propose(scene, turn.person, turn.notices, turn.now), "reply_lapse_proposed")]


def confirmed(turn: Turn) -> list[Outcome]:
    """The second, who must be another."""
    scene = _at_risk(turn)
    if scene is None:
        return [answer(turn, "reply_over")]
    why = refused(scene, turn.person.id)
    if why:
        return [answer(turn, "reply_lapse_refused", lacking=why)]
    outcome = confirm(scene, turn.person, turn.now)
    return [done(turn, outcome, "reply_lapsed", day=civil(turn.now).isoformat())]


def dropped(turn: Turn) -> list[Outcome]:
    """Either of them, or a third, takes the proposal back."""
    scene = _at_risk(turn)
    if scene is None or scene.case.risk is None or not scene.case.risk.proposed_by:
        return [answer(turn, "reply_over")]
    return [done(turn, drop(scene, turn.person, turn.now), "reply_lapse_dropped")]


def _at_risk(turn: Turn) -> Scene | None:
    return turn.scene if turn.scene is not None and turn.scene.case.risk is not None else None
