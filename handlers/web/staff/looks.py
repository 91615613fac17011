"""Why somebody looks, as they say it; and for who audits, who looked at what."""

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.core.people import staff_key
from handlers.web.forms import row_number
from handlers.web.staff.entrance import StaffHere
from handlers.web.staff.looking import WHY, ReasonAskedError, say_why
from storage.desk import names_of
from storage.looks import PAGE, looks_at

routes = APIRouter(include_in_schema=False)


def asked(error: ReasonAskedError) -> HTMLResponse:
    """The question that stands before a page."""
    return error.session.page("why", house=error.house_id, seen=error.seen, reasons=WHY, to=error.to)


@routes.post("/staff/why")
async def said(request: Request, session: StaffHere) -> Response:
    form = await session.posted(request)
    why, house_id, seen, to = (form.text(name) for name in ("why", "house", "seen", "to"))
    if why not in WHY or not (house_id or seen) or not _of_console(to):
        raise HTTPException(400)
    await say_why(session, why, (house_id, seen))
    return RedirectResponse(to, 303)


@routes.get("/staff/looks")
async def show(session: StaffHere, house: str = "", by: str = "", before: str = "") -> HTMLResponse:
    """Who looked at a house, at what one of the staff looked, or everything, the newest first."""
    wanted, of = house.strip()[:64], by.strip()[:80]
    async with session.site.store.read() as connection:
        rows = await looks_at(connection, wanted, staff_key(of) if of else "", row_number(before) or None)
        names = await names_of(connection, {row.by for row in rows} | {row.seen for row in rows if row.seen})
    more = rows[-1].id if len(rows) == PAGE else 0
    return session.page("looks", rows=rows, names=names, house=wanted, by=of, more=more)


def _of_console(path: str) -> bool:
    """Whether that is an address of the console itself: no other host, and nothing that a header would end at."""
    return path.startswith("/staff/") and path.isprintable() and "\\" not in path
