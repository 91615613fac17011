"""A company's calendar: a secret address that its own calendar program fetches, void once it asks for a new one."""

import hashlib

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from bot.core.calendar_feed import Entry, feed
from bot.core.people import Person, Role
from bot.core.roster import Line
from handlers.web.forms import posted, row_number
from handlers.web.lapsed import lapsed_page, renewed
from handlers.web.site import Site, SiteHere
from handlers.web.visitor import visitor_of
from handlers.web.works import company_of, works_page
from storage.feeds import Feed, feed_of, new_feed
from storage.people import load_people
from storage.roster import Ahead, ahead_for, lines_for
from templates.forms import forms

routes = APIRouter(include_in_schema=False)
PURPOSE = "feed"
# Whoever fetches it asks again each time, and is told in a word that nothing has changed.
HEADERS = {"cache-control": "private, no-cache", "content-disposition": 'inline; filename="engawa.ics"'}


@routes.get("/c/{token}/calendar")
async def show(site: SiteHere, token: str) -> Response:
    async with site.store.read() as connection:
        visitor = await visitor_of(connection, site.links, token, site.now())
        if visitor.lapsed:
            return await lapsed_page(connection, site, visitor)
        company = company_of(visitor)
        known = await feed_of(connection, company)
    address = address_of(site, company, known) if known is not None else ""
    return works_page(site, visitor, "calendar", address=address, known=known)


@routes.post("/c/{token}/calendar")
async def renew(request: Request, site: SiteHere, token: str) -> Response:
    """A new address; whoever has an older one sees nothing any more."""
    async with site.store.read() as connection:
        visitor = await visitor_of(connection, site.links, token, site.now())
    form = await posted(request, site.links, visitor.person.id)
    if visitor.lapsed:
        return await renewed(site, visitor)
    company = company_of(visitor)
    async with site.store.write() as connection:
        await new_feed(connection, site.store.pins.seal, company, row_number(form.text("after")), site.now())
    return RedirectResponse(f"{visitor.path}/calendar", 303)


@routes.get("/calendar/{token}.ics")
async def fetch(request: Request, site: SiteHere, token: str) -> Response:
    """404 for an address that was never made, is void, or is that of a company out of business."""
    named = site.links.read(PURPOSE, token)
    company, _, number = named.rpartition(" ") if isinstance(named, str) else ("", "", "")
    async with site.store.read() as connection:
        person = (await load_people(connection, [company])).get(company)
        known = await feed_of(connection, company) if person is not None else None
        if person is None or known is None or str(known.number) != number or not _open(person):
            raise HTTPException(404)
        lines, ahead = await lines_for(connection, company), await ahead_for(connection, company)
    name = site.pages.words[person.language]["works"]["calendar"]["name"].format(company=person.name)
    entries = [*(_visit(site, person, line) for line in lines), *(_later(site, person, one) for one in ahead)]
    file = feed(name, entries, known.made_at)
    tag = f'"{hashlib.sha256(file).hexdigest()[:32]}"'
    seen = [given.strip().removeprefix("W/") for given in request.headers.get("if-none-match", "").split(",")]
    if tag in seen or "*" in seen:
        return Response(status_code=304, headers=HEADERS | {"etag": tag})
    return Response(file, media_type="text/calendar; charset=utf-8", headers=HEADERS | {"etag": tag})


def address_of(site: Site, company: str, known: Feed) -> str:
    token = site.links.token(PURPOSE, f"{company} {known.number}")
    return f"{site.public_url.rstrip('/')}/calendar/{token}.ics"


def _open(person: Person) -> bool:
    return person.role is Role.SERVICER and person.active


def _visit(site: Site, person: Person, line: Line) -> Entry:
    fixed = line.visit_on is not None and line.reported_on is None
    words = site.renderer.catalogue.words[person.language]
    what = words["dot"].join(words["occasion"].get(kind, kind) for kind in line.kinds)
    summary = _summary(site, person, (line.owner, line.house_id, what), fixed=fixed)
    place = " ".join(filter(None, (line.town, forms(person.language, words)["areas"](line.areas))))
    return Entry(f"{line.case_id}@engawa", line.on, summary, place, line.round, fixed)


def _later(site: Site, person: Person, one: Ahead) -> Entry:
    words = site.renderer.catalogue.words[person.language]
    summary = _summary(site, person, (one.owner, one.house_id, words["occasion"]["inspection"]), fixed=False)
    place = " ".join(filter(None, (one.town, forms(person.language, words)["areas"](one.areas))))
    return Entry(f"{one.house_id}-next@engawa", one.on, summary, place)


def _summary(site: Site, person: Person, of: tuple[str, str, str], *, fixed: bool) -> str:
    owner, house, what = of
    said = site.pages.words[person.language]["works"]
    named = said["owner"].format(owner=owner) if owner else ""
    return str(said["calendar"]["visit" if fixed else "due"].format(owner=named, house=house, what=what)).strip()
