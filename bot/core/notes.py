"""Notes of a house: how to get in, where to park, what to mind, and the long guarantee of whoever built it.

Nobody has to agree to anything to tell us of them: they are asked of no one, and told by an owner or by the staff. How
to get in is its owner's, and goes with them (see storage.notes); what the builder has promised stays with the house.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.core.days import add_years
from bot.core.outcome import Change, Deed, Outcome
from bot.core.people import Role, role_of


class Topic(StrEnum):
    ENTRANCE = "entrance"  # keys, and how to get in
    PARKING = "parking"
    CARE = "care"  # what to mind
    GUARANTEE = "guarantee"  # of the builder: what it covers, what would end it, and until when


OF_THE_OWNER = (Topic.ENTRANCE, Topic.PARKING, Topic.CARE)
LONGEST = 400  # characters
MOST_YEARS = 100  # from the handover: no builder promises more


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody told of a topic; ``until_on``, the last day, of a guarantee alone. Without either it is none."""

    topic: Topic
    text: str
    told_by: str
    told_on: date
    until_on: date | None = None

    @property
    def empty(self) -> bool:
        return not self.text and self.until_on is None

    def same_as(self, other: "Note | None") -> bool:
        """Whether it says the same, whoever told it."""
        return self.empty if other is None else (self.text, self.until_on) == (other.text, other.until_on)


@dataclass(frozen=True, slots=True)
class Noted:
    """A house as far as its notes are concerned: who decides there now, since when it stands, and what was told."""

    house_id: str
    owners: Collection[str]
    since: date
    kept: Mapping[Topic, Note] = field(default_factory=dict)

    def may_tell(self, person_id: str) -> bool:
        return person_id in self.owners or role_of(person_id) is Role.STAFF


def fault(note: Note, since: date) -> str:
    """Why it cannot be kept as it is, as a code: text, or until; empty where it can."""
    if len(note.text) > LONGEST:
        return "text"
    if note.until_on is None:
        return ""
    known = note.topic is Topic.GUARANTEE and since <= note.until_on <= add_years(since, MOST_YEARS)
    return "" if known else "until"


def noted(found: Noted, told: Note, digest: str) -> Outcome:
    """A note is kept in the place of the one before it, or taken back where nothing is left of it.

    What says the same as before is no news, and nobody else's word is taken. ``digest`` is the text's, salted: the fact
    shows by it that a text is the one that was told, and holds nothing of it.
    """
    if told.same_as(found.kept.get(told.topic)) or not found.may_tell(told.told_by) or fault(told, found.since):
        return Outcome()
    data: dict[str, str] = {"topic": told.topic}
    if told.empty:
        deed, change = Deed("note_taken_back", told.told_by, data), Change("note_taken_back", {"topic": told.topic})
        return Outcome(found.house_id, deeds=(deed,), changes=(change,))
    data |= {"digest": digest} | ({"until_on": told.until_on.isoformat()} if told.until_on else {})
    deed, change = Deed("note_told", told.told_by, data), Change("note_told", {"note": told})
    return Outcome(found.house_id, deeds=(deed,), changes=(change,))
