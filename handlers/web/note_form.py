"""What somebody tells of a house, as they type it into a form: an owner on their page, the staff at the console."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.days import add_years
from bot.core.notes import LONGEST, MOST_YEARS, Note, Noted, Topic, fault, noted
from handlers.web.forms import Posted
from handlers.web.site import Site
from storage.commit import commit
from templates.forms import plain

UNTIL = "until_on"
FIELDS: tuple[str, ...] = (*Topic, UNTIL)
WAS = "was-"  # before a field's name: what it held when the form was shown
UNREADABLE = date.max  # of a day that is none: no guarantee runs so long, so it is sent back


@dataclass(frozen=True, slots=True)
class Typed:
    """A house's form: what stands in it and stood in it, by field, and which fields cannot be taken as they are."""

    house_id: str
    values: Mapping[str, str]
    was: Mapping[str, str]
    since: date
    wrong: tuple[str, ...] = ()
    notes: tuple[Note, ...] = field(default=())

    longest = LONGEST

    @property
    def latest(self) -> date:
        return add_years(self.since, MOST_YEARS)


def shown(found: Noted) -> Typed:
    """The form as it is first seen: with what was told so far."""
    values = dict.fromkeys(FIELDS, "") | {str(topic): note.text for topic, note in found.kept.items()}
    guarantee = found.kept.get(Topic.GUARANTEE)
    values[UNTIL] = guarantee.until_on.isoformat() if guarantee and guarantee.until_on else ""
    return Typed(found.house_id, values, values, found.since)


def read_notes(form: Posted, found: Noted, by: str, today: date) -> Typed:
    """What they changed. A field that they left as it was says nothing: somebody else may have changed it since."""
    was = {name: _lines(form.text(f"{WAS}{name}")) for name in FIELDS}
    values = was | {name: _lines(form.text(name)) for name in FIELDS if name in form.fields}
    until = _day(values[UNTIL])
    told = [
        Note(topic, values[topic], by, today, until if topic is Topic.GUARANTEE else None)
        for topic in Topic
        if values[topic] != was[topic] or (topic is Topic.GUARANTEE and values[UNTIL] != was[UNTIL])
    ]
    faults = [(note.topic, fault(note, found.since)) for note in told]
    wrong = tuple(UNTIL if why == "until" else topic for topic, why in faults if why)
    return Typed(found.house_id, values, was, found.since, wrong, () if wrong else tuple(told))


async def keep_notes(connection: AsyncConnection, site: Site, found: Noted, typed: Typed) -> None:
    """The house must be locked by the caller."""
    digest, place = site.store.pins.seal.digest, found.house_id
    outcomes = [noted(found, note, digest(f"{place} {note.topic} {note.text}")) for note in typed.notes]
    told = [outcome for outcome in outcomes if outcome.deeds]
    if told:
        await commit(connection, site.store.pins, told, site.now())


def _lines(text: str) -> str:
    """Lines of ordinary text, without what nobody sees."""
    return "\n".join(plain(line) for line in text.splitlines()).strip()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return UNREADABLE
