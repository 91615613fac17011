"""An earthquake, a storm, a flood: what was felt where, which houses are looked at after it, and when owners are asked.

The plan asks for an extra inspection after earthquakes and typhoons (平成21年国土交通省告示第209号 第4) and leaves
open from which strength on. A house's plan may say; otherwise it is 震度5強, from which on the ministry's own check of
wooden houses serves (国土交通省「木造住宅の地震後の安全チェック」), and for wind the 30 m/s from which on the agency
calls it 猛烈な風.

Every bulletin tells the whole of what is known, and the newest one counts (気象庁防災情報XML よくある質問), so it makes
no difference in which order they come.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.core.days import TOKYO, civil, morning
from bot.core.house import House
from bot.core.municipality import five_digits, level_at
from bot.core.people import QUIET_FROM, QUIET_UNTIL

# The scale of the agency (気象庁震度階級関連解説表), weakest first. UNREPORTED: at least 5弱, no more is known.
SCALE = ("0", "1", "2", "3", "4", "5弱", "5強", "6弱", "6強", "7")
UNREPORTED = "5弱以上"
THRESHOLDS = ("5弱", "5強", "6弱", "6強", "7")
WEAKEST, DEFAULT = "5弱", "5強"
DEFAULT_WIND = 30  # m/s, the strongest gust
REST = timedelta(hours=6)  # after the event, in which nobody is asked
HOLD = timedelta(hours=72)  # after the event, in which nobody there is reminded of anything else


class Hazard(StrEnum):
    EARTHQUAKE = "earthquake"
    WIND = "wind"
    FLOOD = "flood"
    SNOW = "snow"


class State(StrEnum):
    """What people decided about an event."""

    PROPOSED = "proposed"  # nobody is asked before one of the staff says so
    RELEASED = "released"
    SET_ASIDE = "set_aside"  # the staff ask nobody
    CANCELLED = "cancelled"  # there was no such event


class OtherHazardError(ValueError):
    """An event is known as another hazard; what was told of it is about something else."""


@dataclass(frozen=True, slots=True)
class Bulletin:
    """The whole of what one bulletin tells.

    ``areas``: by municipality (five digits) what was felt there, as ``SCALE`` or UNREPORTED names it, in m/s for wind,
    and empty for what has no measure. ``told_at`` is when it was told; of two from one moment the higher ``serial``.
    """

    event: str
    hazard: Hazard
    at: datetime | None  # when it happened; a cancellation does not say
    told_at: datetime
    source: str
    serial: int = 0
    areas: Mapping[str, str] = field(default_factory=dict)
    cancelled: bool = False
    title: str = ""

    @property
    def order(self) -> tuple[datetime, int, bool, str]:
        """The greatest counts. Of two that claim one place a cancellation does, then whichever, but always the same."""
        return (self.told_at, self.serial, self.cancelled, repr(sorted(self.areas.items())))


def newest(bulletins: Iterable[Bulletin]) -> Bulletin:
    """The one that counts, in whatever order they came; of when it happened the earliest that any of them says."""
    known = list(bulletins)
    at = min((one.at for one in known if one.at is not None), default=None)
    return replace(max(known, key=lambda one: one.order), at=at)


@dataclass(frozen=True, slots=True)
class Event:
    """An event as it stands. ``version`` counts what was told of it.

    ``released`` is what the staff had before them when they let the asking begin, and at which version: somewhere that
    a later bulletin adds is asked only once they have looked again, and somewhere that it takes away no more.
    """

    bulletin: Bulletin
    state: State = State.PROPOSED
    version: int = 1
    released: Mapping[str, str] = field(default_factory=dict)
    released_version: int = 0
    ask_on: date | None = None

    @property
    def id(self) -> str:
        return self.bulletin.event

    @property
    def at(self) -> datetime:
        return self.bulletin.at or self.bulletin.told_at

    @property
    def undecided(self) -> bool:
        """Whether the staff have not yet looked at what it has become."""
        if self.bulletin.cancelled or self.state in (State.SET_ASIDE, State.CANCELLED):
            return False
        return self.state is State.PROPOSED or dict(self.released) != dict(self.bulletin.areas)

    @property
    def waits(self) -> bool:
        """Whether somebody may have to be asked about whom nobody has decided: the desk is told until one has.

        What a newer bulletin only takes away or weakens follows by itself.
        """
        told = self.bulletin.areas.items()
        more = any(code not in self.released or strength(level) > strength(self.released[code]) for code, level in told)
        return self.undecided and (self.state is State.PROPOSED or more)

    @property
    def asked_areas(self) -> dict[str, str]:
        """Where people are asked: what was released, as far as the newest bulletin still tells of it."""
        if self.state is not State.RELEASED or self.bulletin.cancelled:
            return {}
        told = self.bulletin.areas
        both = ((code, level, told[code]) for code, level in self.released.items() if code in told)
        return {code: min(before, now, key=strength) for code, before, now in both}


def take(event: Event | None, bulletin: Bulletin) -> Event | None:
    """The event after a bulletin; None where it tells nothing new.

    What says the same again, only later, leaves the version as it is: it counts from then on, and nobody need look at
    it. Raises OtherHazardError for an event that is known as something else.
    """
    if event is None:
        return Event(bulletin, State.CANCELLED if bulletin.cancelled else State.PROPOSED)
    if bulletin.hazard is not event.bulletin.hazard:
        raise OtherHazardError(f"{event.id} is known as {event.bulletin.hazard}, not {bulletin.hazard}")
    counts = newest([event.bulletin, bulletin])
    if counts == event.bulletin:
        return None
    state = _state_after(event, counts)
    same = state is event.state and _says(counts) == _says(event.bulletin)
    return replace(event, bulletin=counts, state=state, version=event.version + (not same))


def _state_after(event: Event, counts: Bulletin) -> State:
    if counts.cancelled:
        return State.CANCELLED
    if event.state is State.CANCELLED:
        return State.PROPOSED  # told anew after all: the staff look again
    if event.state is State.SET_ASIDE and counts.areas != event.bulletin.areas:
        return State.PROPOSED  # it is not what the staff set aside
    return event.state


def _says(bulletin: Bulletin) -> tuple[datetime | None, dict[str, str], bool]:
    return bulletin.at, dict(bulletin.areas), bulletin.cancelled


def release(event: Event, now: datetime) -> Event:
    """One of the staff lets the asking begin: on the next morning, or at once where that is past."""
    ask_on = max(first_morning(event.at), civil(now))
    areas, state = dict(event.bulletin.areas), State.RELEASED
    return replace(event, state=state, released=areas, released_version=event.version, ask_on=ask_on)


def first_morning(at: datetime) -> date:
    """The day on which owners are asked: nobody is woken, and nobody is asked in the first hours after it."""
    rested = at + REST
    day = civil(rested)
    return day if rested <= morning(day) else day + timedelta(days=1)


def asked_from(ask_on: date, now: datetime) -> datetime:
    """When the first owners are asked: on that morning, or from now on; nobody in the evening or at night."""
    start = max(morning(ask_on, QUIET_FROM), now)
    day = civil(start)
    if start < morning(day, QUIET_FROM):
        return morning(day, QUIET_FROM)
    return start if start < morning(day, QUIET_UNTIL) else morning(day + timedelta(days=1), QUIET_FROM)


def held_until(at: datetime) -> datetime:
    return at + HOLD


def strength(level: str) -> float:
    """How strong something was, to compare within one hazard. Raises ValueError for what is on no scale.

    What no station could report may have been anything from 5弱 on: it counts as enough for whatever a plan asks.
    """
    if level == UNREPORTED:
        return float(SCALE.index("7"))
    if level in SCALE:
        return float(SCALE.index(level))
    return float(level.removesuffix("m/s")) if level else 0.0


def concerned(house: House, event: Event, areas: Mapping[str, str]) -> str | None:
    """What was felt at a house, where its plan asks for a look after that; None where it does not.

    A house that was not handed over by then is still the builder's. ``areas`` is where people are asked, the strongest
    first (see strongest_first).
    """
    if not house.municipality or house.handed_over_on > civil(event.at):
        return None
    level = level_at(five_digits(house.municipality), areas)
    return level if level is not None and reaches(house, event.bulletin.hazard, level) else None


def perhaps(house: House, event: Event, prefecture: str, areas: Mapping[str, str]) -> bool:
    """Whether a house whose municipality nobody has told may be concerned: by the strongest that was felt in its
    prefecture, or anywhere where its address names none. ``areas`` the strongest first; ``prefecture`` two digits.
    """
    level = next((level for code, level in areas.items() if code.startswith(prefecture)), None)
    old = house.handed_over_on <= civil(event.at)
    return old and level is not None and reaches(house, event.bulletin.hazard, level)


def reaches(house: House, hazard: Hazard, level: str) -> bool:
    if hazard is Hazard.EARTHQUAKE:
        return strength(level) >= strength(house.event_intensity or DEFAULT)
    if hazard is Hazard.WIND:
        return strength(level) >= (house.event_wind or DEFAULT_WIND)
    return True  # a flood or heavy snow has no measure of its own here: whoever names the place knows


def strongest_first(areas: Mapping[str, str]) -> dict[str, str]:
    return dict(sorted(areas.items(), key=lambda pair: (-strength(pair[1]), pair[0])))


def worth_looking(event: Event, areas: Mapping[str, str]) -> list[str]:
    """The municipalities in which a plan could ask for a look, in order."""
    if event.bulletin.hazard is not Hazard.EARTHQUAKE:
        return sorted(areas)
    return sorted(code for code, level in areas.items() if strength(level) >= strength(WEAKEST))


def local(at: datetime) -> str:
    """An instant as people here say it, for an id or a list: 2027-01-18T05:46."""
    return at.astimezone(TOKYO).strftime("%Y-%m-%dT%H:%M")
