"""Where an owner says what the law's list asks for: what the authority wrote, and the certification's own matters.

What they say is kept as the owner's report, beside what the staff keyed in from papers.
"""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.core.statements import Line, Stated, in_force, may_correct
from handlers.web.forms import posted, stamp
from handlers.web.record import owner_of, today
from handlers.web.site import Site, SiteHere, page
from handlers.web.statement_form import Form, keep_statement, opened, read_statement
from handlers.web.visitor import Visitor
from storage.households import lock_houses
from storage.statements import stated_at

routes = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Seen:
    """Whoever looks at the statements of a house of theirs."""

    visitor: Visitor
    found: Stated


@routes.get("/c/{token}/statements/{house_id}")
async def show(site: SiteHere, token: str, house_id: str, line: str = "", corrects: str = "") -> Response:
    async with site.store.read() as connection:
        seen = await _own(connection, site, token, house_id)
    by = seen.visitor.person.id
    earlier = next((one for one in seen.found.kept if str(one.number) == corrects), None)
    if earlier is not None and not may_correct(by, earlier):
        raise HTTPException(404)
    return _page(site, seen, opened(seen.found.to_owners(), line, corrects, by))


@routes.post("/c/{token}/statements/{house_id}")
async def tell(request: Request, site: SiteHere, token: str, house_id: str) -> Response:
    async with site.store.read() as connection:
        seen = await _own(connection, site, token, house_id)
    form = await posted(request, site.links, seen.visitor.person.id)
    async with site.store.write() as connection:
        await lock_houses(connection, [house_id])
        seen = await _own(connection, site, token, house_id)
        sent = read_statement(form, seen.found, seen.visitor.person.id, today(site))
        if sent is None:
            raise HTTPException(400)
        await keep_statement(connection, site, seen.found, sent)
        seen = await _own(connection, site, token, house_id)
    return _page(site, seen, sent if sent.wrong else None, thanks=not sent.wrong)


async def _own(connection: AsyncConnection, site: Site, token: str, house_id: str) -> Seen:
    """404 for a house at which the visitor does not decide, and for a link that has grown old."""
    visitor = await owner_of(connection, site, token)
    found = await stated_at(connection, house_id)
    if visitor.lapsed or found is None or visitor.person.id not in found.owners:
        raise HTTPException(404)
    return Seen(visitor, found)


def _page(site: Site, seen: Seen, form: Form | None, *, thanks: bool = False) -> Response:
    visitor, language = seen.visitor, seen.visitor.person.language
    return page(
        site,
        "statements",
        language,
        visitor=visitor,
        house=seen.found.house_id,
        standing=in_force(seen.found.to_owners().kept),
        free={one.number for one in seen.found.kept if may_correct(visitor.person.id, one)},
        lines=list(Line),
        named=site.spoken[language].said["codes"],
        laws=site.spoken[language].laws(["record_kept"]),
        form=form,
        thanks=thanks,
        stamp=stamp(site.links, visitor.person.id),
    )
