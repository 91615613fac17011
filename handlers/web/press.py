"""What a person may press on their own page, beside the answers that messages offer."""

from collections.abc import Mapping

from bot.core.action import Action
from bot.core.people import Person, Role
from handlers.web.forms import row_number
from handlers.web.talk import Talk

BETWEEN = "|"  # row and action in one button's value


def menu(person: Person, said: Mapping[str, str], channels: Mapping[str, str]) -> dict[str, str]:
    """Free requests, as action → label. ``said`` are the words of the menu, ``channels`` the names of channels."""
    if person.role in (Role.STAFF, Role.GUEST):  # a guest is told how to link, whatever they ask
        return {}
    verbs = ["help", "human", "problem", "hours"]
    found = {str(Action(verb)): said[verb] for verb in verbs}
    found[str(Action("language", arg="ja" if person.language == "en" else "en"))] = said["language"]
    for address in person.addresses:
        named = said["stop"].format(channel=channels.get(address.channel, address.channel))
        found[str(Action("stop_channel", arg=address.channel))] = named
    if person.role is Role.OWNER:
        found |= {str(Action(verb)): said[verb] for verb in ("stop_support", "erase")}
    return found


def agreeing(person: Person, version: str, said: Mapping[str, str]) -> dict[str, str]:
    """The answers to the consent text in this version."""
    if person.role is not Role.OWNER:
        return {}
    return {
        str(Action("consent", arg=version)): said["consent"],
        str(Action("decline", arg=version)): said["decline"],
    }


def label_of(action: str, talk: Talk, also: Mapping[str, str]) -> str | None:
    """What stood on the button that says this; None if no button of theirs does."""
    return talk.offered.get(action) or also.get(action)


def read_press(value: str) -> tuple[int, str]:
    """Row and action from a button's value; row 0 where it belongs to no message."""
    row, _, action = value.partition(BETWEEN)
    return row_number(row), action
