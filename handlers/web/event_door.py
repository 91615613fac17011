"""The door for another system that tells of an earthquake or a storm: signed, and it only proposes.

What it is answered follows from what is committed, so a request that was not answered is simply sent again.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from bot.core.event import Bulletin, Event, OtherHazardError
from bot.core.signature import Signatory
from bot.intake.bulletin import read_bulletin
from bot.intake.event_told import bulletin_of, read_told
from handlers.web.api.answer import operation
from handlers.web.site import Site, SiteHere
from storage.bulletins import take_bulletin
from storage.events import count_concerned, load_event

routes = APIRouter(tags=["events"], generate_unique_id_function=operation)
PATH = "/api/v1/events"
SOURCE = "api"
BODY = {
    "required": True,
    "content": {
        "application/json": {"schema": {"type": "object"}},
        "application/xml": {"schema": {"type": "string"}},
        "text/xml": {"schema": {"type": "string"}},
    },
}


@routes.post(PATH, responses={200: {"model": dict[str, Any]}}, openapi_extra={"requestBody": BODY})
async def told(request: Request, site: SiteHere) -> JSONResponse:
    """404 where the door is closed, 415, 401 or 413 for who may not come in, 400 for what is no event, 409 for an event
    that is known as another hazard."""
    if site.teller is None:
        raise HTTPException(404)
    read = READ.get(request.headers.get("content-type", "").partition(";")[0].strip().lower())
    if read is None:
        raise HTTPException(415, f"send {' or '.join(READ)}")
    body = await request.body()
    at = _told_at(site, site.teller, request.headers, body)
    try:
        return JSONResponse(await _taken(site, read(body, at)))
    except OtherHazardError as error:
        raise HTTPException(409, str(error)) from None
    except ValueError as error:
        raise HTTPException(400, str(error)) from None


def _told_at(site: Site, teller: Signatory, headers: Mapping[str, str], body: bytes) -> datetime:
    """When they signed it, by the civil clock: of two that came in the wrong order the one signed last counts."""
    second = teller.second(headers, body)
    if second is None:
        raise HTTPException(401, "it is not signed with the secret, or was not signed just now")
    ahead = round((site.now() - teller.machine_now()).total_seconds())
    return datetime.fromtimestamp(second, UTC) + timedelta(seconds=ahead)


async def _taken(site: Site, bulletin: Bulletin) -> dict[str, Any]:
    async with site.store.write() as connection:
        event = await take_bulletin(connection, site.store.pins, bulletin, site.now())
        stands = event or await load_event(connection, bulletin.event)
        assert stands is not None
        count = await count_concerned(connection, stands, stands.bulletin.areas)
    houses = {"houses": count.asked, "without_mandate": count.unmandated, "without_municipality_code": count.unplaced}
    return _as_it_stands(stands) | {"new": event is not None} | houses


def _as_it_stands(event: Event) -> dict[str, Any]:
    return {
        "event": event.id,
        "hazard": event.bulletin.hazard,
        "at": event.at.isoformat(),
        "state": event.state,
        "undecided": event.undecided,
        "version": event.version,
    }


def _by_hand(body: bytes, at: datetime) -> Bulletin:
    return bulletin_of(read_told(body), at, SOURCE)


def _bulletin(body: bytes, _at: datetime) -> Bulletin:
    """The agency's own word says when it was told."""
    return read_bulletin(body)


READ: Mapping[str, Callable[[bytes, datetime], Bulletin]] = {
    "application/json": _by_hand,
    "application/xml": _bulletin,
    "text/xml": _bulletin,
}
