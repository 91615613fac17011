"""Through which channel, and at what hour, a person is reached."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.core.days import TOKYO, civil, morning
from bot.core.outcome import Mode, Say
from bot.core.people import LETTER, Address, Person

PAPER = Address(LETTER, "")  # who cannot be reached otherwise is written a letter
URGENCY = {Mode.ALARM: 0, Mode.REPLY: 1, Mode.CHECK: 3, Mode.RELAY: 4, Mode.PROMPT: 6}
AT_ONCE = frozenset({Mode.ALARM, Mode.REPLY})


@dataclass(frozen=True, slots=True)
class Route:
    """Where a message goes and from when; ``day`` is the civil day it is meant for."""

    address: Address
    send_at: datetime
    day: date


def route(say: Say, person: Person, now: datetime) -> Route:
    """The way of one message: the channel it names, or the next in the person's order after silence.

    What we begin waits for their hours and, for companies and the office, for a day on which they work; an answer
    to what a person just wrote waits for nothing.
    """
    address = _address(say, person)
    send_at = now if say.mode in AT_ONCE else opening(person, now + say.gathered)
    return Route(address, send_at, civil(send_at))


def _address(say: Say, person: Person) -> Address:
    if say.address:
        return Address(say.channel, say.address)
    if say.channel:
        return next((address for address in person.addresses if address.channel == say.channel), _named(say, person))
    if not person.addresses:
        return PAPER
    return person.addresses[say.turn % len(person.addresses)]


def _named(say: Say, person: Person) -> Address:
    """A channel that is not among a person's own: paper, or the page on which they just wrote to us."""
    return PAPER if say.channel == LETTER else Address(say.channel, person.id)


def next_address(person: Person, channel: str, address: str) -> Address:
    """The one after this in the person's order; paper when there is none."""
    known = [(living.channel, living.address) for living in person.addresses]
    after = person.addresses[known.index((channel, address)) + 1 :] if (channel, address) in known else person.addresses
    return next(iter(after), PAPER)


def opening(person: Person, now: datetime) -> datetime:
    """The first instant from ``now`` on at which we may begin to write to this person."""
    start, end = person.hours
    local = now.astimezone(TOKYO)
    day = local.date()
    if local.time() >= time(end if end < 24 else 23, 0 if end < 24 else 59):
        day += timedelta(days=1)
    open_day = person.calendar.next_open(day)
    return max(now, morning(open_day, start)) if open_day == local.date() else morning(open_day, start)


def day_after(person: Person, day: date) -> datetime:
    """The first instant after ``day`` at which we may begin to write to this person."""
    return opening(person, morning(day + timedelta(days=1), 0))
