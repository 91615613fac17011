"""The page on which an owner takes all that is kept about them, and about nobody else."""

import tempfile
from collections.abc import AsyncIterator
from typing import IO

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse

from bot.core.people import Role
from handlers.web.archive import Archive
from handlers.web.chat import FILE_HEADERS
from handlers.web.forms import posted, stamp
from handlers.web.lapsed import lapsed_page
from handlers.web.site import SiteHere, page
from handlers.web.visitor import visitor_of

routes = APIRouter(include_in_schema=False)
IN_MEMORY = 8 * 1024 * 1024  # bytes; what is larger goes through a file that has no name
PIECE = 64 * 1024


@routes.get("/c/{token}/data")
async def show(site: SiteHere, token: str) -> Response:
    """What the file holds; nothing is handed over by opening a page."""
    async with site.store.read() as connection:
        visitor = await visitor_of(connection, site.links, token, site.now())
        if visitor.lapsed:
            return await lapsed_page(connection, site, visitor)
    _only_owners(visitor.person.role)
    language, form = visitor.person.language, stamp(site.links, visitor.person.id)
    return page(site, "own_data", language, visitor=visitor, stamp=form)


@routes.post("/c/{token}/data")
async def take(request: Request, site: SiteHere, token: str) -> Response:
    async with site.store.read() as connection:
        visitor = await visitor_of(connection, site.links, token, site.now())
    await posted(request, site.links, visitor.person.id)
    if visitor.lapsed:
        raise HTTPException(404)
    _only_owners(visitor.person.role)
    file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - it is read while it is sent, and gone at its end
    archive = Archive(site.store, site.files, site.renderer)
    if not await archive.write(visitor.person.id, visitor.person.id, site.now(), file):
        raise HTTPException(404)
    file.seek(0)
    way = {"content-disposition": 'attachment; filename="engawa-data.zip"'}
    return StreamingResponse(_pieces(file), media_type="application/zip", headers=FILE_HEADERS | way)


def _only_owners(role: Role) -> None:
    """What is kept about a company is the company's, and staff have the console."""
    if role is not Role.OWNER:
        raise HTTPException(404)


async def _pieces(file: IO[bytes]) -> AsyncIterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece
