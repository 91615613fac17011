"""Speaks to the machines of providers, and says what each answer means."""

from collections.abc import Mapping
from typing import Any

import aiohttp

from bot.channels.provider_http.requests import Request, plain_word, request_of
from bot.channels.provider_http.settings import ProviderSettings
from bot.channels.raw import read_object
from bot.core.delivery import Abilities, Envelope, Outcome, Receipt

NAME = "provider_http"
PATIENCE = 20.0  # seconds for an answer; a file may be ten megabytes
LONGEST_ANSWER = 256 * 1024  # bytes that are read: a list of what is held may be long
SOON, LATEST = 60.0, 6 * 3600.0  # seconds to wait after 429 without, and at most with, its own word
CONTRACT = "provider_contract"
UNREACHED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
LOST = (aiohttp.ClientError, TimeoutError, OSError)


class ProviderChannel:
    """One channel for all of them: each address is the base URL of one office's machine."""

    name = NAME
    abilities = Abilities(repeatable=True, machines=True, at_once=4)

    def __init__(self, settings: ProviderSettings, patience: float = PATIENCE) -> None:
        self._settings = settings
        self._patience = aiohttp.ClientTimeout(total=patience)
        self._session: aiohttp.ClientSession | None = None

    async def send(self, envelope: Envelope) -> Receipt:
        token = self._settings.token_for(envelope.address)
        if not token:
            return Receipt(Outcome.CLOSED, detail="no token for this machine")
        try:
            request = request_of(envelope)
        except KeyError:
            return Receipt(Outcome.REFUSED, detail="no machine understands this")
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": envelope.key}
        return await self._answer(envelope, request, headers)

    async def _answer(self, envelope: Envelope, request: Request, headers: Mapping[str, str]) -> Receipt:
        typed = {**headers, "Content-Type": request.media_type}
        try:
            # no redirect is followed: the token goes to nobody else
            post = self._open().post(request.url, data=request.body, headers=typed, allow_redirects=False)
            async with post as response:
                body = await response.content.read(LONGEST_ANSWER)
                while not response.content.at_eof() and len(body) < LONGEST_ANSWER:
                    body += await response.content.read(LONGEST_ANSWER - len(body))
                return receipt_of(envelope.message.kind, response.status, response.headers, body)
        except UNREACHED as error:
            return Receipt(Outcome.LATER, detail=type(error).__name__)
        except LOST as error:
            return Receipt(Outcome.UNKNOWN, detail=type(error).__name__)

    async def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._patience)
        return self._session


def receipt_of(kind: str, status: int, headers: Mapping[str, str], body: bytes) -> Receipt:
    """What an answer means; see docs/provider-api.json. Whatever the body is, a status that is no success counts."""
    said = _object(body)
    taken = status in (200, 201) or (status == 409 and bool((said or {}).get("reference")))
    if taken:
        if said is None:  # it was taken, and nobody can tell as what: asked again under the same key
            return Receipt(Outcome.UNKNOWN, detail=f"{status} without an answer that can be read")
        detail = "accepted before" if status == 409 else ""
        return Receipt(Outcome.SENT, _reference(said), detail, answer=said)
    if status == 404 and kind == CONTRACT:  # that they do not know the house is what was asked
        return Receipt(Outcome.SENT, detail="404", answer={"status": "unknown"})
    detail = f"{status} {plain_word((said or {}).get('message'))}".strip()
    return Receipt(_meaning(status), detail=detail, retry_after=_wait(headers) if status == 429 else None)


def _meaning(status: int) -> Outcome:
    if status in (401, 403):
        return Outcome.CLOSED
    if status in (408, 425, 429) or status >= 500:
        return Outcome.LATER
    return Outcome.REFUSED


def _wait(headers: Mapping[str, str]) -> float:
    """Seconds, by its own word where that is a number."""
    word = headers.get("Retry-After", "")
    return min(float(word), LATEST) if word.isascii() and word.isdigit() and len(word) < 7 else SOON


def _reference(said: Mapping[str, Any]) -> str:
    value = said.get("reference")
    return value[:64] if isinstance(value, str) and value.isprintable() else ""


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        return read_object(body)
    except ValueError:
        return None
