"""What one stored event was: words, a pressed button, a sent modal, a command, or nothing to us.

https://docs.slack.dev/reference/events/message and …/interaction-payloads/block_actions-payload,
…/interaction-payloads/view-interactions-payload, https://docs.slack.dev/interactivity/implementing-slash-commands.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.channels.raw import text_at
from bot.channels.slack.commands import action_of
from bot.channels.slack.modal import submitted
from bot.channels.slack.ticket import Ticket
from bot.core.arrival import Inbound, Remote, What

NAME = "slack"
LONGEST = 4000
USER = re.compile(r"[A-Z0-9]{1,64}")
FILE = re.compile(r"[A-Z0-9]{1,64}")
MOST_FILES = 10  # in one message, as many as Slack lets people send
STAMP = re.compile(r"\d{1,12}\.\d{1,6}")
# Messages of people; every other subtype (joins, edits, bots) is Slack's own book-keeping.
SAYING = frozenset({"", "file_share", "thread_broadcast", "me_message"})


def parse(raw: Mapping[str, Any], desk: str) -> Inbound:
    """``raw`` is a door's note: id, at, and the body as Slack sent it. Raises ValueError for what is none of that."""
    body = raw.get("body")
    if not isinstance(body, Mapping) or not text_at(raw, "id"):
        raise ValueError("a Slack event holds id, at and body")
    came = datetime.fromisoformat(text_at(raw, "at"))
    nothing = Inbound(NAME, text_at(raw, "id"), "", came, What.NOTHING)
    if text_at(body, "command"):
        return _command(body, nothing, desk)
    kind = text_at(body, "type")
    if kind == "event_callback":
        return _message(body, nothing, desk)
    if kind == "block_actions":
        return _pressed(body, nothing, desk)
    return _sent(body, nothing, desk) if kind == "view_submission" else nothing


def _by(nothing: Inbound, user: str, name: str = "") -> Inbound:
    """Something this account did."""
    if not USER.fullmatch(user):
        raise ValueError("not a Slack user's id")
    return replace(nothing, address=user, what=What.SAID, name=name[:80])


def _message(body: Mapping[str, Any], nothing: Inbound, desk: str) -> Inbound:
    event = body.get("event")
    if not isinstance(event, Mapping) or text_at(event, "type") != "message":
        return nothing
    if _deleted(event):
        return _took_back(body, event, nothing, desk)
    channel, user = text_at(event, "channel"), text_at(event, "user")
    ours = text_at(event, "bot_id") or user in (*_bots(body), "", "USLACKBOT")
    at_desk, private = bool(desk) and channel == desk, text_at(event, "channel_type") == "im"
    if ours or text_at(event, "subtype") not in SAYING or not (at_desk or private):
        return nothing
    stamp = text_at(event, "ts")
    ticket = Ticket(channel, (text_at(event, "thread_ts") or stamp) if at_desk else "", at=nothing.at.isoformat())
    text, mentioned = _plain(text_at(event, "text"), _bots(body))
    overheard = at_desk and not mentioned  # what people there show each other is not for us to fetch
    return replace(
        _by(nothing, user),
        at=_instant(stamp, nothing.at),
        text=text,
        message_id=stamp,
        ticket=str(ticket),
        remote=() if overheard else _files(event),
        at_desk=at_desk,
        overheard=overheard,
    )


def _files(event: Mapping[str, Any]) -> tuple[Remote, ...]:
    """By their ids alone: where they lie is asked of Slack, and not taken from an event."""
    files = event.get("files")
    listed = [file for file in files if isinstance(file, Mapping)] if isinstance(files, list) else []
    return tuple(Remote(name) for file in listed[:MOST_FILES] if FILE.fullmatch(name := text_at(file, "id")))


def _deleted(event: Mapping[str, Any]) -> bool:
    """Gone from sight: deleted, or left as a stone in a thread that others wrote in."""
    changed = text_at(event, "subtype") == "message_changed"
    return text_at(event, "subtype") == "message_deleted" or (
        changed and text_at(event, "message", "subtype") == "tombstone"
    )


