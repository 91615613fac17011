"""The page on which a company takes the papers of a house that it looks after from now on, until a stated day."""

from datetime import date

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.core.access import pack_until
from bot.core.days import civil
from bot.core.people import Role
from handlers.web.chat import FILE_HEADERS
from handlers.web.delivery import Delivery, NotGivenError, zipped
from handlers.web.forms import posted, stamp
from handlers.web.lapsed import lapsed_page
from handlers.web.site import Site, SiteHere, page
from handlers.web.visitor import Visitor, visitor_of
from storage.concern import still_theirs
from storage.pack import taken_over_on
from templates.book.spoken import Spoken, pack_words

routes = APIRouter(include_in_schema=False)


@routes.get("/c/{token}/handover/{house_id}")
async def show(site: SiteHere, token: str, house_id: str) -> Response:
    """What the papers hold, and until when; nothing is handed over by opening a page."""
    async with site.store.read() as connection:
        visitor = await visitor_of(connection, site.links, token, site.now())
        if visitor.lapsed:
            return await lapsed_page(connection, site, visitor)
        until = await _until(connection, visitor, house_id)
    over = until < civil(site.now())
    form = stamp(site.links, visitor.person.id)
    known = {"visitor": visitor, "house": house_id, "until": until, "over": over, "stamp": form}
    return page(site, "handover", visitor.person.language, 410 if over else 200, **known)


@routes.post("/c/{token}/handover/{house_id}")
async def take(request: Request, site: SiteHere, token: str, house_id: str) -> Response:
    async with site.store.read() as connection:
        visitor = await visitor_of(connection, site.links, token, site.now())
    await posted(request, site.links, visitor.person.id)
    async with site.store.read() as connection:
        until = await _until(connection, visitor, house_id)
    if visitor.lapsed or until < civil(site.now()):
        raise HTTPException(404)
    try:
        files = await delivery(site).give(house_id, visitor.person.id, site.now())
    except NotGivenError:
        raise HTTPException(404) from None
    way = {"content-disposition": f'attachment; filename="handover-{house_id}.zip"'}
    return Response(zipped(files, site.now()), media_type="application/zip", headers=FILE_HEADERS | way)


async def _until(connection: AsyncConnection, visitor: Visitor, house_id: str) -> date:
    """The last day for the papers; 404 for a house that the company does not look after, or has had from the first."""
    person = visitor.person
    mine = person.role is Role.SERVICER and await still_theirs(connection, person.id, [house_id])
    since = await taken_over_on(connection, house_id) if mine else None
    if since is None:
        raise HTTPException(404)
    return pack_until(since)


def delivery(site: Site) -> Delivery:
    words = site.renderer.catalogue.words
    return Delivery(site.store, site.office, {it: Spoken(it, words[it], pack_words(it)) for it in words}, site.renderer)
