"""What a paper says that the law's list asks for: keyed in by the staff, with the paper's kind and its date."""

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from bot.core.days import civil
from bot.core.statements import Line, Stated, in_force
from handlers.web.staff.acting import back
from handlers.web.staff.entrance import StaffHere
from handlers.web.staff.session import Session
from handlers.web.statement_form import Form, keep_statement, opened, read_statement
from storage.desk import names_of
from storage.households import lock_houses
from storage.statements import stated_at

routes = APIRouter(include_in_schema=False)


@routes.get("/staff/houses/{house_id}/statements")
async def show(session: StaffHere, house_id: str, line: str = "", corrects: str = "") -> HTMLResponse:
    async with session.site.store.read() as connection:
        found = await _found(connection, house_id)
        form = opened(found, line, corrects, session.person.id)
        return await _page(connection, session, found, form)


@routes.post("/staff/houses/{house_id}/statements")
async def tell(request: Request, session: StaffHere, house_id: str) -> Response:
    form, site = await session.posted(request), session.site
    async with site.store.write() as connection:
        await lock_houses(connection, [house_id])
        found = await _found(connection, house_id)
        sent = read_statement(form, found, session.person.id, civil(site.now()))
        if sent is None:
            raise HTTPException(400)
        if sent.wrong:
            return await _page(connection, session, found, sent)
        await keep_statement(connection, site, found, sent)
    return back(f"/staff/houses/{house_id}/statements")


async def _found(connection: AsyncConnection, house_id: str) -> Stated:
    found = await stated_at(connection, house_id)
    if found is None:
        raise HTTPException(404)
    return found


async def _page(connection: AsyncConnection, session: Session, found: Stated, form: Form | None) -> HTMLResponse:
    standing = in_force(found.kept)
    return session.page(
        "statements",
        422 if form is not None and form.wrong else 200,
        house=found.house_id,
        standing=standing,
        free={one.number for one in standing},
        people=await names_of(connection, {one.source.told_by for one in standing}),
        lines=list(Line),
        named=session.site.spoken[session.language].said["codes"],
        form=form,
    )
