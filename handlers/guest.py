"""Somebody whom we do not know writes: a polite way to link, and nothing about anybody."""

from datetime import timedelta

from bot.core.outcome import Mode, Outcome, Say, Talk
from bot.core.people import STAFF_DESK
from bot.core.turn import Turn
from handlers import linking
from handlers.answers import answer, ask

GREETED = "stranger"
GREET_AGAIN = timedelta(days=1)
TRIES = 5  # codes that do not fit, until the next day


def reply(turn: Turn) -> list[Outcome]:
    """A code links; danger gets its answer from anybody; everything else is told how to link, once a day."""
    if turn.reply.meaning is not None and turn.reply.meaning.urgent:
        note = Say(STAFF_DESK, "staff_note", {"who": turn.person.id, "reason": "emergency"}, Mode.ALARM)
        return [answer(turn, "reply_emergency").and_also(Outcome(says=(note,)))]
    if turn.claim is not None and _tries(turn) < TRIES:
        return linking.link(turn, turn.claim)
    if turn.code_tried:
        return _did_not_fit(turn)
    greeting = greet(turn)
    return [*greeting, linking.offer(turn, turn.vouched)] if greeting and turn.vouched else greeting


def greet(turn: Turn) -> list[Outcome]:
    """How to link, unless they were told today."""
    asked = turn.talk.asked_at
    if turn.talk.question == GREETED and asked is not None and turn.now - asked < GREET_AGAIN:
        return []
    return [ask(turn, GREETED, "reply_stranger", {})]


def _tries(turn: Turn) -> int:
    asked = turn.talk.asked_at
    if asked is None or turn.now - asked >= GREET_AGAIN:
        return 0
    return int(turn.talk.data.get("tries", 0))


def _did_not_fit(turn: Turn) -> list[Outcome]:
    """Used up, run out, or never ours: whoever guesses learns nothing, and soon hears nothing."""
    tries = _tries(turn) + 1
    data = {"tries": tries}
    if tries > TRIES:
        return [Outcome(talk=Talk(turn.person.id, GREETED, data=data, asked_at=turn.now))]
    return [ask(turn, GREETED, "reply_code_unknown", data)]
