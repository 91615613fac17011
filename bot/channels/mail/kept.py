"""A mail as it is stored: small and readable, its files left in the mailbox until they are asked for."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from typing import Any

from bot.channels.mail.charsets import kept
from bot.channels.mail.headers import decoded
from bot.channels.mail.parts import MOST_FILES, Part, body_of, leaves, report_of
from bot.channels.mail.plus import token_in
from bot.core.arrival import Event

VERSION = 1
HEADERS = frozenset(
    (
        *("from", "to", "cc", "delivered-to", "x-original-to", "subject", "in-reply-to", "references", "message-id"),
        *("content-type", "return-path", "auto-submitted", "precedence", "x-autoreply", "x-autorespond"),
        *("x-autoresponder", "x-auto-response-suppress", "list-id", "list-unsubscribe", "feedback-id", "x-spam-flag"),
    )
)
SENT_TO = ("to", "cc", "delivered-to", "x-original-to")
_VOUCHED = "authentication-results"
_MOST_VALUES = 10  # of one header
_LONGEST_VALUE = 4000
_LONGEST_ID = 250


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mail lies in the mailbox, and since when; ``validity`` changes when uids begin anew."""

    validity: int
    uid: int
    since: datetime


def event_of(data: bytes, place: Place, *, whole: bool) -> Event:
    """The event of a mail, ``data`` its bytes or, where it is too large to be fetched ``whole``, its headers.

    Never raises for what is in it: a mail that cannot be taken apart is kept without its content.
    """
    message = BytesParser(policy=compat32).parsebytes(data, headersonly=True)
    headers = _headers(message)
    name = next(iter(headers.get("message-id", ())), "")
    if not 3 <= len(name) <= _LONGEST_ID:
        name = f"sha256:{hashlib.sha256(data).hexdigest()}"
    own = bool(token_in(" ".join(value for name in SENT_TO for value in headers.get(name, ()))))
    raw: dict[str, Any] = {
        "v": VERSION,
        "id": name,
        "at": place.since.isoformat(),
        "uid": place.uid,
        "validity": place.validity,
        "headers": headers,
    }
    if own:
        raw["vouched"] = _as_written(message, _VOUCHED)
    return Event(name, {**raw, **(_content(data, named=own) if whole else {"large": True})})


def _as_written(message: Message, name: str) -> list[str]:
    """A header of our own server's, unfolded and never decoded: what a stranger has coded stays what it is."""
    values = [str(value) for key, value in message.raw_items() if key.lower() == name][:_MOST_VALUES]
    return [kept(value.encode("ascii", "replace").decode().replace("\r", " ").replace("\n", " ")) for value in values]


def _content(data: bytes, *, named: bool) -> Mapping[str, Any]:
    try:
        parts = list(leaves(BytesParser(policy=compat32).parsebytes(data)))
        blocks, returned = report_of(parts)
        text = body_of(parts)
        files = [_file(part) | (_called(part) if named else {}) for part in parts if part.is_file]
    except Exception:  # whatever a stranger's bytes do to a parser, the mails behind them come in
        return {"unreadable": True}
    found: dict[str, Any] = {"text": text, "files": files[:MOST_FILES], "more_files": len(files) > MOST_FILES}
    return {**found, "report": blocks, "returned": returned} if blocks else found


def _file(part: Part) -> dict[str, Any]:
    return {"part": part.number, "type": part.media_type[:100], "encoding": part.encoding, "size": part.size}


def _called(part: Part) -> dict[str, str]:
    """What it is called, where that is of use."""
    return {"name": decoded(part.message.get_filename() or "")[:200]}


def _headers(message: Message) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in message.raw_items():
        values = found.setdefault(name.lower(), []) if name.lower() in HEADERS else None
        if values is not None and len(values) < _MOST_VALUES:
            values.append(decoded(value)[-_LONGEST_VALUE:])  # the end of References names what was answered
    return found
