"""Companies' own systems that are gone or do not answer: the staff call the company, or let the address go."""

from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy import Row
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from bot.core.hook import Ended
from bot.core.people import servicer_key
from handlers.web.staff.acting import back
from handlers.web.staff.entrance import StaffHere
from storage.desk import names_of
from storage.hooks import any_hook, end_hook, unwell

routes = APIRouter(include_in_schema=False)


@routes.get("/staff/hooks")
async def show(session: StaffHere) -> HTMLResponse:
    async with session.site.store.read() as connection:
        found = await unwell(connection, session.site.now())
        names = await names_of(connection, {servicer_key(row.submitter) for row in found})
    lines = [{"hook": row, "host": _host(row), "name": names.get(servicer_key(row.submitter), "")} for row in found]
    return session.page("hooks", lines=lines)


@routes.post("/staff/hooks/{hook_id}/remove")
async def remove(request: Request, session: StaffHere, hook_id: str) -> Response:
    """Nothing is told there any more; the company may register it anew."""
    await session.posted(request)
    site = session.site
    async with site.store.write() as connection:
        hook = await any_hook(connection, hook_id)
        if hook is None:
            raise HTTPException(404)
        await end_hook(connection, site.store.pins, hook, (Ended.REMOVED, session.person.id), site.now())
    return back("/staff/hooks")


def _host(row: Row[Any]) -> str:
    """What follows the machine's name may be a key of the company's."""
    return str(row.url).partition("://")[2].partition("/")[0].partition("?")[0]
