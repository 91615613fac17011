"""The staff's list: everything that waits for a person, each with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from handlers.web.forms import row_number
from handlers.web.staff.acting import back
from handlers.web.staff.entrance import StaffHere
from handlers.web.staff.session import answered
from storage.desk import active_pauses, find_houses, gaps, laid_aside, names_of, unknown_messages, waiting_cases
from storage.events import event_of, latest_events
from storage.letters import unposted
from storage.restored import restored
from storage.sheets import count_photos
from storage.unsure import settle_event, settle_unknown

routes = APIRouter(include_in_schema=False)


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
async def show(session: StaffHere, said: str = "") -> HTMLResponse:
    site = session.site
    async with site.store.read() as connection:
        cases = await waiting_cases(connection)
        unknown, aside = await unknown_messages(connection), await laid_aside(connection)
        letters, pauses = await unposted(connection), await active_pauses(connection, site.now())
        state, lists = await restored(connection), await count_photos(connection)
        told = [event_of(row) for row in await latest_events(connection)]
        holders = {case.holder for case in cases} | ({state.holder} if state is not None else set())
        names = await names_of(connection, holders | {row.person_id for row in unknown})
    return session.page(
        "desk",
        cases=cases,
        names=names,
        unknown=[_unsure(session, row, names) for row in unknown],
        aside=[_aside(row.id, row.channel, row.received_at, row.raw, row.error) for row in aside],
        letters=len(letters),
        lists=lists,
        pauses=pauses,
        restored=state,
        events=[event for event in told if event.undecided],
        answered=await answered(session, said),
    )


@routes.get("/staff/gaps")
async def missing(session: StaffHere) -> HTMLResponse:
    """What is missing about houses; it looks at all of them, so it has a page of its own."""
    async with session.site.store.read() as connection:
        found = await gaps(connection)
        names = await names_of(connection, {person_id for _, person_id in found.no_channel})
    draft = next((text for text in session.site.consent.values() if text.draft), None)
    return session.page("gaps", gaps=found, names=names, draft=draft)


@routes.get("/staff/find")
async def find(session: StaffHere, q: str = "") -> HTMLResponse:
    wanted = q.strip()[:80]
    async with session.site.store.read() as connection:
        found = await find_houses(connection, wanted) if wanted else []
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
    return back("/staff/")


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
    return back("/staff/")


def _unsure(session: StaffHere, row: Any, names: Mapping[str, str]) -> Unsure:
    renderer = session.site.renderer
    titles = [renderer.part(part, session.language, names.get(row.person_id, "")).title for part in row.parts]
    return Unsure(row.id, row.person_id, row.channel, titles, row.send_at)


def _aside(row_id: int, channel: str, at: datetime, raw: Mapping[str, Any], error: str) -> Aside:
    text = str(raw.get("text") or raw.get("label") or raw.get("action") or "")
    return Aside(row_id, channel, at, text, error)
