"""What one update was (core.telegram.org/bots/api#update). Only a person's own chat with us counts."""

import re
from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from telegram import CallbackQuery, Chat, ChatMemberUpdated, Message, Update, User
from telegram.constants import ChatMemberStatus, ChatType

from bot.channels.telegram.press import read_data
from bot.core.arrival import Event, Inbound, Remote, What

NAME = "telegram"
_LARGEST_ID = 2**63
_COMMAND = re.compile(r"/([A-Za-z]{1,32})(?:@\w+)?(?:\s+(.*))?", re.DOTALL)
_START = "start"
_UNTOLD = datetime(1970, 1, 1, tzinfo=UTC)
_COMINGS: Mapping[str, What] = {ChatMemberStatus.BANNED: What.LEFT, ChatMemberStatus.MEMBER: What.CAME}
_NEVER_KEPT = ("voice", "audio", "video", "video_note", "animation")  # files that show nothing of a house's state


def event_of(raw: Mapping[str, Any]) -> Event:
    """One update as an event. Raises ValueError for what is none."""
    number = raw.get("update_id")
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < _LARGEST_ID:
        raise ValueError("an update has an update_id")
    return Event(str(number), raw)


def parse(raw: Mapping[str, Any]) -> Inbound:
    """What an update was. Raises ValueError for what is none."""
    event = event_of(raw)
    try:
        return _read(event.id, Update.de_json(deepcopy(dict(raw)), None))  # the library takes out what it has read
    except ValueError:
        raise
    except Exception as error:  # the library lets what is not as documented through as whatever it ran into
        raise ValueError(f"not an update: {type(error).__name__}") from error


def _read(event_id: str, update: Update) -> Inbound:
    query = update.callback_query
    if query is not None and query.message is not None:
        return _pressed(event_id, query)
    if update.my_chat_member is not None:
        return _moved(event_id, update.my_chat_member)
    if update.message is not None:
        return _said(event_id, update.message)
    about = update.effective_message  # edited, in a channel, or of a kind that we do not ask for
    return _inbound(event_id, about.chat, about.date, What.NOTHING) if about else _nothing(event_id)


def _pressed(event_id: str, query: CallbackQuery) -> Inbound:
    """When a button was pressed is not told; its message's own time is the nearest there is."""
    message = query.message
    assert message is not None
    if message.chat.type != ChatType.PRIVATE or not isinstance(query.data, str):
        return _inbound(event_id, message.chat, message.date, What.NOTHING)
    action, key, pressed = read_data(query.data)
    ticket = ticket_of(message.message_id, query.id)
    more = {"action": action, "answers_key": key, "pressed": pressed, "ticket": ticket, "name": _name(query.from_user)}
    return _inbound(event_id, message.chat, message.date, What.SAID, **more)


def _moved(event_id: str, change: ChatMemberUpdated) -> Inbound:
    """Blocked, or unblocked: in a private chat the member whose status changed is the bot."""
    private = change.chat.type == ChatType.PRIVATE
    what = _COMINGS.get(change.new_chat_member.status, What.NOTHING) if private else What.NOTHING
    return _inbound(event_id, change.chat, change.date, what, name=_name(change.from_user))


def _said(event_id: str, message: Message) -> Inbound:
    chat, at = message.chat, message.date
    if chat.type != ChatType.PRIVATE:
        return _inbound(event_id, chat, at, What.NOTHING)
    more = {"message_id": f"{chat.id}:{message.message_id}", "name": _name(message.from_user)}
    text = message.text or message.caption or (message.sticker.emoji if message.sticker else "") or ""
    command = _COMMAND.fullmatch(text)
    if command:
        verb, rest = command[1].lower(), (command[2] or "").strip()
        if verb == _START and not rest:
            return _inbound(event_id, chat, at, What.CAME, **more)
        text = rest if verb == _START else f"{verb} {rest}".strip()
    remote = _files(message)
    refused = any(getattr(message, kind) for kind in _NEVER_KEPT)
    what = What.SAID if text or remote or refused else What.NOTHING
    return _inbound(event_id, chat, at, what, text=text, remote=remote, refused=refused and not remote, **more)


def _files(message: Message) -> tuple[Remote, ...]:
    """A photo comes in several sizes: the largest is the one they took."""
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return (Remote(_text(largest.file_id)),)
    return (Remote(_text(message.document.file_id)),) if message.document else ()


def _inbound(event_id: str, chat: Chat, at: datetime, what: What, **more: Any) -> Inbound:
    if not isinstance(chat.id, int) or at.utcoffset() is None:
        raise ValueError("a chat has a number, and a date its zone")
    return Inbound(NAME, event_id, str(chat.id), at, what, **more)


def _nothing(event_id: str) -> Inbound:
    """A kind of update that is about no chat, or newer than this: whose it is, and when it was, is not told."""
    return Inbound(NAME, event_id, "", _UNTOLD, What.NOTHING)


def _name(user: User | None) -> str:
    return _text(user.full_name) if user else ""


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")
    return value


def ticket_of(message_id: int, query_id: str) -> str:
    """What an answer needs to quieten the button it answers."""
    return f"{int(message_id)}:{_text(query_id)}"


def read_ticket(ticket: str) -> tuple[int, str] | None:
    message_id, _, query_id = ticket.partition(":")
    return (int(message_id), query_id) if message_id.isdecimal() and query_id else None
