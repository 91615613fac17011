"""What the staff decide about an earthquake or a storm: that owners are asked, that nobody is, that there was none.

A button carries the version that it stood under, so that nobody decides about what has changed meanwhile.
"""

from datetime import datetime

from bot.core.action import Action
from bot.core.days import civil
from bot.core.event import Event, State, asked_from, local, release
from bot.core.outcome import Change, Deed, Outcome
from bot.core.turn import Turn
from handlers.answers import answer

CANCEL = "event_cancel"  # from the console or the command line alone: it tells everybody who was asked
VERBS = frozenset({"event_release", "event_aside", CANCEL})


def event_named(action: Action) -> str:
    """The event that a button is about; empty for any other button."""
    return action.arg.rpartition("=")[0] if action.verb in VERBS else ""


def released(turn: Turn) -> list[Outcome]:
    """Owners are asked from the next morning on, or at once where that is past."""
    return _decided(turn, State.RELEASED)


def set_aside(turn: Turn) -> list[Outcome]:
    return _decided(turn, State.SET_ASIDE)


def cancelled(turn: Turn) -> list[Outcome]:
    """It was no such event, or was entered by mistake: whoever was asked is told."""
    return _decided(turn, State.CANCELLED)


def decision(event: Event, state: State, by: str) -> Outcome | None:
    """What follows when somebody of the staff decides so; None where that is decided already."""
    if not _may(event, state):
        return None
    told = {"event": event.id, "version": event.version, "state": state}
    change = Change("event_decided", told | {"by": by})
    return Outcome(deeds=(Deed("event_decided", by, told),), changes=(change,))


def begins_at(event: Event, now: datetime) -> datetime:
    """When the first owners are asked if it is released now."""
    return asked_from(release(event, now).ask_on or civil(now), now)


def _decided(turn: Turn, state: State) -> list[Outcome]:
    event, action = turn.event, turn.reply.action
    decided = decision(event, state, turn.person.id) if event else None
    if event is None or action is None or decided is None:
        return [answer(turn, "reply_event_over")]
    if action.arg.rpartition("=")[2] != str(event.version):
        return [answer(turn, "reply_event_changed", event=event.id)]
    begins = begins_at(event, turn.now)
    from_at = local(begins) if state is State.RELEASED and begins > turn.now else ""
    return [decided.and_also(answer(turn, "reply_event_decided", state=state, event=event.id, from_at=from_at))]


def _may(event: Event, state: State) -> bool:
    """What is decided already is not decided again; what is being asked about can only be called off."""
    if state is State.RELEASED:
        return event.undecided or event.state is State.SET_ASIDE
    if state is State.SET_ASIDE:
        return event.state is State.PROPOSED
    return event.state is not State.CANCELLED
