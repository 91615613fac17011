"""From the demo's page to what else there is to see, at the console: an event's list, a handover in review."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import Response

from handlers.web.site import Site, SiteHere
from handlers.web.staff.signing_in import opened
from storage import handovers
from storage.people import load_people

REVIEW, LIST = "/demo/review", "/demo/list"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Which event's list, and under whose name of the staff; handed in by the command."""

    event: str
    staff: str


def elsewhere_routes(elsewhere: Elsewhere) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get(LIST)
    async def urgent(site: SiteHere) -> Response:
        return await _at_console(site, elsewhere.staff, f"/staff/events/{elsewhere.event}")

    @router.get(REVIEW)
    async def review(site: SiteHere) -> Response:
        """The newest handover; 404 where there is none."""
        async with site.store.read() as connection:
            row = next(iter(await handovers.all_handovers(connection)), None)
        if row is None:
            raise HTTPException(404)
        return await _at_console(site, elsewhere.staff, f"/staff/handovers/{row.id}")

    return router


async def _at_console(site: Site, staff: str, to: str) -> Response:
    """As the person of the demo's staff: whoever sits at the demo is everybody in it."""
    async with site.store.read() as connection:
        person = (await load_people(connection, [staff]))[staff]
    response = await opened(site, person, "link", to=to)
    assert response is not None  # a link is no ticket, so it is never used up
    return response
