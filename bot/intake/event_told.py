"""An earthquake or a storm as a person or another system tells it: what, when, where, and how strong it was there."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

from bot.core.days import TOKYO
from bot.core.event import DEFAULT, SCALE, Bulletin, Hazard
from bot.core.municipality import five_digits

WHAT = "earthquake, wind, flood or snow"
FIELDS = frozenset({"hazard", "at", "municipalities", "intensity", "wind", "id"})
CANCELLED = "cancelled"
OF_A_CANCELLATION = frozenset({CANCELLED, "hazard", "id"})
NAME = re.compile(r"[A-Za-z0-9._-]{1,40}")
EARLIEST = 1900
STRONGEST_WIND = 200  # m/s


class ToldError(ValueError):
    """What was told is no event: the field, and what it must be."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name} {reason}")
        self.name, self.reason = name, reason


@dataclass(frozen=True, slots=True)
class Told:
    """``places``: code and level, which may be empty. ``level`` holds where a place has none of its own; ``id`` is
    empty for a name by time and hazard. A cancellation has the event's id and hazard alone."""

    hazard: str
    at: datetime | None
    places: Sequence[tuple[str, str]]
    level: str = ""
    id: str = ""
    cancelled: bool = False


def read_told(body: bytes) -> Told:
    """Raises ToldError for anything but the JSON of docs/events-api.json."""
    raw = _object(body)
    if unknown := sorted(set(raw) - FIELDS - {CANCELLED}):
        raise ToldError("a field", f"is unknown: {ascii(unknown[0])[:40]}")
    if _is_cancelled(raw):
        return _cancellation(raw)
    wind = raw.get("wind", "")
    wind = str(wind) if isinstance(wind, int) and not isinstance(wind, bool) else wind
    return Told(
        hazard=_text("hazard", raw.get("hazard")),
        at=_instant(_text("at", raw.get("at"))),
        places=_places(raw.get("municipalities")),
        level=_text("intensity", raw.get("intensity", "")) or _text("wind", wind),
        id=_text("id", raw.get("id", "")),
    )


def _is_cancelled(raw: Mapping[str, Any]) -> bool:
    """Only true is a cancellation: what calls off every house must not hang on how somebody writes yes."""
    told = raw.get(CANCELLED, False)
    if not isinstance(told, bool):
        raise ToldError(CANCELLED, "must be true or false")
    return told


def _cancellation(raw: Mapping[str, Any]) -> Told:
    """It says of which event, and nothing of what that was like."""
    if beside := sorted(set(raw) - OF_A_CANCELLATION):
        raise ToldError(beside[0], "has no place in a cancellation: give id and hazard alone")
    event_id = _text("id", raw.get("id"))
    if not event_id:
        raise ToldError("id", "must name the event that is cancelled")
    return Told(_text("hazard", raw.get("hazard")), None, (), id=event_id, cancelled=True)


def bulletin_of(told: Told, told_at: datetime, source: str) -> Bulletin:
    """Raises ToldError for what is on no scale, in no municipality, or cannot be a name."""
    if told.hazard not in set(Hazard):
        raise ToldError("hazard", f"must be {WHAT}")
    if not told.places and not told.cancelled:
        raise ToldError("municipalities", "must name one or more")
    if told.id and not NAME.fullmatch(told.id):
        raise ToldError("id", "must be up to 40 letters, digits, points, _ and -")
    hazard = Hazard(told.hazard)
    areas = {_code(code): _level(hazard, own or told.level) for code, own in told.places}
    return Bulletin(_name(told, hazard), hazard, told.at, told_at, source, areas=areas, cancelled=told.cancelled)


def _name(told: Told, hazard: Hazard) -> str:
    """Its own, or one by time and hazard."""
    if told.id or told.at is None:
        return told.id
    return f"{told.at.astimezone(TOKYO):%Y%m%d%H%M}-{hazard}"


def _code(code: str) -> str:
    try:
        return five_digits(code)
    except ValueError as error:
        raise ToldError("municipalities:", ascii(str(error))[1:-1]) from None


def _level(hazard: Hazard, felt: str) -> str:
    if hazard is Hazard.EARTHQUAKE and felt not in SCALE:
        raise ToldError("intensity", f"must be a 震度 such as {DEFAULT}")
    if hazard is Hazard.WIND and not _is_wind(felt):
        raise ToldError("wind", "must be the strongest gust in m/s")
    if hazard in (Hazard.FLOOD, Hazard.SNOW) and felt:
        raise ToldError("hazard", f"{hazard} has no measure: leave it out")
    return felt


def _is_wind(felt: str) -> bool:
    return felt.isascii() and felt.isdigit() and len(felt) < 4 and 0 < int(felt) < STRONGEST_WIND


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ToldError("the body", "must be one JSON object in UTF-8")
    return found


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise ToldError(name, "is missing, or no text")
    return value.strip()


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or found.year < EARLIEST:
        raise ToldError("at", "must be an instant with its time zone, such as 2027-01-18T05:46:00+09:00")
    return found


def _places(given: object) -> list[tuple[str, str]]:
    if not isinstance(given, list):
        raise ToldError("municipalities", "must be a list of codes, or of objects with code and level")
    return [_place(one) for one in given]


def _place(given: object) -> tuple[str, str]:
    if isinstance(given, str):
        return given.strip(), ""
    if not isinstance(given, Mapping) or set(given) - {"code", "level"}:
        raise ToldError("municipalities", "must be a list of codes, or of objects with code and level")
    level = given.get("level", "")
    level = str(level) if isinstance(level, int) and not isinstance(level, bool) else level
    return _text("municipalities", given.get("code")), _text("municipalities", level)
