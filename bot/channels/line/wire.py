"""The line to the platform: one shared session, whose every answer is read whole and in time, or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp

from bot.channels.download import downloaded
from bot.channels.line.settings import LineSettings

CONNECTIONS = 100
LONGEST_ANSWER = 64 * 1024  # bytes of an answer that are read; what is said stands at its beginning
_BROKEN = (aiohttp.ClientError, TimeoutError, OSError)


class UnreachedError(Exception):
    """Nobody was there: nothing was handed over."""


class LostError(Exception):
    """It was handed over, and no answer came."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the platform answered. Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Wire:
    """The session is opened in the loop that first uses it. The SDK's own would wait five minutes for an answer."""

    def __init__(self, settings: LineSettings, patience: float) -> None:
        self._settings = settings
        self._patience = aiohttp.ClientTimeout(total=patience)
        self._session: aiohttp.ClientSession | None = None

    async def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Raises UnreachedError or LostError where no answer came."""
        typed = {"Content-Type": "application/json", **headers}
        url = self._settings.api + path
        try:
            # no redirect is followed: the token goes to nobody else
            async with self._open().post(url, data=body, headers=typed, allow_redirects=False) as response:
                named = {name.lower(): value for name, value in response.headers.items()}
                return Reply(response.status, named, await _read(response))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise UnreachedError(type(error).__name__) from None
        except _BROKEN as error:
            raise LostError(type(error).__name__) from None

    async def download(self, path: str, limit: int) -> tuple[int, bytes]:
        """Status and bytes; of a file longer than ``limit``, more than ``limit`` of them. Raises OSError."""
        return await downloaded(self._open().get(self._settings.data + path, allow_redirects=False), limit)

    async def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS),
                headers={"Authorization": f"Bearer {self._settings.token}"},
                timeout=self._patience,
            )
        return self._session


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """The answer's text. Its status has come by then, so that a line that breaks here takes nothing back."""
    read = bytearray()
    try:
        async for chunk in response.content.iter_any():
            read += chunk
            if len(read) >= LONGEST_ANSWER:
                break
    except _BROKEN:
        pass
    return bytes(read)
