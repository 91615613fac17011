"""Who of the staff is away, and who stands in: entered by oneself, or for anybody by a supervisor."""

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from bot.core.absence import Absence
from bot.core.days import civil
from bot.core.rights import Right
from handlers.web.staff.acting import back, day_in
from handlers.web.staff.entrance import StaffHere
from handlers.web.staff.session import Session
from storage.absences import AbsenceError, cover_all, end, enter, open_absences
from storage.away import away_now
from storage.transfers import staff_members

routes = APIRouter(include_in_schema=False)
PATH = "/staff/away"


@routes.get("/staff/away")
async def show(session: StaffHere, wrong: str = "") -> HTMLResponse:
    async with session.site.store.read() as connection:
        absences = await open_absences(connection)
        team, away = await staff_members(connection), await away_now(connection)
    today = civil(session.site.now())
    codes = session.site.pages.words[session.language]["staff"]["away"]["wrong"]
    return session.page(
        "away",
        absences=list(absences.values()),
        standing={one.person for one in absences.values() if one.stands(today)} | set(away),
        team=team,
        whose=team if _for_others(session) else {id: name for id, name in team.items() if id == session.person.id},
        for_others=_for_others(session),
        wrong=wrong if wrong in codes else "",
    )


@routes.post("/staff/away")
async def keep(request: Request, session: StaffHere) -> Response:
    """They are away; what they hold goes to who stands in at once, if that is today."""
    form, site = await session.posted(request), session.site
    person = form.text("person") or session.person.id
    _may(session, person)
    first, last = day_in(form, "from"), day_in(form, "until")
    if first is None or last is None:
        return _wrong("days")
    absence = Absence(person, first, last, form.text("substitute")[:80])
    try:
        async with site.store.write() as connection:
            await enter(connection, site.store.pins.seal, absence, session.person.id, site.now())
    except AbsenceError as error:
        return _wrong(str(error))
    await cover_all(site.store, site.now())
    return back(PATH)


@routes.post("/staff/away/end")
async def came_back(request: Request, session: StaffHere) -> Response:
    """They are back, or do not go after all. What went to others stays with them."""
    person, site = (await session.posted(request)).text("person"), session.site
    _may(session, person)
    async with site.store.write() as connection:
        await end(connection, site.store.pins.seal, person, session.person.id, site.now())
    return back(PATH)


def _for_others(session: Session) -> bool:
    return Right.ASSIGN in session.rights


def _may(session: Session, person_id: str) -> None:
    """Oneself; a supervisor anybody, for who is ill enters nothing."""
    if person_id != session.person.id and not _for_others(session):
        raise HTTPException(403, f"right: {Right.ASSIGN}")


def _wrong(code: str) -> Response:
    return Response(status_code=303, headers={"location": f"{PATH}?wrong={code}"})
