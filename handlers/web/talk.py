"""What a person's page shows of the talk: bubbles on both sides, and which of the buttons still lead anywhere."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from bot.core.access import said_of, shown
from bot.core.action import Action, read_action
from bot.core.days import civil
from bot.core.message import Button, Message
from bot.core.outcome import Mode
from bot.core.people import Person, Role
from storage.chat import Heard, Standing, Told
from templates.render import Renderer

# Answers to a question of ours, and the questions (see bot.core.outcome.Talk) that they can answer.
YES_OR_NO = frozenset(
    {
        *("confirm_date", "confirm_day", "confirm_offer", "confirm_fee", "confirm_provider"),
        *("end_support", "erase", "consent"),
    }
)
TO_QUESTION = {
    "yes": YES_OR_NO,
    "no": YES_OR_NO | {"ask_reference"},
    "day": frozenset({"ask_date"}),
    "checked": frozenset({"ask_check"}),
    "result_ok": frozenset({"ask_result"}),
    "result_issues": frozenset({"ask_result"}),
}
PICK = "pick"  # one of the days on offer
CLOSING = frozenset({"owner_closed", "servicer_closed"})
ACCESS_OVER = "servicer_access_over"


@dataclass(frozen=True, slots=True)
class Bubble:
    """One bubble. ``day`` is set on the first of a day; buttons are those that still lead somewhere."""

    id: str
    at: datetime
    mine: bool
    day: date | None = None
    message: Message | None = None
    row_id: int = 0
    channel: str = ""
    buttons: tuple[Button, ...] = ()
    heard: Heard | None = None
    label: str = ""
    house: str = ""  # that it is about; empty where nothing says so


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a message as it is shown, with the row's part it comes from."""

    id: str
    told: Told
    raw: Mapping[str, Any]
    message: Message


@dataclass(frozen=True, slots=True)
class Talk:
    """Everything said so far, rendered."""

    person: Person
    lines: Sequence[Told | Heard]
    parts: Sequence[Part]

    @property
    def offered(self) -> dict[str, str]:
        """Every answer that was ever offered in what is shown, by its action, with what stood on the button."""
        return {button.action: button.label for part in self.parts for button in part.message.buttons}

    @property
    def case_ids(self) -> set[str]:
        return {part.raw["case"] for part in self.parts if part.raw["case"]}

    @property
    def files(self) -> set[str]:
        """The files that the person sent, as far as they are shown."""
        return {str(file["ref"]) for line in self.lines if isinstance(line, Heard) for file in line.files}

    @property
    def houses(self) -> dict[str, str]:
        """The house of each case."""
        return {part.raw["case"]: part.raw["house"] for part in self.parts if part.raw["case"]}


def rendered(renderer: Renderer, person: Person, lines: Sequence[Told | Heard]) -> Talk:
    parts = [
        Part(f"m{told.id}-{index}", told, raw, renderer.part(raw, told.language, person.name))
        for told in lines
        if isinstance(told, Told)
        for index, raw in enumerate(told.parts)
    ]
    return Talk(person, lines, parts)


def still_theirs(talk: Talk, houses: Set[str]) -> Talk:
    """The talk without what tells of a house that the company looks after no more.

    Its own words, and the files with them, go by the answer to them. Where that names no house they are shown only
    while the company has lost none, and is in business: they may be about any.
    """
    seen = {part.id for part in talk.parts if shown(part.raw, houses)}
    lost = not talk.person.active or any(part.raw["kind"] == ACCESS_OVER for part in talk.parts)
    house_of, answer = talk.houses, ""
    lines: list[Told | Heard] = []
    for line in reversed(talk.lines):
        if isinstance(line, Told):
            mine = [part for part in talk.parts if part.told.id == line.id]
            answer = _of_theirs([part for part in mine if part.raw["mode"] == Mode.REPLY], seen)
            keep = any(part.id in seen for part in mine)
        else:
            action = read_action(line.action) if line.action else None
            house = house_of.get(action.case_id, "") if action else ""
            keep = house in houses if house else answer == "theirs" or (answer == "" and not lost)
        lines += [line] if keep else []
    return replace(talk, lines=lines[::-1], parts=[part for part in talk.parts if part.id in seen])


