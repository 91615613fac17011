"""For those who look after the machine: does the process live, does the database answer, what waits."""

import asyncio

from fastapi import APIRouter
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import PlainTextResponse, Response

from handlers.web.site import SiteHere
from storage.gauges import gauges
from storage.restored import restored

routes = APIRouter(include_in_schema=False)
PATIENCE = 5.0  # seconds for the database to answer


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
async def metrics(site: SiteHere) -> Response:
    """Read from the database each time, so that several processes tell the same."""
    registry = CollectorRegistry()
    async with site.store.read() as connection:
        for gauge in await gauges(connection, site.now()):
            Gauge(f"engawa_{gauge.name}", gauge.help, registry=registry).set(gauge.value)
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
