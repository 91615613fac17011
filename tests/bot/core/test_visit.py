"""The calendar file of a fixed visit, read back by the library that phones' calendars are like."""

from dataclasses import replace
from datetime import UTC, date, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.core.visit import calendar_file
from tests.bot.channels.mail.samples import SENDER, VISIT, WRITTEN_AT


def event_of(visit, written_at=WRITTEN_AT):
    calendar = Calendar.from_ical(calendar_file(visit, written_at, (SENDER.name, SENDER.address)))
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def test_the_visit_is_an_all_day_entry_on_its_date():
    """A date, not a midnight, so that it stands on the right day wherever the phone is."""
    calendar, event = event_of(VISIT)
    assert calendar["METHOD"] == "PUBLISH"
    assert event["DTSTART"].dt == date(2026, 11, 24)
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert str(event["SUMMARY"]) == VISIT.summary
    assert str(event["DESCRIPTION"]) == VISIT.description
    assert str(event["ORGANIZER"]) == "mailto:engawa@example.jp"
    assert event["STATUS"] == "CONFIRMED"


def test_a_moved_visit_replaces_the_first_entry():
    """Same UID, higher SEQUENCE: calendars move the entry instead of adding a second one."""
    _, first = event_of(VISIT)
    _, moved = event_of(replace(VISIT, on=date(2026, 12, 1), sequence=3))
    assert moved["UID"] == first["UID"] == VISIT.uid
    assert (first["SEQUENCE"], moved["SEQUENCE"]) == (2, 3)


def test_a_cancelled_visit_takes_its_entry_back():
    """CANCEL, not another PUBLISH."""
    calendar, event = event_of(replace(VISIT, cancelled=True))
    assert (calendar["METHOD"], event["STATUS"]) == ("CANCEL", "CANCELLED")


def test_the_stamp_is_when_it_was_written_in_universal_time():
    """So that a repeat, hours later, is the same file."""
    tokyo = WRITTEN_AT.astimezone(timezone(timedelta(hours=9)))
    assert event_of(VISIT, tokyo)[1]["DTSTAMP"].dt == WRITTEN_AT.astimezone(UTC)
    assert calendar_file(VISIT, tokyo) == calendar_file(VISIT, WRITTEN_AT)


@given(text=st.text(max_size=200) | st.text(st.characters(codec=None), max_size=40))
def test_no_text_breaks_the_file(text):
    """Long lines are folded, and nothing in a summary becomes a property of its own."""
    visit = replace(VISIT, summary=f"点検\r\nATTENDEE:mailto:x@y.jp{text}", description=text * 3)
    file = calendar_file(visit, WRITTEN_AT, (SENDER.name, SENDER.address))
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    _, event = event_of(visit)
    assert "ATTENDEE" not in event
    assert event["DTSTART"].dt == VISIT.on
