"""How staff come in: a signed link, one press, and a session that ends by itself."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.core.days import civil
from bot.core.links import STAFF
from bot.core.people import Person, Role
from handlers.web.forms import Posted, posted, row_number, stamp
from handlers.web.site import Site, SiteHere, page, site_of
from storage.chat import message_row
from storage.people import load_people

routes = APIRouter(include_in_schema=False)
COOKIE, PURPOSE = "engawa_staff", "session"


@dataclass(frozen=True, slots=True)
class Session:
    """A member of the staff at work. ``id`` ties forms to this session."""

    site: Site
    person: Person
    id: str
    path: str

    @property
    def shown_to(self) -> str:
        return f"{self.person.id} {self.id}"

    @property
    def language(self) -> str:
        return self.person.language

    def page(self, name: str, status: int = 200, **shown: object) -> HTMLResponse:
        """A page of the console, with the stamp that its forms need."""
        shown |= {"stamp": stamp(self.site.links, self.shown_to), "me": self.person, "at": self.path}
        return page(self.site, f"staff/{name}", self.language, status, today=civil(self.site.now()), **shown)

    async def posted(self, request: Request) -> Posted:
        return await posted(request, self.site.links, self.shown_to)


async def session_of(request: Request) -> Session:
    """Whoever is signed in; 401 for anybody else."""
    site = site_of(request)
    said = site.links.read(PURPOSE, request.cookies.get(COOKIE, ""))
    person_id, until, session_id = said.split(" ") if isinstance(said, str) and said.count(" ") == 2 else ("", "0", "")
    if datetime.fromtimestamp(int(until), UTC) <= site.now():
        raise HTTPException(401)
    person = await _staff(site, person_id)
    if person is None:
        raise HTTPException(401)
    return Session(site, person, session_id, request.url.path)


StaffHere = Annotated[Session, Depends(session_of)]


@routes.get("/staff/enter/{token}")
async def door(site: SiteHere, token: str) -> HTMLResponse:
    person = await _named(site, token)
    return page(site, "staff/enter", person.language, token=token, me=person, stamp=stamp(site.links, token))


@routes.post("/staff/enter/{token}")
async def enter(request: Request, site: SiteHere, token: str) -> Response:
    """The link opens the session of the person that it names, from its own page alone: no site can push one in."""
    person = await _named(site, token)
    await posted(request, site.links, token)
    life = timedelta(hours=site.session_hours)
    until = int((site.now() + life).timestamp())
    value = site.links.token(PURPOSE, f"{person.id} {until} {secrets.token_urlsafe(12)}")
    response = RedirectResponse("/staff/", 303)
    response.set_cookie(
        COOKIE, value, int(life.total_seconds()), path="/staff", secure=site.secure, httponly=True, samesite="lax"
    )
    return response


@routes.post("/staff/leave")
async def leave(request: Request, session: StaffHere) -> Response:
    await session.posted(request)
    response = page(session.site, "staff/left", session.language)
    response.delete_cookie(COOKIE, path="/staff")
    return response


async def _named(site: Site, token: str) -> Person:
    named = site.links.read(STAFF, token)
    person = await _staff(site, f"{Role.STAFF}:{named}") if isinstance(named, str) else None
    if person is None:
        raise HTTPException(404)
    return person


async def _staff(site: Site, person_id: str) -> Person | None:
    if not person_id.startswith(f"{Role.STAFF}:"):
        return None
    async with site.store.read() as connection:
        person = (await load_people(connection, [person_id])).get(person_id)
    return person if person is not None and person.active else None


async def answered(session: Session, said: str) -> tuple[str, ...]:
    """What the bot answered to the last deed, as the page that follows shows it: its title and paragraphs."""
    if not said:
        return ()
    async with session.site.store.read() as connection:
        row = await message_row(connection, row_number(said))
    if row is None or row.person_id != session.person.id or not row.parts:
        return ()
    message = session.site.renderer.part(row.parts[-1], session.language, session.person.name)
    return (message.title, *message.paragraphs)
