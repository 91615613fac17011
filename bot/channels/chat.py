"""The web chat: a person's own page. What is sent to it is shown there; the outbox row is the message."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

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

    async def close(self) -> None:
        return None


def open(context: Context) -> Channel | None:
    return Chat()


def parse(raw: Mapping[str, Any]) -> Inbound:
    """What a person did on their page: ``text``, ``action`` or ``files``. Raises ValueError for anything else."""
    text, action, files = raw.get("text", ""), raw.get("action", ""), raw.get("files", [])
    if not isinstance(text, str) or not isinstance(action, str) or not isinstance(files, list):
        raise ValueError("a chat event holds text, action and files")
    return Inbound(
        channel=NAME,
        event_id=str(raw["event_id"]),
        address=str(raw["person_id"]),
        at=datetime.fromisoformat(raw["at"]),
        text=text[:LONGEST],
        action=action,
        attachments=tuple(Attachment(**file) for file in files),
        answers_key=str(raw.get("answers", "")),
    )
