"""JSON lines in, JSON lines out: a reply to be understood per line, its meaning per line, a word for a bad one."""

import json
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.core.meaning import Context, Meaning
from bot.language.understand import understand

TOKYO = ZoneInfo("Asia/Tokyo")
ROLES = {"owner": "owner", "servicer": "servicer", "builder": "servicer", "staff": "staff"}
BOM = "\ufeff"  # which some editors put before the first line
SPOKEN_OF = (1900, 2150)  # years; the rest is a slip of whoever wrote the line

Id = str | int | None


class BadLine(ValueError):
    """A line that cannot be understood, with the reason. ``id`` is the line's own, where it has one."""

    def __init__(self, reason: str, id: Id = None) -> None:
        super().__init__(reason)
        self.id = id


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of input: what was written, when (Asia/Tokyo), by whom, after which question."""

    id: Id
    text: str
    now: datetime
    role: str
    context: Context


def answer(line: str | bytes) -> str:
    """The output line for an input line; for a bad one an object with its id and ``error``. Never raises."""
    try:
        asked = from_json(line)
    except BadLine as bad:
        return _dump({"id": bad.id, "error": str(bad)})
    return _dump(to_json(asked.id, understand(asked.text, asked.now, asked.role, asked.context)))


def from_json(line: str | bytes) -> Asked:
    """Reads one input line; raises BadLine with a plain reason. ``role`` and ``context`` may be left out."""
    text = _text(line).removeprefix(BOM)
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        raise BadLine("not a JSON object on one line") from None
    if not isinstance(fields, dict):
        raise BadLine("not a JSON object on one line")
    id = fields.get("id")
    if not isinstance(id, str | int | None) or isinstance(id, bool):
        raise BadLine("id must be a string or a whole number")
    written = fields.get("text")
    if not isinstance(written, str):
        raise BadLine("text must be a string", id)
    return Asked(
        id, written, _now(fields.get("now"), id), _role(fields.get("role"), id), _context(fields.get("context"), id)
    )


def to_json(id: Id, meaning: Meaning) -> dict[str, object]:
    """The fields of an output line, in their stated order."""
    return {
        "id": id,
        "intent": meaning.intent.value,
        "date": _written(meaning.date),
        "date_precision": meaning.date_precision,
        "date_end": _written(meaning.date_end),
        "time": None if meaning.time is None else meaning.time.strftime("%H:%M"),
        "result": meaning.result,
        "performer": meaning.performer,
        "partial": meaning.partial,
        "urgent": meaning.urgent,
        "ask": meaning.ask,
        "why": meaning.why,
    }


def _text(line: str | bytes) -> str:
    """The line as text: one byte that is none spoils its own line, and no other."""
    try:
        return line if isinstance(line, str) else line.decode()
    except UnicodeDecodeError:
        raise BadLine("not UTF-8") from None


def _written(day: date | time | None) -> str | None:
    return None if day is None else day.isoformat()


def _now(value: object, id: Id) -> datetime:
    try:
        now = datetime.fromisoformat(value) if isinstance(value, str) else None
        now = now and (now.replace(tzinfo=TOKYO) if now.tzinfo is None else now.astimezone(TOKYO))
    except (ValueError, OverflowError):
        now = None
    if now is None:
        raise BadLine("now must be an ISO 8601 instant, such as 2026-07-22T10:15:00+09:00", id)
    if not SPOKEN_OF[0] <= now.year <= SPOKEN_OF[1]:
        raise BadLine(f"now must lie between {SPOKEN_OF[0]} and {SPOKEN_OF[1]}", id)
    return now


def _role(value: object, id: Id) -> str:
    role = ROLES.get(value) if isinstance(value, str) else "owner" if value is None else None
    if role is None:
        raise BadLine("role must be owner, servicer or staff", id)
    return role


def _context(value: object, id: Id) -> Context:
    if value is None:
        return Context.NONE
    if not isinstance(value, str) or value not in set(Context):
        raise BadLine("context must be one of " + ", ".join(Context), id)
    return Context(value)


def _dump(fields: dict[str, object]) -> str:
    """One line of JSON that any output can carry: characters UTF-8 cannot hold are escaped."""
    text = json.dumps(fields, ensure_ascii=False)
    return text if text.isprintable() else json.dumps(fields)
