"""The door: who may knock, and what one knock holds. Nothing is understood here, so that the answer takes no time."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from linebot.v3.webhook import SignatureValidator

from bot.channels.line.events import RECEIVED
from bot.channels.raw import read_object, text_at
from bot.core.arrival import Answer, Event

PATH = "/webhooks/line"
LARGEST = 2 * 1024 * 1024  # bytes of a request, which may bring a hundred events of 5,000 characters each
LONGEST_ID = 64  # characters; the platform's own have 26


class Door:
    """Reads a request: its signature over the bytes as they came, then one event after the other."""

    def __init__(self, secret: str, machine_now: Callable[[], datetime]) -> None:
        self._validator = SignatureValidator(secret)
        self._machine_now = machine_now

    async def read(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """413 for what is too long, 401 without a genuine signature, 400 for what is no list of events."""
        if len(body) > LARGEST:
            return Answer(413)
        if not self._is_genuine(headers.get("x-line-signature", ""), body):
            return Answer(401)
        try:
            events = read_object(body).get("events")
        except ValueError:
            return Answer(400)
        if not isinstance(events, list):
            return Answer(400)
        return Answer(200, tuple(self._event(raw) for raw in events))  # empty when the platform only tries the door

    def _is_genuine(self, signature: str, body: bytes) -> bool:
        """https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/

        Bytes that are no text are no request of the platform's; the SDK signs texts.
        """
        try:
            return bool(self._validator.validate(body.decode("utf-8"), signature))
        except ValueError:
            return False

    def _event(self, raw: Any) -> Event:
        """Whatever stands in the list is stored, so that no odd event takes those beside it along."""
        event = raw if isinstance(raw, dict) else {"odd": raw}
        return Event(event_id(event), {**event, RECEIVED: self._machine_now().isoformat()})


def event_id(event: Mapping[str, Any]) -> str:
    """The platform's id, the same when an event is delivered again; without a usable one, a digest of what it says."""
    given = text_at(event, "webhookEventId")
    if given and len(given) <= LONGEST_ID and given.isascii() and given.isprintable():
        return given
    said = {key: value for key, value in event.items() if key not in ("deliveryContext", RECEIVED)}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
