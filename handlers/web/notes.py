"""Where an owner tells how to get into their house, and what its builder has promised. All of it may be left out."""

from dataclasses import replace

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from bot.core.notes import Noted
from handlers.web.forms import posted, stamp
from handlers.web.lapsed import lapsed_page
from handlers.web.note_form import Typed, keep_notes, read_notes, shown
from handlers.web.record import owner_of, today
from handlers.web.site import Site, SiteHere, page
from handlers.web.visitor import Visitor
from storage.concern import houses_of
from storage.households import lock_houses
from storage.notes import noted_at

routes = APIRouter(include_in_schema=False)


@routes.get("/c/{token}/notes")
async def show(site: SiteHere, token: str) -> Response:
    async with site.store.read() as connection:
        visitor = await owner_of(connection, site, token)
        if visitor.lapsed:
            return await lapsed_page(connection, site, visitor)
        forms = await _forms(connection, visitor)
    return _page(site, visitor, forms)


@routes.post("/c/{token}/notes/{house_id}")
async def tell(request: Request, site: SiteHere, token: str, house_id: str) -> HTMLResponse:
    """All that was changed in one form is kept, or nothing of it where a field cannot be taken."""
    async with site.store.read() as connection:
        visitor, _ = await _own(connection, site, token, house_id)
    form = await posted(request, site.links, visitor.person.id)
    async with site.store.write() as connection:
        await lock_houses(connection, [house_id])
        visitor, found = await _own(connection, site, token, house_id)
        typed = read_notes(form, found, visitor.person.id, today(site))
        await keep_notes(connection, site, found, typed)
        forms = await _forms(connection, visitor)
    if typed.wrong:
        forms = [replace(typed, was=one.was) if one.house_id == house_id else one for one in forms]
    return _page(site, visitor, forms, thanks="" if typed.wrong else house_id)


async def _own(connection: AsyncConnection, site: Site, token: str, house_id: str) -> tuple[Visitor, Noted]:
    """404 for a house at which the visitor does not decide, and for a link that has grown old."""
    visitor = await owner_of(connection, site, token)
    found = await noted_at(connection, house_id)
    if visitor.lapsed or found is None or visitor.person.id not in found.owners:
        raise HTTPException(404)
    return visitor, found


async def _forms(connection: AsyncConnection, visitor: Visitor) -> list[Typed]:
    """One for each house that is theirs now."""
    found = [await noted_at(connection, house_id) for house_id in await houses_of(connection, visitor.person.id)]
    return [shown(one) for one in found if one is not None]


def _page(site: Site, visitor: Visitor, forms: list[Typed], *, thanks: str = "") -> HTMLResponse:
    language, mark = visitor.person.language, stamp(site.links, visitor.person.id)
    return page(site, "notes", language, visitor=visitor, forms=forms, thanks=thanks, stamp=mark)
