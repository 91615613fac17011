"""The door for the guarantor's events: who may knock, and what one knock holds. Nothing is decided here."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.channels.raw import read_object
from bot.core.arrival import Answer, Event, Inbound, What
from bot.core.guarantee import GUARANTOR, read_told
from bot.core.signature import is_genuine

PATH = "/webhooks/guarantor"
NAME = "guarantor_http"
LARGEST = 16 * 1024  # bytes of one event


class Door:
    """Reads a request: its signature over the bytes as they came, then the one event in it."""

    def __init__(self, secret: str, machine_now: Callable[[], datetime]) -> None:
        self._secret = secret
        self._machine_now = machine_now

    async def read(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """413 for what is too long, 401 without a genuine and young signature, 400 for no JSON object, 422 for no
        event; a repeat is answered like the first."""
        if len(body) > LARGEST:
            return Answer(413)
        if not is_genuine(self._secret, headers, body, self._machine_now().timestamp()):
            return Answer(401)
        try:
            raw = read_object(body)
        except ValueError:
            return Answer(400)
        try:
            told = read_told(raw)
        except ValueError:
            return Answer(422)
        return Answer(200, (Event(told.id, raw),))


def parse(raw: Mapping[str, Any]) -> Inbound:
    """Raises ValueError for what is no event."""
    told = read_told(raw)
    return Inbound(NAME, told.id, GUARANTOR, told.at, What.NEWS, told=told)
