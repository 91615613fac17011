"""What people are asked to agree to, for everybody to read: the text in force and every version before it."""

import asyncio

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import Response

from handlers.web.chat import FILE_HEADERS
from handlers.web.site import SiteHere, page
from templates.contract import OF_OWNERS, Contract, contract, versions
from templates.paper.contract import contract_pdf

routes = APIRouter(include_in_schema=False)


@routes.get("/contracts/{language}/{name}")
@routes.get("/contracts/{language}/{name}/{version}")
async def show(site: SiteHere, language: str, name: str, version: str = "") -> Response:
    text = _found(language, name, version)
    others = [one for one in versions(name, language) if one.version != text.version]
    return page(site, "contract", language, text=text, others=others, names=OF_OWNERS)


@routes.get("/contracts/{language}/{name}/{version}/text.pdf")
async def paper(site: SiteHere, language: str, name: str, version: str) -> Response:
    text = _found(language, name, version)
    way = {"content-disposition": f'inline; filename="{text.name}-{text.version}.pdf"'}
    pdf = await asyncio.to_thread(contract_pdf, text)
    return Response(pdf, media_type="application/pdf", headers=FILE_HEADERS | way)


def _found(language: str, name: str, version: str) -> Contract:
    """404 for what there is not, and for what only companies conclude."""
    try:
        return contract(name if name in OF_OWNERS else "", language, version)
    except KeyError:
        raise HTTPException(404) from None
