"""For those who look after the machine: does the process live, does the database answer, what waits."""

import asyncio
import hmac
from collections.abc import Iterable

from fastapi import APIRouter, Request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client import Gauge as Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response

from handlers.web.site import SiteHere
from storage.figures import figures
from storage.gauges import Gauge, gauges
from storage.restored import restored

routes = APIRouter(include_in_schema=False)
PATIENCE = 5.0  # seconds for the database to answer
HERE = frozenset({"127.0.0.1", "::1", "localhost"})
PASSED_ON = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")


@routes.get("/healthz")
async def alive() -> Response:
    return PlainTextResponse("ok\n")


@routes.get("/readyz")
async def ready(site: SiteHere) -> Response:
    try:
        async with asyncio.timeout(PATIENCE), site.store.read() as connection:
            state = await restored(connection)
    except (SQLAlchemyError, OSError, TimeoutError):
        return PlainTextResponse("the database does not answer\n", 503)
    if state is not None:  # it takes in what arrives, so it is ready
        return PlainTextResponse("ok, observing: nothing is sent until the restored database is reconciled\n")
    return PlainTextResponse("ok\n")


@routes.get("/metrics")
async def metrics(request: Request, site: SiteHere) -> Response:
    """Read from the database each time, so that several processes tell the same. To strangers there is nothing here."""
    if not _may_read(request, site.metrics_token):
        raise HTTPException(404)
    async with site.store.read() as connection:
        found = [*await gauges(connection, site.now()), *await figures(connection, site.now())]
    return Response(generate_latest(_registry(found)), media_type=CONTENT_TYPE_LATEST)


def _registry(found: Iterable[Gauge]) -> CollectorRegistry:
    registry, named = CollectorRegistry(), dict[str, Metric]()
    for one in found:
        if one.name not in named:
            named[one.name] = Metric(f"engawa_{one.name}", one.help, list(one.labels), registry=registry)
        metric = named[one.name]
        (metric.labels(**one.labels) if one.labels else metric).set(one.value)
    return registry


def _may_read(request: Request, token: str) -> bool:
    """Whoever shows the token; without one, who asks from this very machine and for nobody else.

    A proxy on this machine asks for others: it says so in a header, or calls us by the name that they know.
    """
    if token:
        shown = request.headers.get("authorization", "")
        return hmac.compare_digest(shown.encode(), f"Bearer {token}".encode())
    passed_on = any(name in request.headers for name in PASSED_ON)
    return not passed_on and request.url.hostname in HERE and request.client is not None and request.client.host in HERE
