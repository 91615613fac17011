"""Companies about which something is worrying, the worst first, each with its reasons, its holder and its next day."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from bot.core.signs import worth
from handlers.web.staff.acting import back
from handlers.web.staff.entrance import StaffHere
from handlers.web.staff.looking import saw
from storage.desk import names_of, phones_of
from storage.watches import Look, settle, take, watched

routes = APIRouter(include_in_schema=False)
DO: dict[str, Callable[..., Awaitable[bool]]] = {"take": take, "settle": settle}


@routes.get("/staff/companies")
async def show(session: StaffHere) -> HTMLResponse:
    async with session.site.store.read() as connection:
        found = sorted(await watched(connection), key=lambda one: (-worth(one.watch.signs), one.servicer_id))
        names = await names_of(connection, {one.watch.holder for one in found})
        phones = await phones_of(connection, {f"servicer:{one.servicer_id}" for one in found})
    await saw(session, [("", f"servicer:{one.servicer_id}") for one in found])
    return session.page("companies", companies=found, names=names, phones=phones)


@routes.post("/staff/companies/{servicer_id}")
async def do(request: Request, session: StaffHere, servicer_id: str) -> Response:
    """One of the staff takes it up, or has looked into it: facts of the installation's own chain."""
    form, site = await session.posted(request), session.site
    act = DO.get(form.text("how"))
    if act is None:
        raise HTTPException(400)
    async with site.store.write() as connection:
        await act(connection, site.store.pins.seal, Look(servicer_id, session.person.id, site.now()))
    return back("/staff/companies")
