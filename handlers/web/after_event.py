"""A company's own houses after an earthquake or a storm, the most urgent first."""

from datetime import timedelta

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.core.people import Role
from handlers.web.lapsed import lapsed_page
from handlers.web.site import SiteHere, page
from handlers.web.visitor import visitor_of
from storage.desk import names_of
from storage.event_list import lines_for
from storage.people import first_owners

routes = APIRouter(include_in_schema=False)
LATELY = timedelta(days=60)  # for so long an event's houses are shown


@routes.get("/c/{token}/houses")
async def show(site: SiteHere, token: str) -> Response:
    async with site.store.read() as connection:
        visitor = await visitor_of(connection, site.links, token, site.now())
        if visitor.lapsed:
            return await lapsed_page(connection, site, visitor)
        if visitor.person.role is not Role.SERVICER:
            raise HTTPException(404)
        servicer_id = visitor.person.id.partition(":")[2]
        lines = await lines_for(connection, servicer_id, site.now() - LATELY)
        owners = await first_owners(connection, [line.house_id for line in lines])
        names = await names_of(connection, set(owners.values()))
    named = {house: names.get(owner, "") for house, owner in owners.items()}
    return page(site, "after_event", visitor.person.language, visitor=visitor, lines=lines, owners=named)
