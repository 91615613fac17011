"""The leaflet that a company prints for its customers; what it says of anybody is the company's own name."""

import asyncio

from fastapi import APIRouter
from starlette.responses import Response

from handlers.web.begin import leaflet_address
from handlers.web.chat import FILE_HEADERS
from handlers.web.lapsed import lapsed_page
from handlers.web.site import SiteHere
from handlers.web.visitor import visitor_of
from handlers.web.works import company_of
from storage.beginnings import SERVICER
from templates.paper.leaflet import Leaflet, leaflet

routes = APIRouter(include_in_schema=False)


@routes.get("/c/{token}/leaflet.pdf")
async def show(site: SiteHere, token: str) -> Response:
    async with site.store.read() as connection:
        visitor = await visitor_of(connection, site.links, token, site.now())
        if visitor.lapsed:
            return await lapsed_page(connection, site, visitor)
    company, person = company_of(visitor), visitor.person
    url = leaflet_address(site.links, site.public_url, SERVICER, company.partition(":")[2])
    pdf = await asyncio.to_thread(leaflet, Leaflet(SERVICER, person.name, "ja", site.office, url))
    way = {"content-disposition": 'inline; filename="leaflet.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=FILE_HEADERS | way)
