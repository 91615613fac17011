"""What every answer carries so that browsers keep our pages to themselves. Links are keys: they reach no other site."""

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_POLICY = "default-src 'self'; frame-ancestors 'self'; form-action 'self'; base-uri 'none'; object-src 'none'"
ALWAYS = {
    "content-security-policy": CONTENT_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
PRIVATE = {"cache-control": "no-store"}
SECURE = {"strict-transport-security": "max-age=31536000"}
PUBLIC = "/static/"
VERSIONED = f"{PUBLIC}htmx/"  # another version is another name
FOR_GOOD = {"cache-control": "public, max-age=31536000, immutable"}


def protection(path: str, *, secure: bool) -> Mapping[str, str]:
    """The headers for an answer from this path; what is personal is kept in no cache."""
    kept = FOR_GOOD if path.startswith(VERSIONED) else {} if path.startswith(PUBLIC) else PRIVATE
    return ALWAYS | kept | (SECURE if secure else {})


class Protection:
    """Adds the headers that an answer does not set itself."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in protection(scope["path"], secure=self._secure).items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, guarded)
