"""A company that an association or an owner named: the staff register it, and it is asked, in one go."""

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from bot.core.action import Action
from bot.core.days import civil
from handlers.web.company_form import FIELDS, Typed, read_company, register
from handlers.web.staff.acting import act, back
from handlers.web.staff.cases import scene_of
from handlers.web.staff.entrance import StaffHere
from storage.intake.batch import Arrival

routes = APIRouter(include_in_schema=False)


@routes.get("/staff/case/{case_id}/company")
async def show(session: StaffHere, case_id: str) -> HTMLResponse:
    async with session.site.store.read() as connection:
        scene = await scene_of(connection, case_id)
    return session.page("register", case=scene.case, typed=Typed(dict.fromkeys(FIELDS, "")))


@routes.post("/staff/case/{case_id}/company")
async def named(request: Request, session: StaffHere, case_id: str) -> Response:
    """It is registered whatever becomes of the asking: a silent company has to be called first, as always."""
    form, site = await session.posted(request), session.site
    typed = read_company(form, civil(site.now()))
    async with site.store.read() as connection:
        scene = await scene_of(connection, case_id)
    if typed.row is None:
        return session.page("register", case=scene.case, typed=typed)
    async with site.store.write() as connection:
        arrival = Arrival(session.person.id, site.now(), civil(site.now()), site.store.pins.seal)
        servicer_id = await register(connection, typed.row, arrival)
    action = Action("assign", case_id, scene.case.round, servicer_id)
    return back(f"/staff/case/{case_id}", await act(session, form, action))
