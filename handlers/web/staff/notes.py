"""What the staff were told of a house: entered on its page, for an owner who calls, or from the builder's guarantee."""

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.core.days import civil
from handlers.web.note_form import keep_notes, read_notes
from handlers.web.staff.acting import back
from handlers.web.staff.entrance import StaffHere
from storage.households import lock_houses
from storage.notes import noted_at

routes = APIRouter(include_in_schema=False)


@routes.post("/staff/houses/{house_id}/notes")
async def tell(request: Request, session: StaffHere, house_id: str) -> Response:
    form = await session.posted(request)
    site = session.site
    async with site.store.write() as connection:
        await lock_houses(connection, [house_id])
        found = await noted_at(connection, house_id)
        if found is None:
            raise HTTPException(404)
        typed = read_notes(form, found, session.person.id, civil(site.now()))
        if typed.wrong:
            raise HTTPException(400)
        await keep_notes(connection, site, found, typed)
    return back(f"/staff/houses/{house_id}")
