"""Guarantees that only we or only the guarantor have, and what was told of no house that we know."""

import csv
from collections.abc import AsyncIterator
from io import StringIO

from fastapi import APIRouter
from starlette.responses import HTMLResponse, StreamingResponse

from handlers.web.staff.entrance import StaffHere
from handlers.web.staff.looking import saw
from handlers.web.staff.session import Session
from storage.guarantees import unmatched
from storage.reconciled import COLUMNS, gaps_after

routes = APIRouter(include_in_schema=False)
SHOWN = 100


@routes.get("/staff/guarantees")
async def show(session: StaffHere) -> HTMLResponse:
    async with session.site.store.read() as connection:
        gaps, lost = await gaps_after(connection, limit=SHOWN), await unmatched(connection)
    await saw(session, [(gap.house_id, "") for gap in gaps])
    return session.page("guarantees", gaps=gaps, lost=lost)


@routes.get("/staff/guarantees.csv")
async def save(session: StaffHere) -> StreamingResponse:
    """The whole table, page by page, as spreadsheets open it."""
    name = {"Content-Disposition": 'attachment; filename="guarantees.csv"'}
    return StreamingResponse(_lines(session), media_type="text/csv; charset=utf-8", headers=name)


async def _lines(session: Session) -> AsyncIterator[str]:
    yield "\ufeff" + ",".join(COLUMNS) + "\r\n"
    after = ""
    while True:
        async with session.site.store.read() as connection:
            page = await gaps_after(connection, after)
        if not page:
            return
        await saw(session, [(gap.house_id, "") for gap in page])
        text = StringIO()
        csv.writer(text).writerows((gap.guarantee_no, gap.only_with, gap.house_id, gap.since_on) for gap in page)
        yield text.getvalue()
        after = page[-1].guarantee_no
