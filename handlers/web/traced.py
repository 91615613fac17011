"""What every line of the log says of the request in hand: a number of its own and its route, never its path.

The path of a request is a key as often as not.
"""

import secrets

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, clear_contextvars


class Traced:
    """Binds the number. Of a request that failed it stays bound, for whoever tells of that outside of here; such a
    request has a task of its own, which ends with it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        clear_contextvars()
        bind_contextvars(request=secrets.token_hex(6), method=scope["method"])
        await self._app(scope, receive, send)
        clear_contextvars()


async def named(request: Request) -> None:
    """Binds the route, which is known once the request has come to it."""
    bind_contextvars(route=getattr(request.scope.get("route"), "path", ""))
