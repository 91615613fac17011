"""An owner's own copy of the record of their house, to print and to keep. Nobody else's house is there."""

import asyncio
from datetime import date

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.core.book.section import Book, Sources
from bot.core.book.standing import standing_on
from bot.core.book.whole import book
from bot.core.days import civil
from bot.core.particulars import risks
from bot.core.people import Role
from handlers.web.lapsed import lapsed_page
from handlers.web.site import Site, SiteHere, page
from handlers.web.visitor import Visitor, visitor_of
from storage.book import book_sources
from storage.concern import houses_of
from storage.standing import standing_sources
from templates.book.file import book_json
from templates.book.paper import book_pdf

routes = APIRouter(include_in_schema=False)


@routes.get("/c/{token}/record")
async def choose(site: SiteHere, token: str) -> Response:
    async with site.store.read() as connection:
        visitor = await owner_of(connection, site, token)
        if visitor.lapsed:
            return await lapsed_page(connection, site, visitor)
        mine = await houses_of(connection, visitor.person.id)
        stored = await standing_sources(connection, mine)
    found = {house_id: standing_on(stored[house_id], today(site), today(site)) for house_id in mine}
    risky = {house_id: risks(one.reasons) for house_id, one in found.items()}
    return page(site, "record", visitor.person.language, visitor=visitor, houses=mine, standings=found, risks=risky)


@routes.get("/c/{token}/record/{house_id}.pdf")
async def paper(site: SiteHere, token: str, house_id: str) -> Response:
    language, found = await _book(site, token, house_id)
    data = await asyncio.to_thread(book_pdf, found, site.spoken[language])
    return download(data, "application/pdf", f"record-{house_id}-{found.on}.pdf")


@routes.get("/c/{token}/record/{house_id}.json")
async def file(site: SiteHere, token: str, house_id: str) -> Response:
    _, found = await _book(site, token, house_id)
    data = await asyncio.to_thread(book_json, found, site.spoken)
    return download(data.encode(), "application/json", f"record-{house_id}-{found.on}.json")


async def _book(site: Site, token: str, house_id: str) -> tuple[str, Book]:
    """The reader's language, and the book of the house as it stands today."""
    async with site.store.read() as connection:
        visitor, sources = await own_sources(connection, site, token, house_id)
    return visitor.person.language, book(sources, today(site))


async def own_sources(connection: AsyncConnection, site: Site, token: str, house_id: str) -> tuple[Visitor, Sources]:
    """What is stored of the visitor's own house; 404 for any other, and for a link that has grown old."""
    visitor = await owner_of(connection, site, token)
    mine = not visitor.lapsed and house_id in await houses_of(connection, visitor.person.id)
    sources = await book_sources(connection, house_id) if mine else None
    if sources is None:
        raise HTTPException(404)
    return visitor, sources


async def owner_of(connection: AsyncConnection, site: Site, token: str) -> Visitor:
    """Whose link this is; 404 for whoever is no owner."""
    visitor = await visitor_of(connection, site.links, token, site.now())
    if visitor.person.role is not Role.OWNER:
        raise HTTPException(404)
    return visitor


def today(site: Site) -> date:
    return civil(site.now())


def download(data: bytes, media_type: str, name: str) -> Response:
    """Opened by the browser where it can, under a name that says what it is. Ids are plain letters and digits."""
    way = "inline" if media_type == "application/pdf" else "attachment"
    return Response(data, media_type=media_type, headers={"content-disposition": f'{way}; filename="{name}"'})
