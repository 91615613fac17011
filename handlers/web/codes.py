"""A company's monthly list: printed with a code on each line, and keyed in by the company itself."""

import asyncio
from datetime import date

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.core.action import Action
from bot.core.days import civil
from bot.core.roster import Line, When
from bot.core.sheet_code import shown
from handlers.web.chat import FILE_HEADERS
from handlers.web.coded import FIELDS, ROWS, VERBS, Keyed, afterwards, keyed_in, looked_up
from handlers.web.forms import Posted, posted
from handlers.web.lapsed import lapsed_page
from handlers.web.said import event_of, said
from handlers.web.site import Site, SiteHere
from handlers.web.visitor import Visitor, visitor_of
from handlers.web.works import company_of, works_page
from storage.concern import MOST
from storage.roster import lines_for
from storage.sheets import codes_for, spend
from templates.forms import forms
from templates.paper.month_sheet import MonthSheet, SheetLine, month_sheet

routes = APIRouter(include_in_schema=False)


@routes.post("/c/{token}/works/list.pdf")
async def print_list(request: Request, site: SiteHere, token: str) -> Response:
    """This month's works and what is left from before. A press, since the codes begin to serve by it."""
    visitor = await _visitor(site, token)
    form = await posted(request, site.links, visitor.person.id, MOST * 5)
    company, today, now = company_of(visitor), civil(site.now()), site.now()
    async with site.store.write() as connection:
        lines = [line for line in await lines_for(connection, company) if _listed(line, form.text("month"), today)]
        wanted = {line.case_id for line in lines}
        codes = await codes_for(connection, site.store.pins.seal, company, wanted, now)
    sheet = MonthSheet(
        company=visitor.person.name,
        language=visitor.person.language,
        month=_month(form.text("month"), today),
        printed_on=today,
        office=site.office,
        lines=[_line(site, visitor, line, codes[line.case_id]) for line in sorted(lines, key=lambda line: line.on)],
    )
    pdf = await asyncio.to_thread(month_sheet, sheet)
    way = {"content-disposition": 'inline; filename="list.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=FILE_HEADERS | way)


@routes.get("/c/{token}/codes")
async def show(site: SiteHere, token: str) -> Response:
    async with site.store.read() as connection:
        visitor = await visitor_of(connection, site.links, token, site.now())
        if visitor.lapsed:
            return await lapsed_page(connection, site, visitor)
    company_of(visitor)
    return works_page(site, visitor, "codes", rows=range(1, ROWS + 1))


@routes.post("/c/{token}/codes")
async def check(request: Request, site: SiteHere, token: str) -> Response:
    """Reads back what the codes name; nothing is kept yet."""
    visitor = await _visitor(site, token)
    form = await posted(request, site.links, visitor.person.id, FIELDS)
    return works_page(site, visitor, "codes_check", lines=await _lines(site, visitor, form))


@routes.post("/c/{token}/codes/keep")
async def keep(request: Request, site: SiteHere, token: str) -> Response:
    """Each line becomes an event of its own, as if it had been pressed in the talk."""
    visitor = await _visitor(site, token)
    form = await posted(request, site.links, visitor.person.id, FIELDS)
    for line in await _lines(site, visitor, form):
        if not line.wrong:
            await _say(site, visitor, form, line)
    lines = [afterwards(line) for line in await _lines(site, visitor, form)]
    done = {line.scene.case.id for line in lines if line.scene is not None and not line.wrong}
    async with site.store.write() as connection:
        await spend(connection, visitor.person.id, done, site.now())
    return works_page(site, visitor, "codes_kept", lines=lines)


async def _visitor(site: Site, token: str) -> Visitor:
    async with site.store.read() as connection:
        visitor = await visitor_of(connection, site.links, token, site.now())
    if visitor.lapsed:
        raise HTTPException(404)
    company_of(visitor)
    return visitor


async def _lines(site: Site, visitor: Visitor, form: Posted) -> list[Keyed]:
    async with site.store.read() as connection:
        return await looked_up(connection, keyed_in(form), civil(site.now()), visitor.person.id)


async def _say(site: Site, visitor: Visitor, form: Posted, line: Keyed) -> None:
    if line.scene is None or line.said.day is None:
        return
    person, case = visitor.person, line.scene.case
    verb = VERBS[line.said.result]
    action = str(Action(verb, case.id, case.round, line.said.day.isoformat()))
    label = site.pages.words[person.language]["works"]["label"][verb.replace("done", "coded")]
    await said(site, event_of(site, person.id, form.event_id(person.id, action), action=action, label=label))


def _listed(line: Line, month: str, today: date) -> bool:
    """What is reported already needs no line; what is late stands on every list."""
    if line.reported_on is not None:
        return False
    late = line.when(today) is When.OVERDUE
    return late or f"{line.on:%Y-%m}" == f"{_month(month, today):%Y-%m}"


def _month(text: str, today: date) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)


def _line(site: Site, visitor: Visitor, line: Line, code: str) -> SheetLine:
    language = visitor.person.language
    words = site.renderer.catalogue.words[language]
    kinds = str(words["dot"]).join(str(words["occasion"].get(kind, kind)) for kind in line.kinds)
    what = f"{kinds} ({forms(language, words)['areas'](line.areas)})"
    return SheetLine(shown(code), line.owner, line.house_id, line.town, what, line.target_on)
