"""The notice that another company does the maintenance (軽微な変更): the owner checks, signs and files it.

It is a copy of their own record; nothing can be typed into it here, and staff never see this page.
"""

import asyncio
from collections.abc import Sequence
from datetime import date

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import HTMLResponse, Response

from bot.core.book.notice import SENT, last_change, notice, to_be_filed
from bot.core.book.section import Book
from bot.core.outcome import Deed, Outcome
from handlers.web.forms import posted
from handlers.web.record import download, own_sources, today
from handlers.web.report import PAPER, paper_page
from handlers.web.site import Site, SiteHere
from handlers.web.visitor import Visitor
from storage.commit import commit
from storage.concern import houses_of
from storage.households import lock_houses
from storage.recorded import changes_of_company
from templates.book.paper import signed_pdf

routes = APIRouter(include_in_schema=False)
KIND = "notice"


async def notices_due(connection: AsyncConnection, person_id: str, day: date) -> Sequence[str]:
    """The owner's houses that have another company since a short while, for which nothing was filed yet."""
    told = await changes_of_company(connection, await houses_of(connection, person_id))
    return [house_id for house_id, facts in sorted(told.items()) if to_be_filed(facts, day)]


@routes.get("/c/{token}/notice/{house_id}")
async def show(site: SiteHere, token: str, house_id: str) -> HTMLResponse:
    visitor, found = await _notice(site, token, house_id)
    return paper_page(site, visitor, found, KIND, thanks=False)


@routes.get("/c/{token}/notice/{house_id}/notice.pdf")
async def paper(site: SiteHere, token: str, house_id: str) -> Response:
    _, found = await _notice(site, token, house_id)
    data = await asyncio.to_thread(signed_pdf, found, site.spoken[PAPER], KIND)
    return download(data, "application/pdf", f"notice-{house_id}-{found.on}.pdf")


@routes.post("/c/{token}/notice/{house_id}")
async def sent(request: Request, site: SiteHere, token: str, house_id: str) -> HTMLResponse:
    """The owner's word that it was filed with the authority, today: a fact of the house."""
    visitor, found = await _notice(site, token, house_id)
    await posted(request, site.links, visitor.person.id)
    async with site.store.write() as connection:
        await lock_houses(connection, [house_id])
        _, sources = await own_sources(connection, site, token, house_id)
        change = last_change(sources.facts)
        if change is not None and to_be_filed(sources.facts, today(site)):  # else a second click
            data = {"change": change.changed["seq"], "sent_on": today(site).isoformat()}
            deed = Deed(SENT, visitor.person.id, data)
            await commit(connection, site.store.pins, [Outcome(house_id, deeds=(deed,))], site.now())
    return paper_page(site, visitor, found, KIND, thanks=change is not None)


async def _notice(site: Site, token: str, house_id: str) -> tuple[Visitor, Book]:
    async with site.store.read() as connection:
        visitor, sources = await own_sources(connection, site, token, house_id)
    return visitor, notice(sources, today(site))
