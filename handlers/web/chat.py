"""A person's own page: the talk so far, and every way to answer. Showing it changes nothing."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from bot.core.access import said_of
from bot.core.action import read_action
from bot.core.days import civil
from bot.core.people import Person, Role
from bot.core.visit import calendar_file
from handlers.web.forms import stamp
from handlers.web.introduce import Wanted, wanted_from
from handlers.web.lapsed import concerned, lapsed_page, told_lines
from handlers.web.notice import notices_due
from handlers.web.press import agreeing, menu
from handlers.web.report import Due, reports_due
from handlers.web.site import Site, SiteHere, page
from handlers.web.talk import Bubble, Talk, bubbles, live, rendered, still_theirs
from handlers.web.visitor import Visitor, visitor_of
from storage.chat import own_lines, standings, unconsented
from storage.concern import still_theirs as theirs_of
from storage.concern import talk_of
from storage.recorded import Recorded, recorded

routes = APIRouter(include_in_schema=False)
NOTES = frozenset({"empty", "type", "large", "unkept", "unknown"})
FILE_HEADERS = {"content-security-policy": "default-src 'none'; sandbox"}
SHOWN_IN_PAGE = "image/"


@dataclass(frozen=True, slots=True)
class Asked:
    """The answer that a mail's button chose. ``state``: open, over, or unknown where the message has no such answer."""

    state: str
    action: str = ""
    label: str = ""
    row_id: int = 0


@dataclass(frozen=True, slots=True)
class View:
    """What a page shows, read in one go."""

    talk: Talk
    bubbles: Sequence[Bubble]
    houses: Sequence[str]  # for which the consents are missing
    asked: Asked | None
    recorded: Recorded
    reports: Sequence[Due] = ()
    wanted: Sequence[Wanted] = ()  # houses for which an association is asked for a company
    notices: Sequence[str] = ()  # houses for which one is to be filed

    @property
    def newest(self) -> str:
        """The bubble at which the newest message begins; it may have several parts."""
        if not self.bubbles:
            return ""
        last = self.bubbles[-1]
        return next(one.id for one in self.bubbles if one is last or (last.row_id and one.row_id == last.row_id))

    @property
    def cursor(self) -> str:
        """The same while nothing that the page shows has changed."""
        shown = [(b.id, b.buttons, b.heard.state if b.heard else "") for b in self.bubbles]
        return hashlib.sha256(repr((shown, self.houses, self.reports, self.notices, self.wanted)).encode()).hexdigest()[
            :16
        ]


@routes.get("/c/{token}")
async def show(site: SiteHere, token: str, answer: str = "", note: str = "") -> HTMLResponse:
    async with site.store.read() as connection:
        visitor = await visitor_of(connection, site.links, token, site.now())
        if visitor.lapsed:
            return await lapsed_page(connection, site, visitor)
        view = await view_of(connection, site, visitor, answer)
    return chat_page(site, visitor, view, note)


@routes.get("/c/{token}/news")
async def news(site: SiteHere, token: str, after: str = "") -> Response:
    """The page again if anything on it has changed; 204 if not."""
    async with site.store.read() as connection:
        visitor = await visitor_of(connection, site.links, token, site.now())
        if visitor.lapsed:
            raise HTTPException(404)
        view = await view_of(connection, site, visitor)
    return Response(status_code=204) if view.cursor == after else chat_page(site, visitor, view, "")


@routes.get("/c/{token}/files/{ref:path}")
async def sent_file(site: SiteHere, token: str, ref: str) -> Response:
    """A file that this person sent; a company sees those that stand in its talk."""
    async with site.store.read() as connection:
        visitor = await visitor_of(connection, site.links, token, site.now())
        person = visitor.person
        talk = await _talk(connection, site, person) if person.role is Role.SERVICER else None
    if talk is not None and ref not in talk.files:
        raise HTTPException(404)
    if visitor.lapsed or not site.files.belongs_to(visitor.person.id, ref):
        raise HTTPException(404)
    return await file_response(site, ref)


