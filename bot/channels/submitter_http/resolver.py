"""Where a name leads, looked at when something is sent: a name that was fine yesterday may lead inside today."""

import socket

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from bot.core.hook import is_public


class InsideError(OSError):
    """The name leads to a machine that is not out in the internet."""


class PublicResolver(AbstractResolver):
    """Answers for a name only if every address that it has is public: the connection goes to what was looked at."""

    def __init__(self, own: bool) -> None:
        self._own = own
        self._asked: AbstractResolver = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Raises InsideError for a name that leads inside."""
        found = await self._asked.resolve(host, port, family)
        if not all(is_public(one["host"], own=self._own) for one in found):
            raise InsideError("not a public address")
        return found

    async def close(self) -> None:
        await self._asked.close()
