"""The calendar file of a fixed visit (RFC 5545)."""

from datetime import UTC, datetime

from icalendar import Calendar, Event, vCalAddress

from bot.core.message import Visit


def calendar_method(visit: Visit) -> str:
    """PUBLISH tells of a date without asking for an answer; CANCEL takes it back (RFC 5546)."""
    return "CANCEL" if visit.cancelled else "PUBLISH"


def calendar_file(visit: Visit, written_at: datetime, organizer: tuple[str, str] | None = None) -> bytes:
    """One all-day event. The same visit keeps its UID, and a moved one carries a higher SEQUENCE, so calendars follow.

    ``organizer`` is name and mail address of whoever sends it; a page sends it in nobody's name.
    DTSTAMP is the instant the message was written, never the one it was sent: a repeat is the same file.
    """
    event = Event()
    event.add("uid", visit.uid)
    event.add("sequence", visit.sequence)
    event.add("dtstamp", written_at.astimezone(UTC))
    event.add("dtstart", visit.on)
    event.add("summary", _clean(visit.summary))
    event.add("description", _clean(visit.description))
    if organizer is not None:
        event.add("organizer", _organizer(*organizer))
    event.add("transp", "TRANSPARENT")  # the day has a visit in it; it is not a day out of office
    event.add("status", "CANCELLED" if visit.cancelled else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//Engawa//Engawa//JA")
    calendar.add("version", "2.0")
    calendar.add("method", calendar_method(visit))
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _organizer(name: str, mail: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{mail}")
    if name:
        address.params["CN"] = _clean(name)
    return address


def _clean(text: str) -> str:
    """RFC 5545 TEXT knows no control characters but the line break."""
    text = text.replace("\r\n", "\n").encode("utf-8", "replace").decode("utf-8")
    return "".join([char for char in text if char in "\n\t" or (char >= " " and char != "\x7f")])
