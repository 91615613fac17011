"""Several things said to one person on one day, as one message in which each keeps its place."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.core.action import Action
from bot.core.message import Button, Message
from bot.core.people import Role
from templates.forms import plain

MOST_BUTTONS = 12  # in one message; the smallest of what the platforms show
CHOOSE = "choose"


def join(said: Sequence[Message], parts: Sequence[Mapping[str, Any]], words: Mapping[str, Any]) -> Message:
    """One message of several. Every heading and every button says which house it is for."""
    tags = _tags(parts, words)
    common = [fact for fact in said[0].facts if all(fact in message.facts for message in said)]
    blocks = [_block(message, tag, common) for message, tag in zip(said, tags, strict=True)]
    return Message(
        kind="several",
        language=said[0].language,
        title=words["several"].format(count=len(said)),
        paragraphs=tuple(line for block in blocks for line in block),
        facts=tuple(common),
        buttons=_buttons(said, parts, tags, words),
        footer=next((message.footer for message in said if message.footer), ()),
        visit=next((message.visit for message in said if message.visit), None),
    )


def _tags(parts: Sequence[Mapping[str, Any]], words: Mapping[str, Any]) -> list[str]:
    """What tells the parts apart: nothing within one case, the house where that is enough, a number otherwise."""
    cases = list(dict.fromkeys(map(_case, parts)))
    if len(cases) == 1:
        return [""] * len(parts)
    for name in (lambda part: _place(part, words), _house):
        places = {_case(part): name(part) for part in parts}
        if all(places.values()) and len(set(places.values())) == len(cases):
            return [places[_case(part)] for part in parts]
    return [f"{cases.index(_case(part)) + 1}" for part in parts]


def _case(part: Mapping[str, Any]) -> str:
    return str(part["case"] or _house(part))


def _house(part: Mapping[str, Any]) -> str:
    return plain(part["house"] or part["params"].get("house", ""))


def _place(part: Mapping[str, Any], words: Mapping[str, Any]) -> str:
    """A house by the name its reader knows it by: to a servicer its owner's, to everybody else its number."""
    owner = plain(part["params"].get("owner", ""))
    to_servicer = part["kind"].startswith(Role.SERVICER) or part["params"].get("role") == Role.SERVICER
    return str(words["house_of"].format(owner=owner)) if to_servicer and owner else _house(part)


def _block(message: Message, tag: str, common: Sequence[tuple[str, str]]) -> list[str]:
    """One part: its heading, its paragraphs, and what is true of it alone."""
    own = "\n".join(f"{label}: {value}" for label, value in message.facts if (label, value) not in common)
    return [f"■ {tag} {message.title}" if tag else f"■ {message.title}", *message.paragraphs, *([own] if own else [])]


def _buttons(
    said: Sequence[Message], parts: Sequence[Mapping[str, Any]], tags: Sequence[str], words: Mapping[str, Any]
) -> tuple[Button, ...]:
    """Each part's own answers; where they are too many, one button per case that opens it.

    Staff get the first answer of each instead (taking the matter), after which the rest is offered.
    """
    own = [
        replace(button, label=f"{tag}: {button.label}") if tag else button
        for message, tag in zip(said, tags, strict=True)
        for button in message.buttons
    ]
    if len(own) <= MOST_BUTTONS:
        return tuple(own)
    if all(part["kind"].startswith(Role.STAFF) for part in parts):
        firsts = (
            replace(message.buttons[0], label=f"{tag}: {message.buttons[0].label}")
            for message, tag in zip(said, tags, strict=True)
            if message.buttons
        )
        return tuple(firsts)[:MOST_BUTTONS]
    opened = {part["case"]: tag for part, tag in zip(parts, tags, strict=True) if part["case"] and tag}
    choices = [Button(words["open_case"].format(tag=tag), str(Action(CHOOSE, case))) for case, tag in opened.items()]
    if not choices:
        return tuple(own[:MOST_BUTTONS])
    if len(choices) <= MOST_BUTTONS:
        return tuple(choices)
    return (*choices[: MOST_BUTTONS - 1], Button(words["other_houses"], str(Action("help"))))
