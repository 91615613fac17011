"""What the guarantor's core system and we tell each other of a guarantee: by its number, without a name or an amount.

Theirs is a machine's word: it says which guarantee is whose, and that one has ended. All else that it tells lies with
the staff, who decide (see design: nothing lapses, and no owner changes, on the word of a machine).
"""

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from bot.core.outcome import Deed, Mode, Say
from bot.core.standing import State

GUARANTOR = "guarantor:core"
STANDING, OWNERS = "guarantor_standing", "guarantor_owners"
LONGEST = 64  # characters of an id or a number
STATES: Mapping[str, State] = {
    "risk_began": State.AT_RISK,
    "risk_changed": State.AT_RISK,
    "guarantee_lapsed": State.LAPSED,
    "guarantee_ended": State.NONE,
    "guarantee_told": State.GOOD,
}
PASSED, CHANGED = "ownership_passed", "owners_changed"
UNDONE = "lapse_undone"
TOLD = frozenset({*STATES, "risk_over", UNDONE, PASSED, CHANGED})


class Kind(StrEnum):
    """What they tell."""

    NEW = "new"  # a guarantee for the house of this common ID or certificate
    OPTION_USED = "option_used"
    REPAID = "repaid"
    DEATH = "death"
    END = "end"


ENDS = frozenset({Kind.REPAID, Kind.END})
RAISES = frozenset({Kind.OPTION_USED, Kind.DEATH})


@dataclass(frozen=True, slots=True)
class Told:
    """One event of theirs. ``on`` is the civil day from which it holds, ``at`` the instant at which they wrote it."""

    id: str
    kind: Kind
    guarantee_no: str
    on: date
    at: datetime
    common_id: str = ""
    certificate_no: str = ""
    residual_month: date | None = None

    @property
    def order(self) -> tuple[datetime, str]:
        """Of two that contradict each other the one written last counts, in whatever order they came."""
        return self.at, self.id


def read_told(raw: Mapping[str, Any]) -> Told:
    """Raises ValueError, naming what is missing, for what is no event of docs/guarantor-api.json."""
    month = _plain(raw, "residual_month", needed=False)
    told = Told(
        id=_plain(raw, "id"),
        kind=Kind(_plain(raw, "kind")),
        guarantee_no=_plain(raw, "guarantee_no"),
        on=date.fromisoformat(_plain(raw, "on")),
        at=datetime.fromisoformat(_plain(raw, "at")),
        common_id=_plain(raw, "common_id", needed=False),
        certificate_no=_plain(raw, "certificate_no", needed=False),
        residual_month=date.fromisoformat(f"{month}-01") if month else None,
    )
    if told.at.tzinfo is None:
        raise ValueError("at: an instant needs its time zone")
    if told.kind is Kind.NEW and not (told.common_id or told.certificate_no):
        raise ValueError("common_id or certificate_no is needed")
    return told


def _plain(raw: Mapping[str, Any], name: str, *, needed: bool = True) -> str:
    value = raw.get(name, "")
    if not isinstance(value, str) or len(value) > LONGEST or not value.isprintable() or (needed and not value.strip()):
        raise ValueError(f"{name} is missing or cannot be")
    return value.strip()


def newest(events: Iterable[Told]) -> Told | None:
    """The one that counts."""
    return max(events, key=lambda told: told.order, default=None)


def ended_on(events: Iterable[Told]) -> date | None:
    """The first day on which a guarantee is over, by what was told last of its beginning and end; None while it goes
    on: a later word moves an end, and a later beginning takes it back."""
    last = newest(told for told in events if told.kind in ENDS or told.kind is Kind.NEW)
    return last.on if last is not None and last.kind in ENDS else None


def news_of(deed: Deed, today: date) -> tuple[str, dict[str, Any]] | None:
    """What the guarantor is told because of a fact: the kind of message, and its data. None where it concerns them
    not."""
    if deed.kind in (PASSED, CHANGED):
        return OWNERS, {"on": deed.data.get("on") or today.isoformat()}
    if deed.kind == "guarantee_told" and not deed.data["guaranteed"]:
        return None  # it stands at another house now, and is told of there
    if deed.kind not in TOLD:
        return None
    state = STATES.get(deed.kind) or State(deed.data["state"])
    reasons = sorted({str(key).partition(" ")[0] for key in deed.data.get("reasons", ())})
    corrects = {"corrects": str(State.LAPSED)} if deed.kind == UNDONE else {}
    told = {"state": str(state), "reasons": reasons, "on": deed.data.get("on") or today.isoformat()}
    return STANDING, told | corrects


def tell(news: tuple[str, Mapping[str, Any]], known: Mapping[str, str]) -> Say:
    """One message to their machine. ``known`` holds guarantee_no, id (the same when it is told again) and at."""
    kind, data = news
    if kind == OWNERS:
        return Say(GUARANTOR, "guarantor_owners", {**data, **known}, Mode.RELAY)
    return Say(GUARANTOR, "guarantor_standing", {**data, **known}, Mode.RELAY)


def once_each(deeds: Iterable[tuple[str, Deed]]) -> list[tuple[str, Deed]]:
    """What concerns the guarantor. A passing of a house on a document is told with the day of that document, once."""
    found = [(house_id, deed) for house_id, deed in deeds if house_id and deed.kind in TOLD]
    passed = {house_id for house_id, deed in found if deed.kind == PASSED}
    return [(house_id, deed) for house_id, deed in found if deed.kind != CHANGED or house_id not in passed]


@runtime_checkable
class Listing(Protocol):
    """A channel whose machine lists the guarantees that it has."""

    def guarantee_numbers(self) -> AsyncIterator[str]:
        """Every living guarantee's number, sorted by code point. Raises OSError where the list cannot be had whole."""
        ...


@runtime_checkable
class OfGuarantor(Protocol):
    """A channel that reaches the guarantor's core system, at this address."""

    guarantor: str
