"""A submitter reads what became of its houses after an earthquake or a storm, and the steps of handovers."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from bot.core.api_key import Scope
from bot.core.plan import Kind
from handlers.web.api.answer import OnePage, Page, begins_after, listed, operation
from handlers.web.api.caller import Allowed, Caller
from handlers.web.api.problem import ProblemError
from handlers.web.api.shapes import AskedAbout, EventOfHouses, HandedOver, HouseAfterEvent, PartOfWork
from storage.own_events import Place, own_event, own_events, own_lines
from storage.own_handovers import Asked, Step, own_handovers

routes = APIRouter(prefix="/api/v1", tags=["events"], generate_unique_id_function=operation)
Reader = Annotated[Caller, Depends(Allowed(Scope.READ))]


@routes.get("/events", responses={200: {"model": Page[EventOfHouses]}})
async def list_events(caller: Reader, asked: OnePage) -> Response:
    place = _place(begins_after(caller, asked))
    async with caller.site.store.read() as connection:
        found = await own_events(connection, caller.who, place, asked.limit + 1)
    lines = []
    for row, counts in found:
        told = EventOfHouses(id=row.id, hazard=row.hazard, at=row.happened_at, state=row.state, houses=dict(counts))
        lines.append((_written(Place(row.happened_at, row.id)), told))
    return listed(caller, asked, lines)


@routes.get("/events/{event_id}/houses", responses={200: {"model": Page[HouseAfterEvent]}})
async def list_event_houses(caller: Reader, event_id: str, asked: OnePage) -> Response:
    after = begins_after(caller, asked)
    async with caller.site.store.read() as connection:
        if not await own_event(connection, caller.who, event_id):
            raise ProblemError(404, "not_found")
        rows = await own_lines(connection, caller.who, (event_id, after), asked.limit + 1)
    lines = [
        (row.house_id, HouseAfterEvent(**{name: getattr(row, name) for name in HouseAfterEvent.model_fields}))
        for row in rows
    ]
    return listed(caller, asked, lines)


@routes.get("/handovers", responses={200: {"model": Page[HandedOver]}})
async def list_handovers(caller: Reader, asked: OnePage) -> Response:
    place = _place(begins_after(caller, asked))
    async with caller.site.store.read() as connection:
        seal = caller.site.store.pins.seal
        found = await own_handovers(connection, seal, caller.who, (place, asked.limit + 1))
    return listed(caller, asked, [(_written(Place(one.at, *one.place)), _handed(one)) for one in found])


def _handed(one: Step) -> HandedOver:
    return HandedOver(
        handover_id=one.handover,
        state=one.state,  # type: ignore[arg-type]  # the words of STATES
        house_id=one.house_id or None,
        about=_about(one.asked) if one.asked else None,
        at=one.at,
        before=one.before or None,
        now=one.now or None,
    )


def _about(asked: Asked) -> AskedAbout:
    """Of the day only the month, as the company is asked in a message."""
    todo = [PartOfWork(part=part, kind=Kind(kind)) for part, kind in asked.works]
    month = asked.month[:7]
    return AskedAbout(municipality_code=asked.municipality_code, structure=asked.structure, works=todo, month=month)


def _written(place: Place) -> str:
    return f"{int(place.at.timestamp())} {place.seq} {place.id}"


def _place(text: str) -> Place | None:
    """What _written wrote, which nobody else can have."""
    if not text:
        return None
    at, seq, name = text.split(" ", 2)
    return Place(datetime.fromtimestamp(int(at), UTC), name, int(seq))
