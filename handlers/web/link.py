"""Receiving notices in another channel: a one-time code, shown once, with each platform's own way to use it.

The code is made by a press, never by opening a page, and every press makes the one before it void.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import segno
from fastapi import APIRouter, HTTPException, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from bot.core.link_code import shown
from bot.core.outcome import Deed
from bot.core.people import Role
from handlers.web.forms import posted, stamp
from handlers.web.lapsed import lapsed_page, renewed
from handlers.web.site import Site, SiteHere, page
from handlers.web.visitor import Visitor, visitor_of
from storage.guests import LIFE, new_code
from storage.record import append

routes = APIRouter(include_in_schema=False)
QUIET = 2  # modules of light around a QR code


@dataclass(frozen=True, slots=True)
class Picture:
    """A QR code as an SVG path; ``side`` in modules."""

    side: int
    path: str


@dataclass(frozen=True, slots=True)
class Way:
    """One platform in which the code can be used; ``url`` opens it there with the code in hand, if it can."""

    channel: str
    url: str = ""
    picture: Picture | None = None  # the same address as a QR code


@routes.get("/c/{token}/link")
async def ask(site: SiteHere, token: str) -> Response:
    async with site.store.read() as connection:
        visitor = await _known(connection, site, token)
        if visitor.lapsed:
            return await lapsed_page(connection, site, visitor)
    return _page(site, visitor, "", [])


@routes.post("/c/{token}/link")
async def make(request: Request, site: SiteHere, token: str) -> Response:
    async with site.store.read() as connection:
        visitor = await _known(connection, site, token)
    await posted(request, site.links, visitor.person.id)
    if visitor.lapsed:
        return await renewed(site, visitor)
    async with site.store.write() as connection:
        code = await new_code(connection, site.store.pins.seal, visitor.person.id, site.now())
        deed = Deed("code_made", visitor.person.id, {})
        await append(connection, site.store.pins.seal, [("", deed)], site.now())
    ways = await asyncio.gather(*(_way(site, name, code) for name in site.inviting))
    return _page(site, visitor, code, ways)


async def _known(connection: AsyncConnection, site: Site, token: str) -> Visitor:
    """Whose link this is. A guest has no code to give: their account would become the account of nobody."""
    visitor = await visitor_of(connection, site.links, token, site.now())
    if visitor.person.role is Role.GUEST:
        raise HTTPException(404)
    return visitor


async def _way(site: Site, channel: str, code: str) -> Way:
    url = await site.inviting[channel].invitation(code)
    return Way(channel, url, _picture(url) if url else None)


def _picture(url: str) -> Picture:
    """Each dark module as a square of an SVG path, so that the page escapes it like anything else."""
    rows = list(segno.make(url, error="m", micro=False).matrix_iter(border=QUIET))
    dark = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, module in enumerate(row) if module)
    return Picture(len(rows), "".join(dark))


def _page(site: Site, visitor: Visitor, code: str, ways: Sequence[Way]) -> Response:
    person = visitor.person
    names: Mapping[str, str] = site.renderer.catalogue.words[person.language]["channels"]
    return page(
        site,
        "link",
        person.language,
        visitor=visitor,
        stamp=stamp(site.links, person.id),
        code=shown(code) if code else "",
        ways=ways,
        open_to=[names.get(name, name) for name in site.inviting],
        channels=names,
        until=site.now() + LIFE,
    )
