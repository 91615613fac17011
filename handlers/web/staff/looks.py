"""Why somebody looks, as they say it; and for who audits, who looked at what."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from handlers.web.forms import row_number
from handlers.web.staff.entrance import StaffHere
from handlers.web.staff.looking import WHY, ReasonAskedError, say_why
from storage.desk import names_of
from storage.looks import OPERATOR, PAGE, Sought, looks_at, people_called, who_looks

routes = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which looks the address asks for, as it was written."""

    house: str = ""
    person: str = ""
    by: str = ""
    before: str = ""


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
async def show(session: StaffHere, asked: Annotated[Asked, Depends()]) -> HTMLResponse:
    """Who looked at a house or a person, at what one of the staff looked, or everything, the newest first."""
    house, person = asked.house.strip()[:64], asked.person.strip()[:80]
    async with session.site.store.read() as connection:
        looked = await who_looks(connection)
        by = asked.by if asked.by in looked or asked.by == OPERATOR else ""
        seen = await people_called(connection, person) if person else None
        rows = await looks_at(connection, Sought(house, seen, by), row_number(asked.before) or None)
        names = looked | await names_of(connection, {row.seen for row in rows if row.seen})
    query = urlencode({"house": house, "person": person, "by": by, "before": rows[-1].id if rows else 0})
    return session.page(
        "looks",
        rows=rows,
        names=names,
        asked=Asked(house, person, by),
        nobody=seen == [],
        looked=looked,
        operator=OPERATOR,
        more=f"/staff/looks?{query}" if len(rows) == PAGE else "",
    )


def _of_console(path: str) -> bool:
    """Whether that is an address of the console itself: no other host, and nothing that a header would end at."""
    return path.startswith("/staff/") and path.isprintable() and "\\" not in path
