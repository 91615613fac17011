"""Speaking to another house's machine over HTTP: one session, no redirect, bounded answers, and what a status means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from bot.core.delivery import Outcome, Receipt

PATIENCE = 20.0  # seconds for an answer
SOON, LATEST = 60.0, 6 * 3600.0  # seconds to wait after 429 without, and at most with, its own word
UNREACHED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
LOST = (aiohttp.ClientError, TimeoutError, OSError)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; of a longer body only the beginning."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Machine:
    """``patience``: seconds for an answer; ``longest``: bytes of one that are read. No redirect is followed: what is
    signed, or shows a token, goes to nobody else. ``resolver`` says where a name leads, where that is not left to
    the machine we run on; it is made when the first request is.
    """

    def __init__(self, patience: float, longest: int, resolver: Callable[[], AbstractResolver] | None = None) -> None:
        self._patience = aiohttp.ClientTimeout(total=patience)
        self._longest = longest
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer | Receipt:
        """The answer, or what its absence means."""
        try:
            async with self._open().post(url, data=body, headers=headers, allow_redirects=False) as response:
                return await self._answer(response)
        except UNREACHED as error:
            return Receipt(Outcome.LATER, detail=type(error).__name__)
        except LOST as error:
            return Receipt(Outcome.UNKNOWN, detail=type(error).__name__)

    async def get(self, url: str, headers: Mapping[str, str]) -> Answer:
        """The answer; ``url`` goes out as it is written, for it may be signed. Raises one of LOST for none."""
        async with self._open().get(URL(url, encoded=True), headers=headers, allow_redirects=False) as response:
            return await self._answer(response)

    async def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _answer(self, response: aiohttp.ClientResponse) -> Answer:
        body = await response.content.read(self._longest)
        while not response.content.at_eof() and len(body) < self._longest:
            body += await response.content.read(self._longest - len(body))
        return Answer(response.status, response.headers, body)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(resolver=self._resolver()) if self._resolver else None
            self._session = aiohttp.ClientSession(timeout=self._patience, connector=connector)
        return self._session


def turned_away(answer: Answer, detail: str) -> Receipt:
    """What a status that is no success means: shut to us, later (after how many seconds, if it says so), or refused."""
    if answer.status in (401, 403):
        return Receipt(Outcome.CLOSED, detail=detail)
    if answer.status in (408, 425, 429) or answer.status >= 500:
        return Receipt(Outcome.LATER, detail=detail, retry_after=_wait(answer) if answer.status == 429 else None)
    return Receipt(Outcome.REFUSED, detail=detail)


def _wait(answer: Answer) -> float:
    """Seconds, by its own word where that is a number."""
    word = answer.headers.get("Retry-After", "")
    return min(float(word), LATEST) if word.isascii() and word.isdigit() and len(word) < 7 else SOON
