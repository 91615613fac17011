"""The doors for platforms: checked, stored, answered; understood afterwards, so that no platform ever waits."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from fastapi import APIRouter, Request
from starlette.background import BackgroundTask
from starlette.responses import Response

from bot.core.arrival import Webhook
from handlers.web.site import Site, site_of


def webhook_routes(doors: Mapping[str, Sequence[Webhook]]) -> APIRouter:
    """A POST route for every door; ``doors`` are by channel."""
    router = APIRouter(include_in_schema=False)
    for channel, webhooks in doors.items():
        for webhook in webhooks:
            router.add_route(webhook.path, _door(channel, webhook), methods=["POST"])  # nothing for FastAPI to read
    return router


def _door(channel: str, webhook: Webhook) -> Callable[[Request], Awaitable[Response]]:
    async def arrives(request: Request) -> Response:
        site = site_of(request)
        headers = {name.lower(): value for name, value in request.headers.items()}
        if _media_type(headers) != webhook.media_type:
            return Response(status_code=415)
        answer = await webhook.read(headers, await request.body())
        rows = await request.app.state.keeping.keep(channel, answer.events)
        return Response(
            answer.body,
            answer.status,
            media_type=answer.media_type,
            background=BackgroundTask(_understand, site, rows) if rows else None,
        )

    return arrives


def _media_type(headers: Mapping[str, str]) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


async def _understand(site: Site, rows: Sequence[int]) -> None:
    """What dies here with the process is found by the next round."""
    for row in rows:
        await site.receive(row)
