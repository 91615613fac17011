"""What one stored event was (webhook.yml of line-openapi).

The SDK's models are not used to read with: one unknown mode or null makes them refuse a whole request. Tests hold
what is read here against them.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.channels.line.ticket import ticket
from bot.channels.line.user import is_user
from bot.channels.raw import text_at
from bot.core.arrival import Inbound, Remote, What

NAME = "line"
RECEIVED = "engawaReceived"  # our own note in a stored event: the machine time at which it came
LONGEST = 5000  # characters of a text, as many as the platform lets people write
FILES = frozenset({"image", "file", "video", "audio"})
_LAST = 253402300799000  # milliseconds to the end of the year 9999


def parse(raw: Mapping[str, Any], event_id: str) -> Inbound:
    """Raises ValueError for an event without any time; one that we do not know, or that is not for us, is NOTHING."""
    received = _received(raw)
    blank = Inbound(NAME, event_id, text_at(raw, "source", "userId"), _at(raw, received), What.NOTHING)
    if not _is_ours(raw):
        return replace(blank, address=blank.address if is_user(blank.address) else "")
    reading = READINGS.get(text_at(raw, "type"))
    found = reading(raw, blank) if reading else blank
    token = _plain(text_at(raw, "replyToken"))
    return replace(found, ticket=ticket(token, received)) if received and found.what is not What.NOTHING else found


def _is_ours(raw: Mapping[str, Any]) -> bool:
    """We talk with persons, one by one, and keep silent while another module has the talk (mode standby)."""
    alone = text_at(raw, "source", "type") == "user" and is_user(text_at(raw, "source", "userId"))
    return alone and text_at(raw, "mode") != "standby"


def _message(raw: Mapping[str, Any], blank: Inbound) -> Inbound:
    kind, message_id = text_at(raw, "message", "type"), _plain(text_at(raw, "message", "id"))
    heard = replace(blank, message_id=message_id)
    if kind == "text":
        return replace(heard, what=What.SAID, text=_plain(text_at(raw, "message", "text"))[:LONGEST])
    if kind not in FILES:
        return heard  # a sticker says nothing, nor does a place
    if not message_id or text_at(raw, "message", "contentProvider", "type") == "external":
        return replace(heard, what=What.SAID, refused=True)  # lies at an address that whoever sent it chose
    return replace(heard, what=What.SAID, remote=(Remote(message_id),))


def _postback(raw: Mapping[str, Any], blank: Inbound) -> Inbound:
    return replace(blank, what=What.SAID, action=_plain(text_at(raw, "postback", "data")))


def _follow(raw: Mapping[str, Any], blank: Inbound) -> Inbound:
    return replace(blank, what=What.CAME)  # added as a friend, or unblocked


def _unfollow(raw: Mapping[str, Any], blank: Inbound) -> Inbound:
    return replace(blank, what=What.LEFT)


def _unsend(raw: Mapping[str, Any], blank: Inbound) -> Inbound:
    about = _plain(text_at(raw, "unsend", "messageId"))
    return replace(blank, what=What.TOOK_BACK, about=about) if about else blank


def _account_link(raw: Mapping[str, Any], blank: Inbound) -> Inbound:
    """https://developers.line.biz/en/docs/messaging-api/linking-accounts/"""
    nonce = _plain(text_at(raw, "link", "nonce")) if text_at(raw, "link", "result") == "ok" else ""
    return replace(blank, what=What.LINKED, text=nonce[:LONGEST])


READINGS: Mapping[str, Callable[[Mapping[str, Any], Inbound], Inbound]] = {
    "message": _message,
    "postback": _postback,
    "follow": _follow,
    "unfollow": _unfollow,
    "unsend": _unsend,
    "accountLink": _account_link,
}


def _at(raw: Mapping[str, Any], received: datetime | None) -> datetime:
    """When it happened by the platform's clock (milliseconds); by ours where it does not say."""
    stamp = raw.get("timestamp")
    if isinstance(stamp, int) and not isinstance(stamp, bool) and 0 <= stamp <= _LAST:
        return datetime.fromtimestamp(stamp / 1000, UTC)
    if received is None:
        raise ValueError("an event without a time")
    return received


def _received(raw: Mapping[str, Any]) -> datetime | None:
    try:
        found = datetime.fromisoformat(text_at(raw, RECEIVED))
    except ValueError:
        return None
    return found if found.tzinfo else None


def _plain(text: str) -> str:
    """Without halves of characters and without NUL, which no database keeps."""
    return text if text.isascii() and "\0" not in text else "".join(filter(_is_kept, text))


def _is_kept(char: str) -> bool:
    return char != "\0" and not "\ud800" <= char <= "\udfff"