def _took_back(body: Mapping[str, Any], event: Mapping[str, Any], nothing: Inbound, desk: str) -> Inbound:
    """https://docs.slack.dev/reference/events/message/message_deleted: who wrote it stands in what it was before."""
    user, about = text_at(event, "previous_message", "user"), text_at(event, "previous_message", "ts")
    at_desk = bool(desk) and text_at(event, "channel") == desk
    ours = text_at(event, "previous_message", "bot_id") or user in (*_bots(body), "", "USLACKBOT")
    if ours or not about or not (at_desk or text_at(event, "channel_type") == "im"):
        return nothing
    at = _instant(text_at(event, "event_ts"), nothing.at)
    return replace(_by(nothing, user), what=What.TOOK_BACK, at=at, about=about, at_desk=at_desk)


def _bots(body: Mapping[str, Any]) -> tuple[str, ...]:
    """Our own user's ids, as the event itself names them."""
    found = body.get("authorizations")
    ours = [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
    return tuple(user for one in ours if (user := text_at(one, "user_id")))


def _plain(text: str, bots: tuple[str, ...]) -> tuple[str, bool]:
    """The words as they were typed, without our own name, and whether we were called by it."""
    called = [f"<@{bot}>" for bot in bots if f"<@{bot}>" in text]
    for name in called:
        text = text.replace(name, " ")
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return text.strip()[:LONGEST], bool(called)


def _instant(stamp: str, otherwise: datetime) -> datetime:
    return datetime.fromtimestamp(float(stamp), UTC) if STAMP.fullmatch(stamp) else otherwise


def _pressed(body: Mapping[str, Any], nothing: Inbound, desk: str) -> Inbound:
    """A button, or a menu whose options are actions. A link of ours says nothing."""
    actions = body.get("actions")
    first = actions[0] if isinstance(actions, list) and actions else None
    if not isinstance(first, Mapping):
        raise ValueError("a press without an action")
    value = text_at(first, "value") or text_at(first, "selected_option", "value")
    if not value:
        return nothing
    channel = text_at(body, "channel", "id") or text_at(body, "container", "channel_id")
    message = body.get("message") if isinstance(body.get("message"), Mapping) else {}
    unseen = isinstance(body.get("container"), Mapping) and body["container"].get("is_ephemeral") is True
    assert isinstance(message, Mapping)
    thread = text_at(message, "thread_ts") or text_at(message, "ts") or text_at(body, "container", "message_ts")
    at_desk = bool(desk) and channel == desk
    ticket = Ticket(
        channel=channel,
        thread=thread if at_desk and not unseen else "",
        unseen=unseen,
        trigger=text_at(body, "trigger_id"),
        at=nothing.at.isoformat(),
        action=value,
    )
    who = _by(nothing, text_at(body, "user", "id"), _name(body))
    return replace(who, action=value, ticket=str(ticket), at_desk=at_desk)


def _sent(body: Mapping[str, Any], nothing: Inbound, desk: str) -> Inbound:
    """A modal of ours: the button it stands for, with what was written."""
    view = body.get("view")
    if not isinstance(view, Mapping):
        raise ValueError("a submission without a view")
    action, text, ticket = submitted(view)
    who = _by(nothing, text_at(body, "user", "id"), _name(body))
    at_desk = bool(desk) and ticket.channel == desk
    ticket = replace(ticket, at=nothing.at.isoformat())
    return replace(who, action=action, text=text[:LONGEST], ticket=str(ticket), at_desk=at_desk)


def _command(body: Mapping[str, Any], nothing: Inbound, desk: str) -> Inbound:
    channel = text_at(body, "channel_id")
    at_desk = bool(desk) and channel == desk
    action = action_of(text_at(body, "text"))
    ticket = Ticket(
        channel=channel if at_desk else "",
        unseen=at_desk,
        trigger=text_at(body, "trigger_id"),
        at=nothing.at.isoformat(),
        action=action,
    )
    who = _by(nothing, text_at(body, "user_id"), text_at(body, "user_name"))
    return replace(who, action=action, ticket=str(ticket), at_desk=at_desk)


def _name(body: Mapping[str, Any]) -> str:
    return text_at(body, "user", "name") or text_at(body, "user", "username")