def _of_theirs(parts: Sequence[Part], seen: Set[str]) -> str:
    """Whether a message told of houses that are still the company's, of others, or of none."""
    if any(part.id not in seen for part in parts):
        return "others"
    return "theirs" if any(said_of(part.raw) or "town" in part.raw["params"] for part in parts) else ""


def live(talk: Talk, standings: Mapping[str, Standing], question: str) -> frozenset[str]:
    """The parts whose buttons still lead somewhere: per case (or, without one, in all) the newest that still stands.

    The handlers check all of this again; here it only keeps the page from offering what is over.
    """
    spoken = _spoken_since(talk.lines)
    alive: dict[str, str] = {}
    asked = False
    for part in reversed(talk.parts):
        verbs = {action.verb for action in _actions(part)}
        if verbs & TO_QUESTION.keys():
            stands = not asked and any(question in TO_QUESTION.get(verb, ()) for verb in verbs)
            asked = True
        else:
            stands = bool(verbs) and _stands(talk.person, part, standings, part.told.id in spoken)
        if stands:
            alive.setdefault(part.raw["case"], part.id)
    return frozenset(alive.values())


def _spoken_since(lines: Sequence[Told | Heard]) -> frozenset[int]:
    """The messages after which the person has said something."""
    last = max((index for index, line in enumerate(lines) if isinstance(line, Heard)), default=-1)
    return frozenset(line.id for line in lines[: last + 1] if isinstance(line, Told))


def _actions(part: Part) -> list[Action]:
    return [action for button in part.message.buttons if (action := read_action(button.action))]


def _stands(person: Person, part: Part, standings: Mapping[str, Standing], spoken: bool) -> bool:
    """An answer of ours stands until they speak again; what we began, until the case has moved on.

    That something in a closing message is wrong may be said at any time.
    """
    if part.raw["kind"] in CLOSING:
        return True
    if part.raw["mode"] == Mode.REPLY and spoken:
        return False
    case_id = part.raw["case"]
    if not case_id:
        return not spoken
    case = standings.get(case_id)
    if case is None or not case.open:
        return False
    mine = [action for action in _actions(part) if action.case_id == case_id]
    if any(action.round != case.round or (action.verb == PICK and action.arg not in case.offered) for action in mine):
        return False
    return case.matter if person.role is Role.STAFF else person.role not in case.reported


def bubbles(talk: Talk, alive: frozenset[str]) -> list[Bubble]:
    """The talk in its order."""
    found: list[Bubble] = []
    of_row: dict[int, list[Part]] = {}
    for part in talk.parts:
        of_row.setdefault(part.told.id, []).append(part)
    offered, house_of = talk.offered, talk.houses
    for line in talk.lines:
        if isinstance(line, Heard):
            found.append(_said(line, offered, house_of))
        else:
            found += [_told(part, alive) for part in of_row.get(line.id, [])]
    return _dated(found)


def _told(part: Part, alive: frozenset[str]) -> Bubble:
    told, message = part.told, part.message
    buttons = message.buttons if part.id in alive else ()
    return Bubble(part.id, told.at, False, None, message, told.id, told.channel, buttons, house=part.raw["house"])


def _said(line: Heard, offered: Mapping[str, str], house_of: Mapping[str, str]) -> Bubble:
    label = line.label or offered.get(line.action, "") if line.action else ""
    action = read_action(line.action)
    house = house_of.get(action.case_id, "") if action else ""
    return Bubble(f"h{line.id}", line.at, True, channel=line.channel, heard=line, label=label, house=house)


def _dated(found: Sequence[Bubble]) -> list[Bubble]:
    """Each first bubble of a day bears its date."""
    before: date | None = None
    dated = []
    for bubble in found:
        day = civil(bubble.at)
        dated.append(replace(bubble, day=day) if day != before else bubble)
        before = day
    return dated
