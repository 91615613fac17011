"""The calendar that a company's own calendar program fetches (RFC 5545): visits, and days by which works are due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event

EVERY = timedelta(hours=6)  # how often a calendar program may look
UNSEEN_BELOW = " "


@dataclass(frozen=True, slots=True)
class Entry:
    """One all-day entry. The same visit keeps its ``uid``, and a moved one carries a higher ``sequence``."""

    uid: str
    on: date
    summary: str
    description: str
    sequence: int = 0
    fixed: bool = False  # a visit on that day, rather than the day by which one is due


def feed(name: str, entries: Iterable[Entry], made_at: datetime) -> bytes:
    """The whole calendar; the same bytes while nothing in it has changed, so that it need not be sent again."""
    calendar = Calendar()
    calendar.add("prodid", "-//Engawa//Engawa//JA")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _clean(name))
    calendar.add("refresh-interval", EVERY, {"value": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for entry in entries:
        calendar.add_component(_event(entry, made_at))
    return bytes(calendar.to_ical())


def _event(entry: Entry, made_at: datetime) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", made_at.astimezone(UTC))
    event.add("dtstart", entry.on)
    event.add("summary", _clean(entry.summary))
    event.add("description", _clean(entry.description))
    event.add("transp", "TRANSPARENT")
    event.add("status", "CONFIRMED" if entry.fixed else "TENTATIVE")
    event.add("class", "CONFIDENTIAL")
    return event


def _clean(text: str) -> str:
    """One line of ordinary text: names come from outside."""
    return "".join(sign for sign in text if sign >= UNSEEN_BELOW and sign != "\x7f")
