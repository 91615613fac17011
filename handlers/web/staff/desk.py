"""The staff's list: everything that waits for a person, each with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from bot.core.days import civil
from bot.core.people import STAFF_DESK
from bot.core.rights import Right
from bot.core.waiting import Kind, Line, Wanted, read_place
from handlers.web.forms import Posted, row_number
from handlers.web.staff.acting import back
from handlers.web.staff.entrance import StaffHere
from handlers.web.staff.looking import saw
from handlers.web.staff.session import answered
from storage.desk import active_pauses, find_houses, gaps, names_of
from storage.restored import restored
from storage.transfers import staff_members
from storage.troubles import settle_imports
from storage.unsure import settle_event, settle_unknown
from storage.waiting import companies_named, people_in, waiting_page

routes = APIRouter(include_in_schema=False)
PAGE = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks to see, as it was written: whose, why, of which company, only what is overdue."""

    whose: str = ""
    reason: str = ""
    servicer: str = ""
    overdue: str = ""
    after: str = ""
    all: str = ""
    said: str = ""
    did: str = ""  # whether this follows a press on a line

    def query(self, **more: str) -> str:
        """The same address with something else."""
        kept = {"whose": self.whose, "reason": self.reason, "servicer": self.servicer, "overdue": self.overdue}
        return "/staff/?" + urlencode({name: value for name, value in (kept | more).items() if value})


@dataclass(frozen=True, slots=True)
class Unsure:
    """A message whose outcome nobody knows."""

    id: int
    to: str
    channel: str
    titles: Sequence[str]
    since: datetime


@dataclass(frozen=True, slots=True)
class Aside:
    """An event that could not be handled."""

    id: int
    channel: str
    at: datetime
    text: str
    error: str


@routes.get("/staff/")
async def show(session: StaffHere, asked: Annotated[Asked, Depends()]) -> HTMLResponse:
    site = session.site
    async with site.store.read() as connection:
        wanted, unread = await _wanted(connection, session, asked)
        after = read_place(asked.after[:120])
        lines = await waiting_page(connection, wanted, after, site.now(), PAGE)
        pauses, state = await active_pauses(connection, site.now()), await restored(connection)
        team = await staff_members(connection)
        names = await names_of(connection, people_in(lines) | ({state.holder} if state is not None else set()))
    await saw(session, _people_on(lines))
    return session.page(
        "desk",
        lines=[_shown(session, line, names) for line in lines],
        names=names,
        asked=asked,
        unread=unread,
        here=asked.query(),
        more=asked.query(after=str(lines[-1].place)) if len(lines) == PAGE else "",
        team=team,
        gives_all=Right.ASSIGN in session.rights,
        beside=[kind for kind in Kind if kind is not Kind.CASE],
        pauses=pauses,
        restored=state,
        answered=await answered(session, asked.said),
    )


async def _wanted(connection: AsyncConnection, session: StaffHere, asked: "Asked") -> tuple[Wanted, bool]:
    """What somebody asks to see; whether anything of it could not be understood, and so was left out."""
    team = await staff_members(connection)
    whose = {"mine": session.person.id, "nobody": STAFF_DESK}.get(asked.whose, asked.whose)
    known = asked.reason in session.site.renderer.catalogue.words[session.language]["reasons"]
    reason = asked.reason if known or asked.reason in set(Kind) - {Kind.CASE} else ""
    holder = whose if whose in team or whose == STAFF_DESK else ""
    named = asked.servicer.strip()[:80]
    servicers = await companies_named(connection, named) if named else None
    before = civil(session.site.now()) if asked.overdue == "1" else None
    unread = (holder, reason) != (whose, asked.reason) or servicers == () or asked.overdue not in ("", "1")
    return Wanted(holder, reason, servicers or None, before), unread


