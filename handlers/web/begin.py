"""Where the code on a leaflet leads: an owner gives the house's number and the code that we sent to them alone.

The leaflet names a company and no owner. What does not belong together is answered alike, whatever of it exists.
"""

import unicodedata
from dataclasses import asdict, dataclass, replace

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.core.link_code import read_code
from bot.core.links import PERSON, Links
from handlers.web.forms import posted, stamp
from handlers.web.site import Site, SiteHere, language_of, page
from storage.beginnings import company_named, owner_who_has
from storage.misses import missed, rest_of_misses

routes = APIRouter(include_in_schema=False)
PURPOSE = "leaflet"


@dataclass(frozen=True, slots=True)
class Asked:
    """The page as it is shown: of whose leaflet it is, and what came of the last try."""

    token: str
    company: str
    note: str = ""


@routes.get("/begin/{token}")
async def ask(request: Request, site: SiteHere, token: str) -> HTMLResponse:
    return _page(request, site, Asked(token, await _company(site, token)))


@routes.post("/begin/{token}")
async def begin(request: Request, site: SiteHere, token: str) -> Response:
    asked = Asked(token, await _company(site, token))
    form = await posted(request, site.links, token)
    house = unicodedata.normalize("NFKC", form.text("house"))[:80].strip()
    owner, wait = await _tried(site, house, read_code(form.text("code")))
    if owner:
        return RedirectResponse(f"/c/{site.links.token(PERSON, owner)}", 303)
    if wait:
        answer = _page(request, site, replace(asked, note="wait"), 429)
        answer.headers["retry-after"] = str(wait)
        return answer
    return _page(request, site, replace(asked, note="missed"))


async def _tried(site: Site, house: str, code: str) -> tuple[str, int]:
    """Whose the code is, and otherwise the seconds to wait, where this house was tried too often."""
    seal, now, tried = site.store.pins.seal, site.now(), f"begin:{house}"
    async with site.store.write() as connection:
        wait = await rest_of_misses(connection, seal, tried, now)
        owner = "" if wait else await owner_who_has(connection, seal, code, house, now)
        if not owner and not wait:
            await missed(connection, seal, tried, now)
    return owner, wait


def leaflet_address(links: Links, public_url: str, kind: str, name: str) -> str:
    """The address in the QR of a company's, or a lender's, leaflet."""
    return f"{public_url.rstrip('/')}/begin/{links.token(PURPOSE, f'{kind} {name}')}"


async def _company(site: Site, token: str) -> str:
    """Whose leaflet it is; 404 for a link that we never made, and once it is in business no more."""
    said = site.links.read(PURPOSE, token)
    kind, _, name = said.partition(" ") if isinstance(said, str) else ("", "", "")
    async with site.store.read() as connection:
        company = await company_named(connection, kind, name)
    if not company:
        raise HTTPException(404)
    return company


def _page(request: Request, site: Site, asked: Asked, status: int = 200) -> HTMLResponse:
    form = stamp(site.links, asked.token)
    return page(site, "begin", language_of(request), status, **asdict(asked), stamp=form)
