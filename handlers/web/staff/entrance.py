"""The doors of the console: who is there, what each door asks of them, and that somebody looked.

Every page that shows houses or people is a look on record, with who and why. At a case the case is why; at a house or a
person with nothing on the staff's list, they are asked.
"""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.exceptions import HTTPException

from bot.core.people import Person, Role
from bot.core.rights import Right
from handlers.web.site import site_of
from handlers.web.staff.looking import look
from handlers.web.staff.session import Session
from storage.people import load_people
from storage.sessions import session_at

COOKIE = "engawa_staff"
# A door that is not named asks for SEE to look, and for ACT to do something.
DOORS: Mapping[str, Right | None] = {
    "/staff/leave": None,
    "/staff/me": None,
    "/staff/me/sessions": None,
    "/staff/why": Right.SEE,
    "/staff/pause": Right.PAUSE,
    "/staff/resume": Right.PAUSE,
    "/staff/handovers/{handover}/sign": Right.SIGN,
    "/staff/looks": Right.AUDIT,
    "/staff/team": Right.MANAGE,
    "/staff/case/{case_id}/company": Right.ACT,
}


async def session_of(request: Request) -> Session:
    """Whoever is signed in and may come in here; 401 for a stranger, 403 for who may not. A look is put on record."""
    session = await signed_in(request)
    looks = request.method in ("GET", "HEAD")
    right = DOORS.get(session.door, Right.SEE if looks else Right.ACT)
    if right is not None and right not in session.rights:
        raise HTTPException(403, f"right: {right}")
    if looks and right is Right.SEE:
        await look(session, request)
    return session


async def signed_in(request: Request) -> Session:
    """Whoever is signed in; 401 for anybody else."""
    site = site_of(request)
    async with site.store.read() as connection:
        found = await session_at(connection, request.cookies.get(COOKIE, ""), site.now())
        person = await staff_member(connection, found[1]) if found is not None else None
    if found is None or person is None:
        raise HTTPException(401)
    door = getattr(request.scope.get("route"), "path", "")
    return Session(site, person, found[0], request.url.path, door)


StaffHere = Annotated[Session, Depends(session_of)]


async def staff_member(connection: AsyncConnection, person_id: str) -> Person | None:
    """Somebody of the staff who is at work, by their id."""
    if not person_id.startswith(f"{Role.STAFF}:"):
        return None
    person = (await load_people(connection, [person_id])).get(person_id)
    return person if person is not None and person.active else None
