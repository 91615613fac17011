"""A link to sign in, sent by mail to an address that belongs to somebody of the staff. It serves once, for a while.

Whoever asks sees the same page, whether the address is anybody's or not. So do those who have to wait: what was asked
for is counted by the address that was written, nobody's as well.
"""

from datetime import timedelta
from math import ceil

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from bot.core.links import LOGIN
from bot.core.outcome import Mode, Outcome, Say
from bot.core.people import Person
from handlers.web.forms import posted, stamp
from handlers.web.site import Site, SiteHere, language_of, page
from handlers.web.staff.entrance import staff_member
from handlers.web.staff.signing_in import opened
from storage.chat import message_row
from storage.commit import commit
from storage.misses import missed, rest_of_misses
from storage.people import person_at

routes = APIRouter(include_in_schema=False)
KIND = "staff_login"
LIFE = timedelta(minutes=15)
MOST = 5  # links that are asked for at one address within the span of storage.misses
SHOWN_TO = "login"  # in the stamp of the form


@routes.get("/staff/login")
async def ask(request: Request, site: SiteHere) -> HTMLResponse:
    return _page(request, site, sent=False)


@routes.post("/staff/login")
async def send(request: Request, site: SiteHere) -> HTMLResponse:
    form = await posted(request, site.links, SHOWN_TO)
    if not site.mail:
        raise HTTPException(404)
    wait = await _asked(site, form.text("address")[:254].strip())
    response = _page(request, site, 429 if wait else 200, sent=not wait, wait=ceil(wait / 60))
    if wait:
        response.headers["retry-after"] = str(wait)
    return response


async def _asked(site: Site, address: str) -> int:
    """Sends a link if that is somebody's; the seconds to wait where too many were asked for."""
    now, seal, tried = site.now(), site.store.pins.seal, f"login:{address.lower()}"
    async with site.store.write() as connection:
        wait = await rest_of_misses(connection, seal, tried, now, most=MOST)
        if wait:
            return wait
        await missed(connection, seal, tried, now)
        named = await person_at(connection, site.mail, address)
        person = await staff_member(connection, named) if named else None
        if person is not None:
            link = Say(person.id, KIND, {}, Mode.REPLY, channel=site.mail, address=_address(person, site))
            await commit(connection, site.store.pins, [Outcome(says=(link,))], now)
    return 0


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


def _address(person: Person, site: Site) -> str:
    return next(one.address for one in person.addresses if one.channel == site.mail)


def _page(request: Request, site: Site, status: int = 200, *, sent: bool, wait: int = 0) -> HTMLResponse:
    ways = {"by_mail": bool(site.mail), "by_company": site.company is not None}
    form = stamp(site.links, SHOWN_TO)
    return page(site, "staff/login", language_of(request), status, sent=sent, wait=wait, stamp=form, **ways)
