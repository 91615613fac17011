"""The doors for Slack's requests: checked over the raw bytes, split, and answered at once.

https://docs.slack.dev/authentication/verifying-requests-from-slack and the 3 seconds of
https://docs.slack.dev/interactivity/handling-user-interaction#acknowledgment_response.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from slack_sdk.signature import Clock, SignatureVerifier

from bot.channels.raw import read_object, text_at
from bot.core.arrival import Answer, Event, Webhook

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
LARGEST = 1_000_000  # bytes; Slack's own requests stay far below
MOST_FIELDS = 40
Read = Callable[[bytes], Mapping[str, Any]]


class Doors:
    """The three doors. ``machine_now`` says how old a signature is; five minutes are the most."""

    def __init__(self, signing_secret: str, machine_now: Callable[[], datetime]) -> None:
        self._machine_now = machine_now
        self._verifier = SignatureVerifier(signing_secret, _MachineClock(machine_now))

    def webhooks(self) -> tuple[Webhook, ...]:
        async def events(headers: Mapping[str, str], body: bytes) -> Answer:
            return self._read(headers, body, read_object)

        async def interactions(headers: Mapping[str, str], body: bytes) -> Answer:
            return self._read(headers, body, _payload)

        async def commands(headers: Mapping[str, str], body: bytes) -> Answer:
            return self._read(headers, body, _form)

        return (
            Webhook("/webhooks/slack/events", events),
            Webhook("/webhooks/slack/interactions", interactions, FORM),
            Webhook("/webhooks/slack/commands", commands, FORM),
        )

    def _read(self, headers: Mapping[str, str], body: bytes, read: Read) -> Answer:
        if len(body) > LARGEST:
            return Answer(413)
        if not self._genuine(headers, body):
            return Answer(401)
        try:
            return split(read(body), self._machine_now())
        except ValueError:
            return Answer(400)

    def _genuine(self, headers: Mapping[str, str], body: bytes) -> bool:
        stamp, signature = headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", "")
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12 and signature.isascii()):
            return False
        try:
            return self._verifier.is_valid(body, stamp, signature)
        except UnicodeDecodeError:  # slack_sdk signs text; Slack never sends what is none
            return False


class _MachineClock(Clock):
    def __init__(self, machine_now: Callable[[], datetime]) -> None:
        self._machine_now = machine_now

    def now(self) -> float:
        return self._machine_now().timestamp()


def split(body: Mapping[str, Any], now: datetime) -> Answer:
    """The events of one body, over HTTP or a socket, and what it is answered. Raises ValueError for a stranger's."""
    kind = text_at(body, "type")
    if kind == "url_verification":
        return Answer(200, body=json.dumps({"challenge": text_at(body, "challenge")[:500]}), media_type=JSON)
    if text_at(body, "ssl_check"):
        return Answer(200)
    if kind and kind not in ("event_callback", "block_actions", "view_submission"):
        return Answer(200)  # shortcuts, closed views and what Slack may add: acknowledged, and nothing to us
    event_id = _id(body, kind)
    event = Event(event_id, {"id": event_id, "at": now.isoformat(), "body": _kept(body)})
    return Answer(200, (event,))  # an empty 200 closes a modal, and shows nothing for a command


def _kept(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body without the words that somebody took back or wrote anew: of those only who and which is kept."""
    event = body.get("event")
    before = event.get("previous_message") if isinstance(event, Mapping) else None
    if not isinstance(event, Mapping) or not isinstance(before, Mapping):
        return dict(body)
    named = {name: before[name] for name in ("user", "bot_id", "ts") if name in before}
    return {**body, "event": {**event, "previous_message": named}}


def _id(body: Mapping[str, Any], kind: str) -> str:
    """One id for one thing: Slack repeats events, and a hand may send a modal twice."""
    user = text_at(body, "user", "id")
    if kind == "event_callback":
        parts = [text_at(body, "event_id")]
    elif kind == "view_submission":
        parts = ["view", text_at(body, "view", "id"), user]
    elif kind == "block_actions":
        parts = ["press", *_press(body), user]
    else:
        parts = ["command", text_at(body, "trigger_id")] if text_at(body, "command") else []
    if not parts or not all(parts):
        raise ValueError("no event of Slack's")
    return ":".join(parts)[:400]


def _press(body: Mapping[str, Any]) -> list[str]:
    actions = body.get("actions")
    first = actions[0] if isinstance(actions, list) and actions else {}
    if not isinstance(first, Mapping):
        raise ValueError("a press without an action")
    return [text_at(first, "action_ts") or text_at(body, "trigger_id"), text_at(first, "action_id")]


def _form(body: bytes) -> dict[str, str]:
    text = body.decode("utf-8")
    return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS))


def _payload(body: bytes) -> Mapping[str, Any]:
    return read_object(_form(body).get("payload", "").encode())
