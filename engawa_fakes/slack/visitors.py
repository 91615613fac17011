"""What people do in the workspace, as the body of the request that Slack makes of it."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from itertools import count
from typing import Any
from urllib.parse import urlencode

from engawa_fakes.slack.names import BOT_USER, DESK, SECRET, USERS
from engawa_fakes.slack.shown import Shown


class Visitors:
    """People at the workspace's door. ``url`` is the workspace's own."""

    url: str

    def __init__(self) -> None:
        super().__init__()
        self._stamps = count(1_700_000_001)
        self._numbers = count(1)
        self._triggers: set[str] = set()
        self.files: dict[str, bytes] = {}
        self.elsewhere: dict[str, str] = {}  # files that lie at another address than Slack's own

    def stamp(self) -> str:
        return f"{next(self._stamps)}.000100"

    def trigger(self) -> str:
        trigger = f"{next(self._numbers)}.1.trigger"
        self._triggers.add(trigger)
        return trigger

    def message(self, user: str, text: str, channel: str = "", **event: Any) -> dict[str, Any]:
        """Somebody writes, in a conversation with the bot unless a channel is named."""
        place = {"channel": channel, "channel_type": "channel"} if channel else _private(user)
        said = {"type": "message", "user": user, "text": text, "ts": self.stamp(), **place, **event}
        return self.event(said)

    def sends_file(self, user: str, data: bytes, text: str = "", channel: str = "") -> dict[str, Any]:
        """https://docs.slack.dev/reference/events/message/file_share"""
        name = f"F{next(self._numbers):08}"
        self.files[name] = data
        shown = {"id": name, "size": len(data), "url_private_download": f"{self.url}/files/{name}"}
        return self.message(user, text, channel, subtype="file_share", files=[shown])

    def deletes(self, message: Mapping[str, Any], *, stone: bool = False) -> dict[str, Any]:
        """Somebody deletes what they wrote; in a thread with answers a stone is left in its place."""
        said = message["event"]
        before = {name: said[name] for name in ("type", "user", "text", "ts")}
        place = {name: said[name] for name in ("channel", "channel_type")}
        gone = {"subtype": "message_deleted", "deleted_ts": said["ts"]}
        left = {"subtype": "tombstone", "text": "This message was deleted.", "user": "USLACKBOT", "ts": said["ts"]}
        how = {"subtype": "message_changed", "message": left} if stone else gone
        stamp = self.stamp()
        about = {"type": "message", "hidden": True, "ts": stamp, "event_ts": stamp}
        return self.event({**about, **how, **place, "previous_message": before})

    def event(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """https://docs.slack.dev/apis/events-api#callback-field"""
        return {
            "token": "legacy",
            "team_id": "T0",
            "api_app_id": "A0",
            "type": "event_callback",
            "event_id": f"Ev{next(self._numbers):08}",
            "event_time": 1_700_000_000,
            "authorizations": [{"team_id": "T0", "user_id": BOT_USER, "is_bot": True}],
            "event": dict(event),
        }

    def press(self, user: str, message: Shown, label: str) -> dict[str, Any]:
        """Somebody presses a button of a message."""
        shown = {"ts": message.ts, "text": message.text, "user": BOT_USER}
        if message.thread_ts:
            shown["thread_ts"] = message.thread_ts
        where = {"type": "message", "message_ts": message.ts, "channel_id": message.channel}
        return self._interaction("block_actions", user) | {
            "container": where | {"is_ephemeral": bool(message.only_to)},
            "channel": {"id": message.channel},
            **({} if message.only_to else {"message": shown}),
            "actions": [{**message.buttons[label], "action_ts": self.stamp(), "block_id": "b"}],
        }

    def submit(self, user: str, modal: Mapping[str, Any], answer: str) -> dict[str, Any]:
        """Somebody sends a modal, with words or with the option of that label."""
        field_of = next(block for block in modal["blocks"] if block["type"] == "input")
        element = field_of["element"]
        value: dict[str, Any] = {"type": element["type"], "value": answer}
        if element["type"] == "static_select":
            chosen = next(option for option in element["options"] if option["text"]["text"] == answer)
            value = {"type": "static_select", "selected_option": chosen}
        state = {"values": {field_of["block_id"]: {element["action_id"]: value}}}
        return self._interaction("view_submission", user) | {"view": {**modal, "state": state}}

    def command(self, user: str, text: str, channel: str = DESK) -> dict[str, str]:
        """Somebody types a slash command."""
        return {
            "command": "/engawa",
            "text": text,
            "user_id": user,
            "user_name": USERS.get(user, ""),
            "channel_id": channel,
            "team_id": "T0",
            "trigger_id": self.trigger(),
            "response_url": f"{self.url}/response",
        }

    def _interaction(self, kind: str, user: str) -> dict[str, Any]:
        who = {"id": user, "username": USERS.get(user, ""), "name": USERS.get(user, "")}
        return {"type": kind, "user": who, "team": {"id": "T0"}, "api_app_id": "A0", "trigger_id": self.trigger()}

    @staticmethod
    def sign(body: bytes, at: float, secret: str = SECRET) -> dict[str, str]:
        """The headers of a genuine request at that instant."""
        stamp = str(int(at))
        digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        kind = "application/json" if body.startswith(b"{") else "application/x-www-form-urlencoded"
        return {"content-type": kind, "x-slack-request-timestamp": stamp, "x-slack-signature": f"v0={digest}"}

    @staticmethod
    def packed(body: Mapping[str, Any]) -> tuple[str, bytes]:
        """The door a body comes to, and its bytes as they come there."""
        if "command" in body:
            return "/webhooks/slack/commands", urlencode(body).encode()
        if body.get("type") in ("block_actions", "view_submission", "view_closed"):
            return "/webhooks/slack/interactions", urlencode({"payload": json.dumps(body)}).encode()
        return "/webhooks/slack/events", json.dumps(body, ensure_ascii=False).encode()


def _private(user: str) -> dict[str, str]:
    return {"channel": f"D{user[1:]}", "channel_type": "im"}
