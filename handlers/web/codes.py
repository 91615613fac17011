"""A company's monthly list: printed with a code on each line, and keyed in by the company itself."""

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.core.action import Action
from bot.core.days import civil
from handlers.web.chat import FILE_HEADERS
from handlers.web.coded import FIELDS, ROWS, VERBS, Keyed, afterwards, keyed_in, looked_up
from handlers.web.forms import Posted, posted
from handlers.web.lapsed import lapsed_page
from handlers.web.month_list import month_list
from handlers.web.said import event_of, said
from handlers.web.site import Site, SiteHere
from handlers.web.visitor import Visitor, visitor_of
from handlers.web.works import company_of, works_page
from storage.concern import MOST
from storage.sheets import spend

routes = APIRouter(include_in_schema=False)


@routes.post("/c/{token}/works/list.pdf")
async def print_list(request: Request, site: SiteHere, token: str) -> Response:
    """This month's works and what is left from before. A press, since the codes begin to serve by it."""
    visitor = await _visitor(site, token)
    form = await posted(request, site.links, visitor.person.id, MOST * 5)
    pdf, _ = await month_list(site, visitor.person, form.text("month"))
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
