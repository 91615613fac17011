"""Handovers of all houses of a company: looked through house by house, changed, and signed by a supervisor."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from bot.core.days import civil
from bot.core.people import servicer_key
from handlers.web.forms import row_number
from handlers.web.staff.acting import back
from handlers.web.staff.entrance import StaffHere
from handlers.web.staff.looking import saw
from storage import handovers
from storage.desk import names_of
from storage.reviews import (
    Chosen,
    HandoverError,
    approve,
    choose,
    could_be_asked,
    drop,
    known_handover,
    prepare_again,
    row_in_review,
)

routes = APIRouter(include_in_schema=False)
PAGE = 50
PATH = "/staff/handovers"


@routes.get("/staff/handovers")
async def show_all(session: StaffHere) -> HTMLResponse:
    """All of them, the newest first: companies that close are few."""
    async with session.site.store.read() as connection:
        found = await handovers.all_handovers(connection)
        firms = {servicer_key(row.servicer_id) for row in found}
        names = await names_of(connection, firms)
    await saw(session, [("", firm) for firm in sorted(firms)])
    return session.page("handovers", handovers=found, names=names)


@routes.get("/staff/handovers/{handover}")
async def show(session: StaffHere, handover: str, after: str = "", wrong: str = "") -> HTMLResponse:
    """A page of its houses, each with who is proposed and why."""
    number = row_number(handover)
    async with session.site.store.read() as connection:
        row = await _known(connection, number)
        houses = await handovers.rows_of(connection, number, after[:64], PAGE)
        companies = await handovers.companies(connection, number)
        seen = {servicer_key(row.servicer_id), row.approved_by, *(company for company, _ in companies)}
        seen |= {one.candidate_id for one in houses} | {one.asked_now or "" for one in houses}
        seen |= {one.holder or "" for one in houses} | {servicer_key(one.servicer_id or "") for one in houses}
        came = await handovers.left_out(connection, number, row.servicer_id) if _open(row) else 0
        again = await _may_be_again(connection, row)
        names = await names_of(connection, seen)
    await saw(session, [(one.house_id, one.candidate_id or "") for one in houses])
    return session.page(
        "handover",
        handover=row,
        houses=houses,
        companies=companies,
        names=names,
        open=_open(row),
        came=came,
        again=again,
        more=houses[-1].house_id if len(houses) == PAGE else "",
        wrong=wrong if wrong in session.site.pages.words[session.language]["staff"]["handover"]["wrong"] else "",
    )


@routes.post("/staff/handovers/{handover}/sign")
async def sign(request: Request, session: StaffHere, handover: str) -> Response:
    """The signature under all of it. A door of its own right, and looked at again where it is written down."""
    form, site, number = await session.posted(request), session.site, row_number(handover)
    if form.text("sure") != "1":
        return back_to(number, "sure")
    try:
        await approve(site.store, number, session.person.id, site.now())
    except HandoverError as error:
        return back_to(number, error.code)
    return back(f"{PATH}/{number}")


@routes.post("/staff/handovers/{handover}/again")
async def again(request: Request, session: StaffHere, handover: str) -> Response:
    """Prepared anew by the next round, then to be looked through and signed like any other."""
    site, number = session.site, row_number(handover)
    await session.posted(request)
    try:
        fresh = await prepare_again(site.store, number, session.person.id, site.now())
    except HandoverError as error:
        return back_to(number, error.code)
    return back(f"{PATH}/{fresh}")


@routes.post("/staff/handovers/{handover}/drop")
async def drop_it(request: Request, session: StaffHere, handover: str) -> Response:
    """What nobody has signed can be dropped at the console; what was signed, by the command alone."""
    site, number = session.site, row_number(handover)
    await session.posted(request)
    try:
        await drop(site.store, number, session.person.id, site.now())
    except HandoverError as error:
        return back_to(number, error.code)
    return back(f"{PATH}/{number}")


@routes.get("/staff/handovers/{handover}/houses/{house_id}")
async def ask(session: StaffHere, handover: str, house_id: str) -> HTMLResponse:
    """Who could be asked about one house, the best first, each with what speaks for it."""
    number, site = row_number(handover), session.site
    async with site.store.read() as connection:
        batch = await _known(connection, number)
        try:
            row = await row_in_review(connection, number, house_id)
        except HandoverError as error:
            raise HTTPException(404) from error
        ranked = await could_be_asked(connection, row, civil(site.now()))
    return session.page("handover_house", handover=batch, row=row, ranked=ranked, open=_open(batch))


@routes.post("/staff/handovers/{handover}/houses/{house_id}")
async def change(request: Request, session: StaffHere, handover: str, house_id: str) -> Response:
    form, site, number = await session.posted(request), session.site, row_number(handover)
    chosen = Chosen(number, house_id, form.text("company")[:80], session.person.id)
    try:
        await choose(site.store, chosen, site.now())
    except HandoverError as error:
        return back_to(number, error.code)
    return back(f"{PATH}/{number}")


def back_to(number: int, wrong: str) -> Response:
    """To its page, which says why it could not be."""
    return Response(status_code=303, headers={"location": f"{PATH}/{number}?wrong={wrong}"})


def _open(row: Any) -> bool:
    return bool(row.state == handovers.PREPARED)


async def _may_be_again(connection: Any, row: Any) -> bool:
    """Whether it was dropped, and nothing stands in its place."""
    standing = await handovers.open_handover(connection, row.servicer_id)
    return row.state == handovers.UNDONE and standing is None


async def _known(connection: Any, number: int) -> Any:
    """404 for one that is not there."""
    try:
        return await known_handover(connection, number)
    except HandoverError as error:
        raise HTTPException(404) from error
