"""What a company says that is asked whether it takes a house over. It knows no name there, and is told none."""

from typing import Any

from bot.core.asked import seen_by_candidate
from bot.core.candidacy import accept, decline
from bot.core.case import Scene
from bot.core.days import civil
from bot.core.meaning import Intent
from bot.core.outcome import Mode, Outcome, Say, Talk
from bot.core.turn import Turn
from bot.language.sums import yen
from handlers.answers import to_them

FEE = "ask_fee"
SURE = "confirm_fee"
NO_SUM = "no_sum"  # why it is asked again: what was written names no amount
ELSEWHERE = frozenset({Intent.STOP, Intent.HUMAN, Intent.PROBLEM, Intent.CHANGE})  # no answer to this


def reply(turn: Turn) -> list[Outcome]:
    """The candidate's answer, decided; empty if it is about something else."""
    scene = _scene(turn)
    if scene is None:
        return []
    if scene.case.candidacy is not None and scene.case.candidacy.introduces:
        return _of_association(turn, scene)
    action = turn.reply.action
    if action is not None:
        current = action.round == scene.case.round
        decide = (PRESSED | ANSWERS).get(action.verb)
        return decide(turn, scene) if decide and current else []
    if turn.talk.question in (FEE, SURE) and turn.talk.case_id == scene.case.id:
        return _fee_said(turn, scene)
    return _in_words(turn, scene)


def _scene(turn: Turn) -> Scene | None:
    """The house they are asked about: by its button, by what was asked last, or where there is only the one."""
    wanted = turn.reply.action.case_id if turn.reply.action else turn.talk.case_id
    named = next((scene for scene in turn.candidacies if scene.case.id == wanted), None)
    alone = not turn.scenes and not turn.reply.action and len(turn.candidacies) == 1
    return named or (turn.candidacies[0] if alone else None)


def _of_association(turn: Turn, scene: Scene) -> list[Outcome]:
    """An association takes nothing on itself: it names a company on its page, or says that it knows none."""
    action = turn.reply.action
    if action is not None:
        return _turn_down(turn, scene) if action.verb == "turn_down" and action.round == scene.case.round else []
    if _about_else(turn):
        return []
    if _plain_no(turn):
        return _turn_down(turn, scene)
    return [Outcome(scene.case.house_id, says=(_said(turn, scene, "servicer_introduce"),))]


def _take_on(turn: Turn, scene: Scene, doubt: str = "") -> list[Outcome]:
    return [_asked(turn, scene, FEE, "reply_ask_fee", doubt=doubt)]


def _turn_down(turn: Turn, scene: Scene) -> list[Outcome]:
    outcome = decline(scene, turn.person.id, turn.now)
    return [_ended(turn, scene, outcome, "reply_turned_down")]


def _fee_said(turn: Turn, scene: Scene) -> list[Outcome]:
    """What it costs: read back before the owner hears of it."""
    meaning, fee = turn.reply.meaning, yen(turn.reply.text)
    if fee is not None:
        return [_asked(turn, scene, SURE, "reply_fee_read_back", {"fee": fee}, fee=fee)]
    if turn.talk.question == SURE and meaning is not None and meaning.intent is Intent.YES:
        return _sure(turn, scene)
    if meaning is not None and meaning.intent in (Intent.DECLINE, Intent.NO) and turn.talk.question == FEE:
        return _turn_down(turn, scene)
    if meaning is not None and meaning.intent in ELSEWHERE:
        return _in_words(turn, scene)
    other_sum = turn.talk.question == SURE and meaning is not None and meaning.intent is Intent.NO
    return _take_on(turn, scene, "" if other_sum else NO_SUM)


def _sure(turn: Turn, scene: Scene) -> list[Outcome]:
    fee = turn.talk.data.get("fee")
    if fee is None or turn.talk.question != SURE:
        return _take_on(turn, scene)
    outcome = accept(scene, turn.person, int(fee), turn.now)
    return [_ended(turn, scene, outcome, "reply_taken_on")]


def _in_words(turn: Turn, scene: Scene) -> list[Outcome]:
    """A plain no is one; everything else is shown the question once more, for 「承知しました」 may only mean "read"."""
    if _about_else(turn):
        return []
    if _plain_no(turn):
        return _turn_down(turn, scene)
    return [Outcome(scene.case.house_id, says=(_said(turn, scene, "servicer_candidate"),))]


def _about_else(turn: Turn) -> bool:
    meaning = turn.reply.meaning
    return meaning is None or meaning.urgent or meaning.intent in ELSEWHERE


def _plain_no(turn: Turn) -> bool:
    meaning = turn.reply.meaning
    return meaning is not None and meaning.intent in (Intent.DECLINE, Intent.NO) and not meaning.ask


def _said(turn: Turn, scene: Scene, kind: str, **params: Any) -> Say:
    known = seen_by_candidate(scene) | {"role": turn.person.role, "today": civil(turn.now).isoformat(), "house": ""}
    return to_them(turn, Say(turn.person.id, kind, known | params, Mode.REPLY, scene.case.id))


def _asked(
    turn: Turn, scene: Scene, question: str, kind: str, data: dict[str, Any] | None = None, **params: Any
) -> Outcome:
    talk = Talk(turn.person.id, question, scene.case.house_id, scene.case.id, data or {}, turn.now, kind, params)
    return Outcome(scene.case.house_id, says=(_said(turn, scene, kind, **params),), talk=talk)


def _ended(turn: Turn, scene: Scene, outcome: Outcome, kind: str) -> Outcome:
    """What followed, with the question closed and the company answered."""
    return Outcome(scene.case.house_id, says=(_said(turn, scene, kind),), talk=Talk(turn.person.id)).and_also(outcome)


PRESSED = {"take_on": _take_on, "turn_down": _turn_down}
ANSWERS = {"yes": _sure, "no": _take_on}
