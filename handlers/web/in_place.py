"""Pages that change in place. Whoever asks through htmx gets a piece of a page, everybody else the whole.

This is the one place that knows htmx: what it sends, and what it has to be told. A piece is what stands in a page's
``main``, see base.html; the rights, the stamp and the record of looks are the same, since it is the same handler.
"""

from contextvars import ContextVar

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ASKS = "HX-Request"
CONSOLE, LOGIN = "/staff/", "/staff/login"
_asked: ContextVar[bool] = ContextVar("asked for a piece", default=False)


def in_place() -> bool:
    """Whether what is answered now is put into the page that stands on the screen."""
    return _asked.get()


def put(response: Response, into: str, part: str) -> Response:
    """That part of the piece goes into that element, both named as in a style sheet, wherever else the rest goes."""
    response.headers.update({"HX-Retarget": into, "HX-Reselect": part, "HX-Reswap": "innerHTML"})
    return response


class InPlace:
    """Tells the pages how they are asked, and caches that the answer depends on it.

    A session that is over leads to where one signs in: the page on the screen is nobody's any more.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope).get(ASKS) == "true"

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.add_vary_header(ASKS)
                if asked and message["status"] == 401 and scope["path"].startswith(CONSOLE):
                    headers["HX-Redirect"] = LOGIN
            await send(message)

        token = _asked.set(asked)
        try:
            await self._app(scope, receive, told)
        finally:
            _asked.reset(token)
