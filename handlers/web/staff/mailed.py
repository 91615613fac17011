"""A link to sign in, sent by mail to an address that belongs to somebody of the staff. It serves once, for a while.

Whoever asks sees the same page, whether the address is anybody's or not.
"""

from datetime import datetime, timedelta

from fastapi import APIRouter, Request
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from bot.core.days import civil
from bot.core.links import LOGIN
from bot.core.outcome import Mode, Outcome, Say
from bot.core.people import Person
from handlers.web.forms import posted, stamp
from handlers.web.site import Site, SiteHere, language_of, page
from handlers.web.staff.entrance import staff_member
from handlers.web.staff.signing_in import opened
from storage.chat import message_row
from storage.commit import commit
from storage.people import person_at
from storage.tables import outbox

routes = APIRouter(include_in_schema=False)
KIND = "staff_login"
LIFE = timedelta(minutes=15)
MOST, WITHIN = 5, timedelta(hours=1)  # links to one person; more are not sent, and nobody is told
SHOWN_TO = "login"  # in the stamp of the form


@routes.get("/staff/login")
async def ask(request: Request, site: SiteHere) -> HTMLResponse:
    return _page(request, site, sent=False)


@routes.post("/staff/login")
async def send(request: Request, site: SiteHere) -> HTMLResponse:
    form = await posted(request, site.links, SHOWN_TO)
    if not site.mail:
        raise HTTPException(404)
    now = site.now()
    async with site.store.write() as connection:
        named = await person_at(connection, site.mail, form.text("address")[:254])
        person = await staff_member(connection, named) if named else None
        if person is not None and await _links_since(connection, person.id, now) < MOST:
            link = Say(person.id, KIND, {}, Mode.REPLY, channel=site.mail, address=_address(person, site))
            await commit(connection, site.store.pins, [Outcome(says=(link,))], now)
    return _page(request, site, sent=True)


@routes.get("/staff/login/{token}")
async def door(site: SiteHere, token: str) -> HTMLResponse:
    """One button: what opens links to look at them lets nobody in."""
    person, _ = await _of(site, token)
    at, seal = f"/staff/login/{token}", stamp(site.links, token)
    return page(site, "staff/enter", person.language, action=at, me=person, stamp=seal)


@routes.post("/staff/login/{token}")
async def enter(request: Request, site: SiteHere, token: str) -> Response:
    person, ticket = await _of(site, token)
    await posted(request, site.links, token)
    response = await opened(site, person, "mail", ticket=ticket)
    return response or _page(request, site, 410, sent=False)


async def _of(site: Site, token: str) -> tuple[Person, str]:
    """Whose link that is, and the ticket that it uses up; 404 for one that is none, or none any more."""
    named = site.links.read(LOGIN, token)
    async with site.store.read() as connection:
        row = await message_row(connection, named) if isinstance(named, int) else None
        fresh = row is not None and row.parts and row.parts[0]["kind"] == KIND and site.now() < row.written_at + LIFE
        person = await staff_member(connection, row.person_id) if row is not None and fresh else None
    if person is None:
        raise HTTPException(404)
    return person, f"mail:{named}"


async def _links_since(connection: AsyncConnection, person_id: str, now: datetime) -> int:
    lately = (outbox.c.person_id == person_id, outbox.c.day >= civil(now - WITHIN), outbox.c.written_at > now - WITHIN)
    rows = await connection.execute(select(outbox.c.parts).where(*lately))
    return sum(1 for (parts,) in rows if parts and parts[0]["kind"] == KIND)


def _address(person: Person, site: Site) -> str:
    return next(one.address for one in person.addresses if one.channel == site.mail)


def _page(request: Request, site: Site, status: int = 200, *, sent: bool) -> HTMLResponse:
    ways = {"by_mail": bool(site.mail), "by_company": site.company is not None}
    form = stamp(site.links, SHOWN_TO)
    return page(site, "staff/login", language_of(request), status, sent=sent, stamp=form, **ways)
