"""What all counterparts share: a server on loopback, what was asked of it, and trouble on order."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from aiohttp import ClientSession, web

from engawa_fakes.arrival import Arrival, Request, arranged

LOOPBACK = "127.0.0.1"
LARGEST = 64 * 1024 * 1024  # bytes of a request


class Trouble(StrEnum):
    """What may go wrong with one request."""

    BUSY = "busy"  # 429, with the platform's own word on when to come back
    BROKEN = "broken"  # 500
    HTML = "html"  # 502 with a proxy's page
    BAD_JSON = "bad json"  # 200 with half an answer
    BAD_UTF8 = "bad utf-8"  # 500 with bytes that are no text
    DROPPED = "dropped"  # the connection breaks before anything was taken
    LOST = "lost"  # it was taken, and the connection breaks before the answer
    SILENT = "silent"  # it was taken, and no answer ever comes


TAKEN = frozenset({Trouble.LOST, Trouble.SILENT, Trouble.BAD_JSON})
PLAIN: dict[Trouble, Callable[[], web.Response]] = {
    Trouble.BROKEN: lambda: web.json_response({"message": "internal error"}, status=500),
    Trouble.HTML: lambda: web.Response(text="<html>Bad Gateway</html>", status=502, content_type="text/html"),
    Trouble.BAD_JSON: lambda: web.Response(body=b'{"sentMess', content_type="application/json"),
    Trouble.BAD_UTF8: lambda: web.Response(body=b"\xff\xfe\x80", status=500, content_type="application/json"),
}


@dataclass(frozen=True, slots=True)
class Call:
    """One request, as it came."""

    method: str
    path: str
    headers: dict[str, str] = field(repr=False)
    body: bytes


class Platform:
    """One platform on loopback, used as ``async with``. A counterpart adds its routes and its rules in ``routes``, and
    says in ``request`` how it calls a webhook."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.url = ""
        self._troubles: deque[Trouble] = deque()
        self._runner: web.AppRunner | None = None

    def next(self, *troubles: Trouble) -> None:
        """The next requests run into these, one each."""
        self._troubles.extend(troubles)

    def routes(self) -> list[web.RouteDef]:
        """The platform's endpoints."""
        raise NotImplementedError

    def request(self, deed: Mapping[str, Any], *, again: bool = False) -> Request:
        """How this platform calls a webhook with one thing that somebody did; ``again``: as it repeats it."""
        raise NotImplementedError

    def requests(self, *deeds: Mapping[str, Any], how: tuple[Arrival, ...] = ()) -> list[Request]:
        """The calls to a webhook with what people did, one each, for whoever sends them on by themselves."""
        repeats = [self.request(deed, again=True) for deed in deeds]
        return arranged([self.request(deed) for deed in deeds], repeats, how)

    async def post(self, to: str, *deeds: Mapping[str, Any], how: tuple[Arrival, ...] = ()) -> list[int]:
        """Calls the webhook at an address with what people did; the statuses of the answers, in the calls' order."""
        statuses = []
        async with ClientSession() as session:
            for call in self.requests(*deeds, how=how):
                async with session.post(f"{to}{call.door}", data=call.body, headers=call.headers) as answer:
                    statuses.append(answer.status)
        return statuses

    def busy(self) -> web.Response:
        """How this platform says that it is asked too much."""
        return web.json_response({"message": "too many requests"}, status=429)

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=LARGEST, middlewares=[self._gate()])
        app.add_routes(self.routes())
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, LOOPBACK, 0)
        await site.start()
        self.url = f"http://{LOOPBACK}:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    def _gate(self) -> Callable[..., Awaitable[web.StreamResponse]]:
        @web.middleware
        async def gate(
            request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
        ) -> web.StreamResponse:
            self.calls.append(Call(request.method, request.path, dict(request.headers), await request.read()))
            trouble = self._troubles.popleft() if self._troubles else None
            if trouble is None:
                return await handler(request)
            if trouble in TAKEN:
                await handler(request)
            return await self._in_trouble(request, trouble)

        return gate

    async def _in_trouble(self, request: web.Request, trouble: Trouble) -> web.StreamResponse:
        if trouble is Trouble.BUSY:
            return self.busy()
        if trouble in PLAIN:
            return PLAIN[trouble]()
        if trouble is Trouble.SILENT:
            await asyncio.get_running_loop().create_future()  # cancelled when the client, or the test, goes away
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)  # to nobody
