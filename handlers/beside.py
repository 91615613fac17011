"""What those beside the owners say, and whoever writes from the account of an owner whose death we were told of.

They are asked nothing and decide nothing about the house: danger is danger from anybody, what is their own (their
channels, hours and data) is theirs, and everything else goes to a person of the staff.
"""

from collections.abc import Callable

from bot.core.meaning import Intent, Topic
from bot.core.outcome import Outcome
from bot.core.turn import Turn
from handlers import farewell, linking, preferences
from handlers.answers import answer, emergency, to_desk
from handlers.renewal import new_link

THEIR_OWN: dict[str, Callable[[Turn], list[Outcome]]] = {
    "stop_channel": farewell.stop,
    "stop_support": farewell.support_page,
    "erase": farewell.erase_page,
    "hours": preferences.hours,
    "language": preferences.language,
    "new_link": new_link,
    "link_yes": linking.confirm,
    "link_no": linking.refuse,
}


def reply(turn: Turn) -> list[Outcome]:
    """Their answer, decided."""
    action, meaning = turn.reply.action, turn.reply.meaning
    if meaning is not None and meaning.urgent:
        return emergency(turn)
    if action is not None and action.verb in THEIR_OWN:
        return THEIR_OWN[action.verb](turn)
    about_us = farewell.answered(turn) or ([] if turn.person.bereaved else _of_their_own(turn))
    if about_us:
        return about_us
    if meaning is not None and meaning.intent is Intent.STOP:
        return farewell.stop(turn)
    return _to_a_person(turn)


def _of_their_own(turn: Turn) -> list[Outcome]:
    return farewell.asked_for(turn) or preferences.asked_for(turn)


def _to_a_person(turn: Turn) -> list[Outcome]:
    meaning = turn.reply.meaning
    if turn.person.bereaved:
        return [to_desk(turn, "bereavement", "reply_mourning")]
    if meaning is not None and meaning.topic is Topic.DEATH:
        return [_bereaved(turn)]
    if meaning is not None and meaning.topic is Topic.STRANGER:
        return [to_desk(turn, "fraud", "reply_scam")]
    if meaning is not None and meaning.intent is Intent.PROBLEM:
        return [to_desk(turn, "problem", "reply_near")]
    if meaning is not None and meaning.intent is Intent.CHANGE:
        return [to_desk(turn, "change", "reply_near")]
    if turn.reply.action is not None and turn.reply.action.verb == "help":
        return [answer(turn, "reply_help_near")]
    return [to_desk(turn, "human", "reply_near")]


def _bereaved(turn: Turn) -> Outcome:
    """Told by the family: with the house's only owner nothing is begun any more; of several the staff find out who."""
    owners = turn.household.owners if turn.household else ()
    outcome = to_desk(turn, "bereavement", "reply_bereaved")
    return outcome.and_also(farewell.reported_dead(turn, owners[0])) if len(owners) == 1 else outcome
