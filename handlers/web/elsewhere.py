"""From the demo's page to what else there is to see: the owner's record, the list of an event, a handover in review."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from handlers.web.forms import posted, row_number, stamp
from handlers.web.site import Site, SiteHere, page
from handlers.web.staff.signing_in import opened
from storage import handovers
from storage.desk import names_of
from storage.people import load_people
from templates.catalogue import LANGUAGES

REVIEW, LIST = "/demo/review", "/demo/list"
SHOWN_TO = "demo review"  # in the stamp of its form
MOST = 50


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Which event's list, under whose name of the staff, and what approves a handover; handed in by the command."""

    event: str
    staff: str
    approve: Callable[[int], Awaitable[None]]


def elsewhere_routes(elsewhere: Elsewhere, words: dict[str, Any]) -> APIRouter:
    """``words`` are those of the demo, by language."""
    router = APIRouter(include_in_schema=False)

    @router.get(LIST)
    async def urgent(site: SiteHere) -> Response:
        """Straight to the console, as the person of the demo's staff: whoever sits at the demo is everybody in it."""
        async with site.store.read() as connection:
            person = (await load_people(connection, [elsewhere.staff]))[elsewhere.staff]
        response = await opened(site, person, "link", to=f"/staff/events/{elsewhere.event}")
        assert response is not None  # a link is no ticket, so it is never used up
        return response

    @router.get(REVIEW)
    async def review(site: SiteHere, lang: str = "") -> HTMLResponse:
        language = lang if lang in LANGUAGES else LANGUAGES[0]
        async with site.store.read() as connection:
            shown = await _review(connection)
        form = stamp(site.links, SHOWN_TO)
        return page(site, "demo_review", language, t=words[language], stamp=form, **shown)

    @router.post(REVIEW)
    async def approve(request: Request, site: SiteHere) -> RedirectResponse:
        form = await posted(request, site.links, SHOWN_TO)
        await elsewhere.approve(await _open(site, row_number(form.text("handover"))))
        return RedirectResponse(f"{REVIEW}?lang={form.text('lang')}", 303)

    return router


async def _open(site: Site, number: int) -> int:
    """Its number, if it is still in review or was approved just now; 404 for any other."""
    async with site.store.read() as connection:
        row = await handovers.handover(connection, number)
    if row is None or row.state not in (handovers.PREPARED, *handovers.BEGINNING):
        raise HTTPException(404)
    return number


async def _review(connection: AsyncConnection) -> dict[str, Any]:
    """The newest handover, with each house, who is proposed for it and why; 404 where there is none."""
    row = next(iter(await handovers.all_handovers(connection)), None)
    if row is None:
        raise HTTPException(404)
    houses = await handovers.rows_of(connection, row.id, "", MOST)
    people = {row.servicer_id, *(house.candidate_id.removeprefix("servicer:") for house in houses)}
    named = await names_of(connection, {f"servicer:{one}" for one in people} | {row.approved_by or ""})
    return {"handover": row, "houses": houses, "names": named, "in_review": row.state == handovers.PREPARED}
