"""From what is to be said to a neutral Message, in the person's language. No channel, no markup."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.core.action import Action
from bot.core.message import Button, Message, Visit
from templates.catalogue import CELL, PIECE, Catalogue, Kind
from templates.forms import plain
from templates.several import CHOOSE, MOST_BUTTONS, join

CALENDAR_KINDS = {"owner_fixed": False, "owner_day_before": False, "owner_visit_off": True}
# What is known when a message is about no case: all that bot.core.particulars would tell, empty. ``role`` is whose
# answer it is; templates that serve several roles offer each only what that role can do. ``today`` is when it is said.
NO_CASE: Mapping[str, Any] = {
    "house": "",
    "owner": "",
    "company": "",
    "cared_by": "",
    "code": "",
    "areas": (),
    "kinds": (),
    "visits": False,
    "statutory": False,
    "year": 0,
    "target": "",
    "visit": "",
    "offered": (),
    "wished": "",
    "first": False,
    "reminded": False,
    "round": 0,
    "event": {},
    "reports": {"owner": None, "servicer": None},
    "risks": (),
    "stake": False,
    "guarantee": False,
    "role": "",
    "today": "",
}


@dataclass(frozen=True, slots=True)
class Office:
    """Who writes, on whose behalf, where and when a person answers the telephone, and where post goes, in lines."""

    name: str
    guarantor: str
    phone: str
    hours: str = ""
    address: tuple[str, ...] = ()
    fax: str = ""  # to which companies send their monthly lists


class Renderer:
    """Turns the parts of an outbox row into one Message."""

    def __init__(self, catalogue: Catalogue, office: Office) -> None:
        self.catalogue = catalogue
        known = {"office": office.name, "guarantor": office.guarantor, "phone": office.phone, "hours": office.hours}
        self._office = {key: plain(value) for key, value in known.items()}
        self._footers = {key: _lines(footer.render(self._office)) for key, footer in catalogue.footers.items()}

    @property
    def office(self) -> str:
        """The name of whoever writes."""
        return self._office["office"]

    def render(self, parts: Sequence[Mapping[str, Any]], language: str, name: str) -> Message:
        """One message of one or several parts; ``name`` is how the person is addressed."""
        words = self.catalogue.words[language]
        said = [self.part(part, language, name) for part in parts]
        message = said[0] if len(said) == 1 else join(said, parts, words)
        greeting = words["greeting"].get(_role(parts[0]), "")
        if not _begun(parts[0]) or not greeting or not plain(name):
            return message
        return replace(message, paragraphs=(greeting.format(name=plain(name)), *message.paragraphs))

    def part(self, part: Mapping[str, Any], language: str, name: str) -> Message:
        """One part alone, as the chat shows it."""
        kind = self.catalogue.kind(language, part["kind"], part["v"])
        known = {**NO_CASE, **_clean(part["params"]), **self._office, "name": plain(name), "case": part["case"]}
        message = _message(kind, language, kind.text.render(known).split(PIECE), part)
        # Who writes, on whose behalf, that it is free, and how to stop: under everything that we begin.
        footer = self._footers.get((language, _role(part)), ()) if _begun(part) else ()
        return replace(message, footer=footer, visit=_visit(part, message))

    def offered(self, parts: Sequence[Mapping[str, Any]], language: str) -> list[str]:
        """Every action that a message of these parts may have offered, whichever still held when it was sent."""
        messages = [self.render(parts, language, ""), *(self.part(part, language, "") for part in parts)]
        return [button.action for message in messages for button in message.buttons]


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.split(PIECE) if line.strip())


def _role(part: Mapping[str, Any]) -> str:
    """To whom a kind that we begin is said: it stands first in the kind's name."""
    return str(part["kind"]).partition("_")[0]


def _begun(part: Mapping[str, Any]) -> bool:
    """Whether we began this, rather than answer what the person just wrote."""
    return part["mode"] in ("prompt", "relay", "check", "alarm")


def _clean(value: Any) -> Any:
    """Values from outside as plain single lines, however deep they stand."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, Mapping):
        return {key: _clean(inner) for key, inner in value.items()}
    return [_clean(inner) for inner in value] if isinstance(value, list | tuple) else value


def _message(kind: Kind, language: str, pieces: Sequence[str], part: Mapping[str, Any]) -> Message:
    title, rest = pieces[0], pieces[1:]
    paragraphs, rest = rest[: kind.paragraphs], rest[kind.paragraphs :]
    facts, offered = rest[: kind.facts], rest[kind.facts :]
    buttons = [
        Button(label, _action(form.verb, arg, part))
        for form, piece in zip(kind.buttons, offered, strict=True)
        for label, arg in _pairs(piece)
    ]
    return Message(
        kind=kind.name,
        language=language,
        title=title.strip(),
        paragraphs=tuple(line.strip() for line in paragraphs if line.strip()),
        facts=tuple(fact for fact in map(_fact, facts) if fact[1]),
        buttons=tuple(buttons[:MOST_BUTTONS]),
        wants=kind.wants,
    )


def _action(verb: str, arg: str, part: Mapping[str, Any]) -> str:
    """What a button says back: the case it is about, and the round of that case which the text told of."""
    if verb == CHOOSE:  # leads to another case: its argument names that one
        return str(Action(CHOOSE, arg))
    return str(Action(verb, part["case"], part["params"].get("round", part["round"]), arg))


def _fact(piece: str) -> tuple[str, str]:
    label, _, value = piece.partition(CELL)
    return label.strip(), value.strip()


def _pairs(piece: str) -> list[tuple[str, str]]:
    cells = piece.split(CELL)
    return [(label.strip(), arg.strip()) for label, arg in zip(cells[::2], cells[1::2], strict=False) if label.strip()]


def _visit(part: Mapping[str, Any], message: Message) -> Visit | None:
    """The calendar entry of a fixed visit; it follows the visit when that is moved or falls through."""
    cancelled = CALENDAR_KINDS.get(part["kind"])
    day = part["params"].get("visit")
    if cancelled is None or not day:
        return None
    return Visit(
        uid=f"{part['case']}@engawa",
        on=date.fromisoformat(day),
        summary=message.title,
        description="\n".join(message.paragraphs),
        sequence=part["round"],
        cancelled=cancelled,
    )
