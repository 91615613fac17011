"""Somebody whom we do not know writes: a polite way to link, and nothing about anybody."""

from datetime import datetime, timedelta
from typing import Any

from bot.core.meaning import Intent
from bot.core.outcome import Mode, Outcome, Say, Talk
from bot.core.people import STAFF_DESK
from bot.core.turn import Turn
from handlers import linking
from handlers.answers import answer, ask

GREETED = "stranger"
GREET_AGAIN = timedelta(days=1)
TRIES = 5  # codes that do not fit, until the next day


def reply(turn: Turn) -> list[Outcome]:
    """A code links; danger gets its answer from anybody; that a house has changed hands is passed on to the staff.

    Everything else is told how to link, once a day.
    """
    if turn.reply.meaning is not None and turn.reply.meaning.urgent:
        note = Say(STAFF_DESK, "staff_note", {"who": turn.person.id, "reason": "unknown_emergency"}, Mode.ALARM)
        return [answer(turn, "reply_emergency").and_also(Outcome(says=(note,)))]
    if turn.claim is not None and may_try(turn.talk, turn.now):
        return linking.link(turn, turn.claim)
    if turn.code_tried:
        return _did_not_fit(turn)
    told = _of_a_change(turn) or greet(turn)
    return [*told, linking.offer(turn, turn.vouched)] if told and turn.vouched else told


def _of_a_change(turn: Turn) -> list[Outcome]:
    """先月この家を買いました: a buyer or an heir is nobody whom we know. The staff are told, once a day."""
    meaning, known = turn.reply.meaning, _today(turn.talk, turn.now)
    if meaning is None or meaning.intent is not Intent.CHANGE or known.get("passed_on"):
        return []
    note = Say(STAFF_DESK, "staff_note", {"who": turn.person.id, "reason": "unknown_change"}, Mode.PROMPT)
    told = ask(turn, GREETED, "reply_unknown_change", known | {"passed_on": True})
    return [told.and_also(Outcome(says=(note,)))]


def greet(turn: Turn) -> list[Outcome]:
    """How to link, unless they were told today."""
    asked = turn.talk.asked_at
    if turn.talk.question == GREETED and asked is not None and turn.now - asked < GREET_AGAIN:
        return []
    return [ask(turn, GREETED, "reply_stranger", {})]


def may_try(talk: Talk, now: datetime) -> bool:
    """Whether a code of theirs is looked at today, wherever they give it."""
    return _tries(talk, now) < TRIES


def missed(talk: Talk, now: datetime) -> Talk:
    """After one more code that did not fit."""
    data = _today(talk, now) | {"tries": _tries(talk, now) + 1}
    return Talk(talk.person_id, GREETED, data=data, asked_at=now)


def _tries(talk: Talk, now: datetime) -> int:
    return int(_today(talk, now).get("tries", 0))


def _today(talk: Talk, now: datetime) -> dict[str, Any]:
    """What is known of them since they were last answered, for a day."""
    if talk.asked_at is None or now - talk.asked_at >= GREET_AGAIN:
        return {}
    return dict(talk.data)


def _did_not_fit(turn: Turn) -> list[Outcome]:
    """Used up, run out, or never ours: whoever guesses learns nothing, and soon hears nothing."""
    talk = missed(turn.talk, turn.now)
    if talk.data["tries"] > TRIES:
        return [Outcome(talk=talk)]
    return [ask(turn, GREETED, "reply_code_unknown", talk.data)]
