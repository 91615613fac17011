"""What a request may be: how large (what is longer is answered with 413 before it is read), and of which signs."""

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

USUAL = 256 * 1024  # bytes
FROM_PLATFORMS = 4 * 1024 * 1024  # what many people write at once may come in one request; each door has its own limit
WITH_FILES = 64 * 1024 * 1024  # a few photos from a phone
A_BULLETIN = 9 * 1024 * 1024  # see bot.intake.bulletin, with its form around it
BROUGHT_IN = 5 * 1024 * 1024  # by a submitter's machine: what is too large for the importer hears why
TOLD = 2 * 1024 * 1024  # the same told by another system: the largest that was ever published has less than one MiB
LARGER = {"/webhooks/": FROM_PLATFORMS, "/c/": WITH_FILES, "/staff/events": A_BULLETIN, "/api/v1/events": TOLD}
LARGER |= {"/api/v1/imports": BROUGHT_IN}


async def without_null(request: Request) -> None:
    """Nothing of ours is named with a null character, and not every database takes the question."""
    if "\x00" in request.url.path or "%00" in str(request.url):
        raise HTTPException(404)


def limit_of(path: str) -> int:
    return next((limit for under, limit in LARGER.items() if path.startswith(under)), USUAL)


class Limits:
    """Counts what arrives, whatever its header says."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = limit_of(scope["path"])
        said = dict(scope["headers"]).get(b"content-length", b"")
        arrived = int(said) if said.isdigit() and int(said) > limit else 0

        async def counted() -> Message:
            nonlocal arrived
            if arrived <= limit:
                message = await receive()
                arrived += len(message.get("body", b""))
                if arrived <= limit:
                    return message
            raise HTTPException(413)

        await self._app(scope, counted, send)
