"""A company's monthly list, printed for it; what comes back by post, by FAX or as a photo is keyed in by its codes.

What was written counts as the company's own word, and stays on record as keyed in by whoever did it.
"""

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from bot.core.action import Action
from bot.core.days import civil
from bot.core.outcome import Deed
from bot.core.people import Role
from handlers.keyed import Word
from handlers.web.chat import FILE_HEADERS
from handlers.web.coded import FIELDS, ROWS, VERBS, Keyed, afterwards, keyed_in, looked_up
from handlers.web.forms import Posted, posted, row_number
from handlers.web.month_list import month_list
from handlers.web.staff.acting import act, back
from handlers.web.staff.entrance import StaffHere
from handlers.web.staff.looking import saw
from handlers.web.staff.session import Session
from storage.desk import names_of
from storage.people import load_people
from storage.record import append
from storage.sheets import photo_keyed, spend, waiting_photos

routes = APIRouter(include_in_schema=False)


@routes.get("/staff/sheet")
async def show(session: StaffHere) -> HTMLResponse:
    async with session.site.store.read() as connection:
        photos = await waiting_photos(connection)
        names = await names_of(connection, {photo.person_id for photo in photos})
    await saw(session, [("", photo.person_id) for photo in photos])
    return session.page("sheet", photos=photos, names=names, rows=range(1, ROWS + 1))


@routes.post("/staff/sheet")
async def check(request: Request, session: StaffHere) -> HTMLResponse:
    """Reads back what the codes name; nothing is kept yet."""
    form = await posted(request, session.site.links, session.shown_to, FIELDS)
    return await _page(session, "sheet_check", await _lines(session, form))


@routes.post("/staff/sheet/keep")
async def keep(request: Request, session: StaffHere) -> HTMLResponse:
    form = await posted(request, session.site.links, session.shown_to, FIELDS)
    for line in await _lines(session, form):
        if not line.wrong and line.scene is not None:
            word = Word("letter", VERBS[line.said.result], line.said.day, line.company_id)
            await act(session, form, Action("said", line.scene.case.id, arg=str(word)))
    lines = [afterwards(line) for line in await _lines(session, form)]
    async with session.site.store.write() as connection:
        for line in lines:
            if line.scene is not None and not line.wrong:
                await spend(connection, line.company_id, {line.scene.case.id}, session.site.now())
    return await _page(session, "sheet_kept", lines)


@routes.post("/staff/people/{person_id}/list.pdf")
async def print_list(request: Request, session: StaffHere, person_id: str) -> Response:
    """The page that the company prints for itself, for one with nothing but a FAX; whom it shows is on record."""
    form, site = await session.posted(request), session.site
    async with site.store.read() as connection:
        company = (await load_people(connection, [person_id])).get(person_id)
    if company is None or company.role is not Role.SERVICER:
        raise HTTPException(404)
    pdf, houses = await month_list(site, company, form.text("month"))
    await saw(session, [("", company.id), *((house_id, company.id) for house_id in houses)])
    way = {"content-disposition": 'inline; filename="list.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=FILE_HEADERS | way)


@routes.post("/staff/sheet/photos/{number}")
async def keyed(request: Request, session: StaffHere, number: str) -> Response:
    """The photo is done with: it leaves the list, and who keyed it in is on record."""
    await session.posted(request)
    site, by = session.site, session.person.id
    async with site.store.write() as connection:
        company = await photo_keyed(connection, row_number(number), by, site.now())
        if company:
            await append(
                connection, site.store.pins.seal, [("", Deed("sheet_keyed", by, {"from": company}))], site.now()
            )
    if not company:
        raise HTTPException(404)
    return back("/staff/sheet")


async def _lines(session: Session, form: Posted) -> list[Keyed]:
    async with session.site.store.read() as connection:
        return await looked_up(connection, keyed_in(form), civil(session.site.now()))


async def _page(session: Session, name: str, lines: list[Keyed]) -> HTMLResponse:
    async with session.site.store.read() as connection:
        names = await names_of(connection, {line.company_id for line in lines if line.company_id})
    await saw(session, [(line.scene.case.house_id, line.company_id) for line in lines if line.scene is not None])
    return session.page(name, lines=lines, names=names)
