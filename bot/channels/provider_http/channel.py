"""Speaks to the machines of providers, and says what each answer means."""

from collections.abc import Mapping
from typing import Any

from bot.channels.machine import PATIENCE, Answer, Machine, turned_away
from bot.channels.provider_http.requests import plain_word, request_of
from bot.channels.provider_http.settings import ProviderSettings
from bot.channels.raw import read_object
from bot.core.delivery import Abilities, Envelope, Outcome, Receipt

NAME = "provider_http"
LONGEST_ANSWER = 256 * 1024  # bytes that are read: a list of what is held may be long
CONTRACT = "provider_contract"


class ProviderChannel:
    """One channel for all of them: each address is the base URL of one office's machine."""

    name = NAME
    abilities = Abilities(repeatable=True, machines=True, at_once=4)

    def __init__(self, settings: ProviderSettings, patience: float = PATIENCE) -> None:
        self._settings = settings
        self._machine = Machine(patience, LONGEST_ANSWER)

    async def send(self, envelope: Envelope) -> Receipt:
        token = self._settings.token_for(envelope.address)
        if not token:
            return Receipt(Outcome.CLOSED, detail="no token for this machine")
        try:
            request = request_of(envelope)
        except KeyError:
            return Receipt(Outcome.REFUSED, detail="no machine understands this")
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": envelope.key}
        headers["Content-Type"] = request.media_type
        found = await self._machine.post(request.url, request.body, headers)
        return receipt_of(envelope.message.kind, found) if isinstance(found, Answer) else found

    async def close(self) -> None:
        await self._machine.close()


def receipt_of(kind: str, answer: Answer) -> Receipt:
    """What an answer means; see docs/provider-api.json. Whatever the body is, a status that is no success counts."""
    said, status = _object(answer.body), answer.status
    taken = status in (200, 201) or (status == 409 and bool((said or {}).get("reference")))
    if taken:
        if said is None:  # it was taken, and nobody can tell as what: asked again under the same key
            return Receipt(Outcome.UNKNOWN, detail=f"{status} without an answer that can be read")
        detail = "accepted before" if status == 409 else ""
        return Receipt(Outcome.SENT, _reference(said), detail, answer=said)
    if status == 404 and kind == CONTRACT:  # that they do not know the house is what was asked
        return Receipt(Outcome.SENT, detail="404", answer={"status": "unknown"})
    return turned_away(answer, f"{status} {plain_word((said or {}).get('message'))}".strip())


def _reference(said: Mapping[str, Any]) -> str:
    value = said.get("reference")
    return value[:64] if isinstance(value, str) and value.isprintable() else ""


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        return read_object(body)
    except ValueError:
        return None