@routes.get("/staff/gaps")
async def missing(session: StaffHere) -> HTMLResponse:
    """What is missing about houses; it looks at all of them, so it has a page of its own."""
    async with session.site.store.read() as connection:
        found = await gaps(connection)
        names = await names_of(connection, {person_id for _, person_id in found.no_channel})
    await saw(session, found.no_channel)
    draft = next((text for text in session.site.consent.values() if text.draft), None)
    return session.page("gaps", gaps=found, names=names, draft=draft)


@routes.get("/staff/find")
async def find(session: StaffHere, q: str = "") -> HTMLResponse:
    wanted = q.strip()[:80]
    async with session.site.store.read() as connection:
        found = await find_houses(connection, wanted) if wanted else []
    await saw(session, [(house["id"], "") for house in found])
    return session.page("find", wanted=wanted, found=found)


@routes.post("/staff/unknown/{number}")
async def settle_message(request: Request, session: StaffHere, number: str) -> Response:
    form = await session.posted(request)
    site, how = session.site, form.text("how")
    if how not in ("arrived", "again"):
        raise HTTPException(400)
    async with site.store.write() as connection:
        seal, now = site.store.pins.seal, site.now()
        await settle_unknown(connection, seal, row_number(number), how == "arrived", session.person.id, now)
    return _again(form)


@routes.post("/staff/aside/{number}")
async def settle_aside(request: Request, session: StaffHere, number: str) -> Response:
    form = await session.posted(request)
    site, how, row_id = session.site, form.text("how"), row_number(number)
    if how not in ("again", "done"):
        raise HTTPException(400)
    async with site.store.write() as connection:
        seal, now = site.store.pins.seal, site.now()
        changed = await settle_event(connection, seal, row_id, how == "again", session.person.id, now)
    if changed and how == "again":
        await site.receive(row_id)
    return _again(form)


@routes.post("/staff/imports/{company}")
async def settle_files(request: Request, session: StaffHere, company: str) -> Response:
    """The staff have spoken with a company about its files."""
    form, site = await session.posted(request), session.site
    async with site.store.write() as connection:
        await settle_imports(connection, site.store.pins.seal, company[:80], session.person.id, site.now())
    return _again(form)


def list_from(form: Posted) -> str:
    """The list that somebody had before them when they pressed, as they had narrowed it."""
    narrowed = form.text("from")
    return narrowed if narrowed.startswith("/staff/?") and narrowed.isprintable() else "/staff/?"


def _again(form: Posted) -> Response:
    narrowed = list_from(form)
    return back(f"{narrowed}{'' if narrowed.endswith('?') else '&'}did=1")


def _people_on(lines: Sequence[Line]) -> list[tuple[str, str]]:
    """Whom the list calls by name, or quotes; of a case it shows the number alone."""
    unsure = [line.what.person_id for line in lines if line.kind is Kind.UNKNOWN]
    waits = [line.what["person"] for line in lines if line.kind is Kind.LINK]
    wrote = [line.what.person_id for line in lines if line.kind is Kind.ASIDE and line.what.person_id]
    return [("", person) for person in (*unsure, *waits, *wrote)]


def _shown(session: StaffHere, line: Line, names: Mapping[str, str]) -> Line:
    """The line with what its row says, made readable."""
    if line.kind is Kind.UNKNOWN:
        return replace(line, what=_unsure(session, line.what, names))
    if line.kind is Kind.ASIDE:
        row = line.what
        return replace(line, what=_aside(row.id, row.channel, row.received_at, row.raw, row.error))
    return line


def _unsure(session: StaffHere, row: Any, names: Mapping[str, str]) -> Unsure:
    renderer = session.site.renderer
    titles = [renderer.part(part, session.language, names.get(row.person_id, "")).title for part in row.parts]
    return Unsure(row.id, row.person_id, row.channel, titles, row.send_at)


def _aside(row_id: int, channel: str, at: datetime, raw: Mapping[str, Any], error: str) -> Aside:
    text = str(raw.get("text") or raw.get("label") or raw.get("action") or "")
    return Aside(row_id, channel, at, text, error)
