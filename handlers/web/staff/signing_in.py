"""How staff come in: by a link of their own, or one by mail that serves once. Each leads to a page with one button."""

from datetime import timedelta

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.core.links import STAFF
from bot.core.people import Person, Role
from bot.core.rights import Right, rights_of
from handlers.web.forms import posted, stamp
from handlers.web.site import Site, SiteHere, page
from handlers.web.staff.entrance import COOKIE, StaffHere, staff_member
from storage.sessions import Entry, begin, end

routes = APIRouter(include_in_schema=False)
HOME, ONESELF = "/staff/", "/staff/me"


@routes.get("/staff/enter/{token}")
async def door(site: SiteHere, token: str) -> HTMLResponse:
    person = await _named(site, token)
    at, seal = f"/staff/enter/{token}", stamp(site.links, token)
    return page(site, "staff/enter", person.language, action=at, me=person, stamp=seal)


@routes.post("/staff/enter/{token}")
async def enter(request: Request, site: SiteHere, token: str) -> Response:
    """The link opens a session of the person that it names, from its own page alone: no site can push one in."""
    person = await _named(site, token)
    await posted(request, site.links, token)
    response = await opened(site, person, "link")
    assert response is not None
    return response


@routes.post("/staff/leave")
async def leave(request: Request, session: StaffHere) -> Response:
    """Ends this session: the key is worth nothing from here on, wherever it was copied to."""
    await session.posted(request)
    async with session.site.store.write() as connection:
        await end(connection, session.id, session.site.now())
    response = page(session.site, "staff/left", session.language)
    response.delete_cookie(COOKIE, path="/staff")
    return response


async def opened(site: Site, person: Person, way: str, *, ticket: str = "", to: str = "") -> Response | None:
    """A new session under a new key, whatever the browser brought along; None where the ticket was used before."""
    life = timedelta(hours=site.session_hours)
    async with site.store.write() as connection:
        word = await begin(connection, Entry(person.id, way, life, ticket), site.now())
    if word is None:
        return None
    response = RedirectResponse(to or (HOME if Right.SEE in rights_of(person) else ONESELF), 303)
    seconds = int(life.total_seconds())
    response.set_cookie(COOKIE, word, seconds, path="/staff", secure=site.secure, httponly=True, samesite="lax")
    return response


async def _named(site: Site, token: str) -> Person:
    named = site.links.read(STAFF, token)
    async with site.store.read() as connection:
        person = await staff_member(connection, f"{Role.STAFF}:{named}") if isinstance(named, str) else None
    if person is None:
        raise HTTPException(404)
    return person
