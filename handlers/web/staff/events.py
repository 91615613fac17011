"""Earthquakes and storms: what was told, what the staff decide, and one list of houses, the most urgent first."""

import csv
from collections.abc import AsyncIterator, Mapping, Sequence
from io import StringIO

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response, StreamingResponse

from bot.core.action import Action
from bot.core.event import OtherHazardError, strongest_first
from bot.intake.bulletin import LARGEST, BulletinError, read_bulletin
from handlers.events import CANCEL, VERBS
from handlers.web.staff.acting import act, back
from handlers.web.staff.entrance import StaffHere
from handlers.web.staff.looking import saw
from handlers.web.staff.session import Session, answered
from storage.bulletins import take_bulletin
from storage.desk import names_of, phones_of
from storage.event_list import PAGE, Line, lines_of
from storage.events import count_concerned, counts_of, event_of, latest_events, load_event
from storage.people import first_owners

routes = APIRouter(include_in_schema=False)
PATH = "/staff/events"
COLUMNS = (
    *("urgency", "house", "municipality", "felt", "outside", "inside", "sticker", "owner", "phone", "servicer"),
    *("mandate", "case", "holder", "reason", "next"),
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would work out instead of showing it


@routes.get(PATH)
async def show_all(session: StaffHere, said: str = "", refused: str = "") -> HTMLResponse:
    async with session.site.store.read() as connection:
        events = [event_of(row) for row in await latest_events(connection)]
    told = refused if refused in session.site.pages.words[session.language]["staff"]["events"]["refused"] else ""
    return session.page("events", events=events, refused=told, answered=await answered(session, said))


@routes.post(PATH)
async def take_in(request: Request, session: StaffHere) -> Response:
    """A bulletin of the agency as a file: it only proposes."""
    form = await session.posted(request)
    site = session.site
    try:
        bulletin = read_bulletin(form.files[0][: LARGEST + 1] if form.files else b"")
        async with site.store.write() as connection:
            event = await take_bulletin(connection, site.store.pins, bulletin, site.now(), session.person.id)
    except BulletinError:
        return Response(status_code=303, headers={"location": f"{PATH}?refused=unread"})
    except OtherHazardError:
        return Response(status_code=303, headers={"location": f"{PATH}?refused=other"})
    except ValueError:
        return Response(status_code=303, headers={"location": f"{PATH}?refused=ahead"})
    return back(f"{PATH}/{(event.id if event else bulletin.event)}")


@routes.get(PATH + "/{event_id}")
async def show(session: StaffHere, event_id: str, said: str = "", page: int = 0) -> HTMLResponse:
    after = max(0, min(page, 10_000)) * PAGE
    async with session.site.store.read() as connection:
        event = await load_event(connection, event_id)
        if event is None:
            raise HTTPException(404)
        count = await count_concerned(connection, event, event.bulletin.areas)
        counts, lines = await counts_of(connection, event_id), await lines_of(connection, event_id, after, PAGE + 1)
        names = await names_of(connection, {line.holder for line in lines} | {_firm(line) for line in lines})
    await saw(session, [(line.house_id, "") for line in lines[:PAGE]])
    return session.page(
        "event",
        event=event,
        count=count,
        counts=counts,
        lines=lines[:PAGE],
        more=len(lines) > PAGE,
        page=page,
        names=names,
        strongest=next(iter(strongest_first(event.bulletin.areas).values()), ""),
        answered=await answered(session, said),
    )


@routes.post(PATH + "/{event_id}")
async def decide(request: Request, session: StaffHere, event_id: str) -> Response:
    form = await session.posted(request)
    verb, version = form.text("verb"), form.text("version")
    if verb not in VERBS or (verb == CANCEL and not form.text("sure")):
        raise HTTPException(400)
    return back(f"{PATH}/{event_id}", await act(session, form, Action(verb, arg=f"{event_id}={version}")))


@routes.get(PATH + "/{event_id}/list.csv")
async def as_csv(session: StaffHere, event_id: str) -> Response:
    """The whole list for a spreadsheet, read a page at a time."""
    async with session.site.store.read() as connection:
        if await load_event(connection, event_id) is None:
            raise HTTPException(404)
    way = {"content-disposition": 'attachment; filename="houses.csv"'}
    return StreamingResponse(_csv(session, event_id), media_type="text/csv; charset=utf-8", headers=way)


async def _csv(session: Session, event_id: str) -> AsyncIterator[str]:
    words = session.site.pages.words[session.language]["staff"]["events"]
    yield "\ufeff" + _written([[words["columns"][name] for name in COLUMNS]])  # so that a spreadsheet reads UTF-8
    after = 0
    while True:
        async with session.site.store.read() as connection:
            lines = await lines_of(connection, event_id, after)
            owners = await first_owners(connection, [line.house_id for line in lines])
            people = {*owners.values(), *(line.holder for line in lines), *map(_firm, lines)}
            names, phones = await names_of(connection, people), await phones_of(connection, set(owners.values()))
        if not lines:
            return
        await saw(session, [(line.house_id, owners.get(line.house_id, "")) for line in lines])
        yield _written([_row(session, line, (owners.get(line.house_id, ""), names, phones)) for line in lines])
        after += len(lines)


def _row(session: Session, line: Line, known: tuple[str, Mapping[str, str], Mapping[str, str]]) -> list[str]:
    owner, names, phones = known
    words = session.site.renderer.catalogue.words[session.language]
    seen = session.site.pages.words[session.language]["staff"]["events"]["seen"]
    return [
        words["found"][line.found],
        line.house_id,
        line.municipality,
        line.level,
        *(seen.get(line.answers[name], "") for name in ("outside", "inside", "sticker")),
        names.get(owner, ""),
        phones.get(owner, ""),
        names.get(_firm(line), line.servicer_id),
        seen["yes" if line.mandated else "no"],
        line.case_id,
        names.get(line.holder) or line.holder,
        words["reasons"].get(line.reason, line.reason),
        line.next_on.isoformat() if line.next_on else "",
    ]


def _written(rows: Sequence[Sequence[str]]) -> str:
    out = StringIO()
    csv.writer(out).writerows([[_harmless(cell) for cell in row] for row in rows])
    return out.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _firm(line: Line) -> str:
    return f"servicer:{line.servicer_id}"
