"""The report for the authority's letter (法第12条): the owner sees it, prints it, signs it and sends it themselves.

It is a copy of their own record; nothing can be typed into it here, and staff never see this page.
"""

import asyncio
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import HTMLResponse, Response

from bot.core.book.law import REPORTED
from bot.core.book.report import asked, report, year_of
from bot.core.book.section import Book
from bot.core.outcome import Deed, Outcome
from handlers.web.forms import posted, stamp
from handlers.web.record import download, own_sources, today
from handlers.web.site import Site, SiteHere, page
from handlers.web.visitor import Visitor
from storage.commit import commit
from storage.concern import houses_of
from storage.households import load_households, lock_houses
from templates.book.paper import signed_pdf

routes = APIRouter(include_in_schema=False)
PAPER = "ja"  # the language in which the authority reads it
KIND = "report"


@dataclass(frozen=True, slots=True)
class Due:
    """A house for which the authority may ask now, and the year after completion."""

    house_id: str
    year: int


async def reports_due(connection: AsyncConnection, person_id: str, day: date) -> list[Due]:
    """The owner's houses whose sampling year is under way."""
    households = await load_households(connection, await houses_of(connection, person_id))
    found = ((house_id, asked(household.house, day)) for house_id, household in sorted(households.items()))
    return [Due(house_id, known.year) for house_id, known in found if known]


@routes.get("/c/{token}/report/{house_id}")
async def show(site: SiteHere, token: str, house_id: str) -> Response:
    visitor, found = await _report(site, token, house_id)
    return paper_page(site, visitor, found, KIND, thanks=False)


@routes.get("/c/{token}/report/{house_id}/report.pdf")
async def paper(site: SiteHere, token: str, house_id: str) -> Response:
    _, found = await _report(site, token, house_id)
    data = await asyncio.to_thread(signed_pdf, found, site.spoken[PAPER], KIND)
    return download(data, "application/pdf", f"report-{house_id}-{found.on}.pdf")


@routes.post("/c/{token}/report/{house_id}")
async def sent(request: Request, site: SiteHere, token: str, house_id: str) -> Response:
    """The owner's word that it went to the authority, today: a fact of the house (施行規則第14条第1項第5号)."""
    visitor, found = await _report(site, token, house_id)
    await posted(request, site.links, visitor.person.id)
    async with site.store.write() as connection:
        await lock_houses(connection, [house_id])
        _, sources = await own_sources(connection, site, token, house_id)
        house = (await load_households(connection, [house_id]))[house_id].house
        data = {"year": year_of(house, today(site)), "sent_on": today(site).isoformat()}
        if not any(fact["kind"] == REPORTED and fact["data"] == data for fact in sources.facts):  # a second click
            deed = Deed(REPORTED, visitor.person.id, data)
            await commit(connection, site.store.pins, [Outcome(house_id, deeds=(deed,))], site.now())
    return paper_page(site, visitor, found, KIND, thanks=True)


async def _report(site: Site, token: str, house_id: str) -> tuple[Visitor, Book]:
    async with site.store.read() as connection:
        visitor, sources = await own_sources(connection, site, token, house_id)
        house = (await load_households(connection, [house_id]))[house_id].house
    return visitor, report(sources, house, today(site))


def paper_page(site: Site, visitor: Visitor, found: Book, kind: str, *, thanks: bool) -> HTMLResponse:
    """What an owner checks, prints and signs. ``kind`` names its words and its path: the report, or a notice."""
    language = visitor.person.language
    return page(
        site,
        "report",
        language,
        visitor=visitor,
        kind=kind,
        report=found,
        spoken=site.spoken[language],
        laws=site.spoken[language].laws(site.spoken[language].said[kind]["laws"]),
        stamp=stamp(site.links, visitor.person.id),
        thanks=thanks,
    )
