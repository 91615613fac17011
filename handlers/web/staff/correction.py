"""A lapse that was recorded by mistake: one of the staff proposes to take it back, another agrees."""

from dataclasses import replace
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.core.book.standing import position_on
from bot.core.correction import Correction, dropped, lacking, proposed, standing_lapse, undone
from bot.core.days import civil
from bot.core.outcome import Outcome
from bot.core.rights import Right
from bot.core.standing import standing
from handlers.web.staff.acting import back
from handlers.web.staff.entrance import StaffHere
from handlers.web.staff.session import Session
from storage.commit import commit
from storage.households import load_households, lock_houses
from storage.people import has_left_staff, hold_staff
from storage.standing import standing_sources
from storage.view import house_facts

routes = APIRouter(include_in_schema=False)
PROPOSE, AGREE, DROP = "propose", "agree", "drop"


@routes.post("/staff/houses/{house_id}/lapse")
async def decide(request: Request, session: StaffHere, house_id: str) -> Response:
    """404 where no lapse stands, 400 for no step at all."""
    form = await session.posted(request)
    verb, site = form.text("verb"), session.site
    if verb not in (PROPOSE, AGREE, DROP):
        raise HTTPException(400)
    if verb == AGREE and Right.SIGN not in session.rights:
        raise HTTPException(403, f"right: {Right.SIGN}")
    async with site.store.write() as connection:
        await hold_staff(connection, session.person.id)
        if await has_left_staff(connection, session.person.id):
            raise HTTPException(401)
        await lock_houses(connection, [house_id])
        correction = standing_lapse(await house_facts(connection, house_id))
        if correction is None:
            raise HTTPException(404)
        why = lacking(correction, session.person.id, second=verb != PROPOSE) if verb != DROP else ""
        if not why:
            outcome = await _step(connection, session, (house_id, correction), verb)
            await commit(connection, site.store.pins, [outcome], site.now())
    return back(f"/staff/houses/{house_id}" + (f"?{urlencode({'lacking': why})}" if why else ""))


async def _step(connection: AsyncConnection, session: Session, what: tuple[str, Correction], verb: str) -> Outcome:
    house_id, correction = what
    if verb == PROPOSE:
        return proposed(house_id, correction, session.person)
    if verb == DROP:
        return dropped(house_id, correction, session.person)
    now = session.site.now()
    household = (await load_households(connection, [house_id]))[house_id]
    stored = (await standing_sources(connection, [house_id]))[house_id]
    without = replace(position_on(stored, civil(now), civil(now)), lapsed_on=None)
    return undone(household, correction, (session.person, standing(without, civil(now))), now)
