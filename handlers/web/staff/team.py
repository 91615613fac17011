"""Oneself and the others of the staff: what each is there for, and where they are signed in. Sessions end here."""

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from bot.core.rights import role_at_work
from handlers.web.forms import row_number
from handlers.web.staff.acting import back
from handlers.web.staff.entrance import StaffHere, staff_member
from storage.sessions import end, end_all, sessions_of
from storage.staff import all_staff

routes = APIRouter(include_in_schema=False)


@routes.get("/staff/me")
async def show(session: StaffHere) -> HTMLResponse:
    async with session.site.store.read() as connection:
        mine = await sessions_of(connection, session.person.id, session.site.now())
    return session.page("me", sessions=mine, here=session.id, role=role_at_work(session.person))


@routes.post("/staff/me/sessions")
async def end_mine(request: Request, session: StaffHere) -> Response:
    """Ends one of one's own: a browser that was left open elsewhere."""
    wanted = row_number((await session.posted(request)).text("end"))
    async with session.site.store.write() as connection:
        mine = await sessions_of(connection, session.person.id, session.site.now())
        if wanted not in {one.id for one in mine}:
            raise HTTPException(404)
        await end(connection, wanted, session.site.now())
    return back("/staff/me")


@routes.get("/staff/team")
async def show_team(session: StaffHere) -> HTMLResponse:
    async with session.site.store.read() as connection:
        team = [one for one in await all_staff(connection, session.site.now()) if one["removed_on"] is None]
    return session.page("team", team=team)


@routes.post("/staff/team")
async def end_theirs(request: Request, session: StaffHere) -> Response:
    """Ends all sessions of somebody: they have to come in anew."""
    wanted = (await session.posted(request)).text("end")
    async with session.site.store.write() as connection:
        if await staff_member(connection, wanted) is None:
            raise HTTPException(404)
        await end_all(connection, wanted, session.site.now())
    return back("/staff/team")
