"""Speaks to the guarantor's core system: tells it what changed, and asks for its list."""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

import aiohttp
from yarl import URL

from bot.channels.guarantor_http.door import NAME, PATH, Door, parse
from bot.channels.guarantor_http.settings import GuarantorSettings
from bot.channels.guarantor_http.signature import sign
from bot.channels.raw import read_object, text_at
from bot.core.arrival import Inbound, Webhook
from bot.core.delivery import Abilities, Envelope, Outcome, Receipt
from bot.core.guarantee import OWNERS, STANDING

PATIENCE = 20.0  # seconds for an answer
LONGEST_ANSWER = 1024 * 1024  # bytes of a page of the list
A_PAGE = 500  # guarantees asked for at once
SOON, LATEST = 60.0, 6 * 3600.0  # seconds to wait after 429 without, and at most with, its own word
KINDS: Mapping[str, str] = {STANDING: "standing", OWNERS: "owners"}
UNREACHED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
LOST = (aiohttp.ClientError, TimeoutError, OSError)


class GuarantorChannel:
    """Both ways. A list is read page by page, and never held whole."""

    name = NAME
    abilities = Abilities(repeatable=True, at_once=4)

    def __init__(
        self, settings: GuarantorSettings, machine_now: Callable[[], datetime], patience: float = PATIENCE
    ) -> None:
        self.guarantor = settings.url
        self.webhooks = (Webhook(PATH, Door(settings.secret, machine_now).read),)
        self._settings = settings
        self._machine_now = machine_now
        self._patience = aiohttp.ClientTimeout(total=patience)
        self._session: aiohttp.ClientSession | None = None

    def parse(self, raw: Mapping[str, Any]) -> Inbound:
        return parse(raw)

    async def send(self, envelope: Envelope) -> Receipt:
        if envelope.message.kind not in KINDS:
            return Receipt(Outcome.REFUSED, detail="no machine understands this")
        body = body_of(envelope)
        headers = {"Content-Type": "application/json", "Idempotency-Key": envelope.key, **self._signed(body)}
        url = f"{envelope.address}/v1/changes"
        try:
            # no redirect is followed: what is signed goes to nobody else
            async with self._open().post(url, data=body, headers=headers, allow_redirects=False) as response:
                return receipt_of(response.status, response.headers, await _read(response))
        except UNREACHED as error:
            return Receipt(Outcome.LATER, detail=type(error).__name__)
        except LOST as error:
            return Receipt(Outcome.UNKNOWN, detail=type(error).__name__)

    async def guarantee_numbers(self) -> AsyncIterator[str]:
        """Every living guarantee's number, sorted by code point. Raises OSError where the list cannot be had whole."""
        after = ""
        while True:
            page = await self._page(after)
            for number in page:
                if number <= after:
                    raise OSError("the guarantor's list is not in order")
                yield number
                after = number
            if len(page) < A_PAGE:
                return

    async def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _page(self, after: str) -> list[str]:
        query = f"/v1/guarantees?limit={A_PAGE}" + (f"&after={quote(after, safe='')}" if after else "")
        path = urlsplit(self._settings.url).path + query
        try:
            headers = self._signed(path.encode())
            get = self._open().get(
                URL(f"{self._settings.url}{query}", encoded=True), headers=headers, allow_redirects=False
            )
            async with get as response:
                body = await _read(response)
        except LOST as error:
            raise OSError(f"the guarantor's list: {type(error).__name__}") from error
        if response.status != 200:
            raise OSError(f"the guarantor's list: {response.status}")
        return numbers_in(body)

    def _signed(self, content: bytes) -> dict[str, str]:
        return sign(self._settings.secret, int(self._machine_now().timestamp()), content)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._patience)
        return self._session


def body_of(envelope: Envelope) -> bytes:
    """The same bytes for every retry; see docs/guarantor-api.json."""
    told = {**envelope.record, "kind": KINDS[envelope.message.kind]}
    told |= {"written_at": envelope.written_at.astimezone(UTC).isoformat()}
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def receipt_of(status: int, headers: Mapping[str, str], body: bytes) -> Receipt:
    """What an answer means. A key that they had taken before (409 with the word ``taken``) has arrived."""
    said = _object(body)
    if status in (200, 201, 202, 204):
        return Receipt(Outcome.SENT)
    if status == 409 and said.get("taken") is True:
        return Receipt(Outcome.SENT, detail="accepted before")
    detail = f"{status} {_plain(said)}".strip()
    if status in (401, 403):
        return Receipt(Outcome.CLOSED, detail=detail)
    if status in (408, 425, 429) or status >= 500:
        return Receipt(Outcome.LATER, detail=detail, retry_after=_wait(headers) if status == 429 else None)
    return Receipt(Outcome.REFUSED, detail=detail)


def numbers_in(body: bytes) -> list[str]:
    """The numbers on a page of their list. Raises OSError for what is none."""
    found = _object(body).get("guarantees")
    if not isinstance(found, list):
        raise OSError("the guarantor's list cannot be read")
    numbers = [text_at(one, "guarantee_no") if isinstance(one, dict) else "" for one in found]
    if not all(numbers):
        raise OSError("the guarantor's list has a line without a number")
    return numbers


async def _read(response: aiohttp.ClientResponse) -> bytes:
    body = await response.content.read(LONGEST_ANSWER)
    while not response.content.at_eof() and len(body) < LONGEST_ANSWER:
        body += await response.content.read(LONGEST_ANSWER - len(body))
    return body


def _wait(headers: Mapping[str, str]) -> float:
    """Seconds, by its own word where that is a number."""
    word = headers.get("Retry-After", "")
    return min(float(word), LATEST) if word.isascii() and word.isdigit() and len(word) < 7 else SOON


def _plain(said: Mapping[str, Any]) -> str:
    return "".join(char if char.isprintable() else " " for char in text_at(said, "message"))[:120].strip()


def _object(body: bytes) -> dict[str, Any]:
    try:
        return read_object(body)
    except ValueError:
        return {}