@routes.get("/c/{token}/visits/{part}.ics")
async def visit_file(site: SiteHere, token: str, part: str) -> Response:
    """The calendar file of a visit that was told here."""
    async with site.store.read() as connection:
        visitor = await visitor_of(connection, site.links, token, site.now())
        talk = await _talk(connection, site, visitor.person)
    told = next((each for each in talk.parts if each.id == part and each.message.visit), None)
    if visitor.lapsed or told is None or told.message.visit is None:
        raise HTTPException(404)
    file = calendar_file(told.message.visit, told.told.at)
    way = {"content-disposition": 'attachment; filename="visit.ics"'}
    return Response(file, media_type="text/calendar; charset=utf-8", headers=FILE_HEADERS | way)


async def file_response(site: Site, ref: str) -> Response:
    """Content by its own type; only pictures are shown in the browser."""
    found = await site.files.read(ref)
    if found is None:
        raise HTTPException(404)
    data, media_type = found
    way = "inline" if media_type.startswith(SHOWN_IN_PAGE) else f'attachment; filename="{ref[-8:]}"'
    return Response(data, media_type=media_type, headers=FILE_HEADERS | {"content-disposition": way})


async def _talk(connection: AsyncConnection, site: Site, person: Person) -> Talk:
    """What was said; to a company only of the houses that it looks after now."""
    talk = rendered(site.renderer, person, await own_lines(connection, person.id))
    if person.role is not Role.SERVICER:
        return talk
    named = set().union(*(said_of(part.raw) for part in talk.parts), talk.houses.values())
    return still_theirs(talk, await theirs_of(connection, person.id, named))


async def view_of(connection: AsyncConnection, site: Site, visitor: Visitor, answer: str = "") -> View:
    person = visitor.person
    talk = await _talk(connection, site, person)
    question = (await talk_of(connection, person.id)).question
    alive = live(talk, await standings(connection, talk.case_ids), question)
    is_owner = person.role is Role.OWNER
    houses = await unconsented(connection, person.id, civil(site.now())) if is_owner else []
    asked = _asked(site, visitor, talk, alive, answer) if answer else None
    told = Recorded((), {})
    if asked is not None and asked.state == "over":
        told = await recorded(connection, await concerned(connection, visitor))
    reports = await reports_due(connection, person.id, civil(site.now())) if is_owner else []
    notices = await notices_due(connection, person.id, civil(site.now())) if is_owner else []
    wanted = await wanted_from(connection, person.id) if person.role is Role.SERVICER else []
    return View(talk, bubbles(talk, alive), houses, asked, told, reports, wanted, notices)


def _asked(site: Site, visitor: Visitor, talk: Talk, alive: frozenset[str], answer: str) -> Asked:
    row, person = visitor.row, visitor.person
    message = site.renderer.render(row.parts, row.language, person.name) if row is not None and row.parts else None
    offered = {button.action: button.label for button in message.buttons} if message else {}
    if row is None or answer not in offered:
        return Asked("unknown")
    standing = (button.action for part in talk.parts if part.id in alive for button in part.message.buttons)
    still = _any_time(answer) or answer in standing
    return Asked("open" if still else "over", answer, offered[answer], row.id)


def _any_time(answer: str) -> bool:
    """Who wants to talk to somebody may say so under a message of long ago."""
    action = read_action(answer)
    return action is not None and action.verb == "human"


def chat_page(site: Site, visitor: Visitor, view: View, note: str) -> HTMLResponse:
    person, words = visitor.person, site.renderer.catalogue.words[visitor.person.language]
    said = site.pages.words[person.language]["chat"]
    consent = site.consent[person.language]
    return page(
        site,
        "chat",
        person.language,
        visitor=visitor,
        view=view,
        note=note if note in NOTES else "",
        stamp=stamp(site.links, person.id),
        menu=menu(person, said["menu"], words["channels"]),
        consent=consent,
        agreeing=agreeing(person, consent.version, said["consent"]),
        recorded=told_lines(site, person.language, view.recorded),
        files_at=f"{visitor.path}/files/",
        visits_at=f"{visitor.path}/visits/",
        here=site.channel,
        linked_elsewhere=bool(site.inviting),
        owns=person.role is Role.OWNER,
    )
