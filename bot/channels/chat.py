"""The web chat: a person's own page. What is sent to it is shown there; the outbox row is the message."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.channels.raw import text_at
from bot.channels.registry import Context
from bot.core.arrival import Attachment, Inbound
from bot.core.delivery import Abilities, Channel, Envelope, Outcome, Receipt

SETTINGS: tuple[str, ...] = ()
NAME = "chat"
LONGEST = 4000  # characters of one message


class Chat:
    """Showing a message on a page of ours cannot fail and cannot happen twice."""

    name = NAME
    abilities = Abilities(repeatable=True, answers=True, at_once=100)

    def parse(self, raw: Mapping[str, Any]) -> Inbound:
        return parse(raw)

    async def send(self, envelope: Envelope) -> Receipt:
        return Receipt(Outcome.SENT, provider_id=envelope.key)

    async def check(self) -> str:
        return ""

    async def close(self) -> None:
        return None


def open(context: Context) -> Channel | None:
    return Chat()


def parse(raw: Mapping[str, Any]) -> Inbound:
    """What a person did on their page: ``text``, ``action`` or ``files``. Raises ValueError for anything else."""
    event_id, person_id, files = text_at(raw, "event_id"), text_at(raw, "person_id"), raw.get("files", [])
    at = datetime.fromisoformat(text_at(raw, "at"))
    if not event_id or not person_id or at.tzinfo is None or not isinstance(files, list):
        raise ValueError("a chat event says which it is, whose, when, and with which files")
    return Inbound(
        channel=NAME,
        event_id=event_id,
        address=person_id,
        at=at,
        text=text_at(raw, "text")[:LONGEST],
        action=text_at(raw, "action"),
        attachments=tuple(_attachment(file) for file in files),
        answers_key=text_at(raw, "answers"),
    )


def _attachment(file: Any) -> Attachment:
    """A file as it was kept."""
    size = file.get("size") if isinstance(file, Mapping) else None
    if not isinstance(size, int) or not text_at(file, "ref"):
        raise ValueError("a file says where it lies, and how large it is")
    return Attachment(text_at(file, "ref"), text_at(file, "media_type"), size)
