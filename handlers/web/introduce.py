"""Where an association names a company for a house of which it knows town, structure, works and month."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse

from bot.core.asked import seen_by_candidate
from bot.core.candidacy import introduced
from bot.core.case import Scene
from bot.core.days import civil
from bot.core.people import servicer_key
from handlers.web.company_form import FIELDS, Typed, read_company, register
from handlers.web.forms import posted, stamp
from handlers.web.site import Site, SiteHere, page
from handlers.web.visitor import Visitor, visitor_of
from storage.cases import load_scenes
from storage.commit import commit
from storage.concern import case_house, open_cases
from storage.households import load_households, lock_houses
from storage.intake.batch import Arrival

routes = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A house for which an association is asked to name a company."""

    case_id: str
    known: dict[str, Any]


async def wanted_from(connection: AsyncConnection, person_id: str) -> Sequence[Wanted]:
    """What an association is asked for now; nothing for anybody else."""
    found = await open_cases(connection, person_id)
    households = await load_households(connection, {house_id for _, house_id in found})
    scenes = await load_scenes(connection, [case_id for case_id, _ in found], households)
    return [Wanted(one.case.id, seen_by_candidate(one)) for one in scenes.values() if _is_asked(one, person_id)]


@routes.get("/c/{token}/introduce/{case_id}")
async def show(site: SiteHere, token: str, case_id: str) -> HTMLResponse:
    async with site.store.read() as connection:
        visitor, scene = await _asked(connection, site, token, case_id)
    return _page(site, visitor, Wanted(case_id, seen_by_candidate(scene)), Typed(dict.fromkeys(FIELDS, "")))


@routes.post("/c/{token}/introduce/{case_id}")
async def named(request: Request, site: SiteHere, token: str, case_id: str) -> HTMLResponse:
    """The company is registered and asked, in one transaction."""
    async with site.store.read() as connection:
        visitor, scene = await _asked(connection, site, token, case_id)
    form = await posted(request, site.links, visitor.person.id)
    typed = read_company(form, civil(site.now()))
    wanted = Wanted(case_id, seen_by_candidate(scene))
    if typed.row is None:
        return _page(site, visitor, wanted, typed)
    async with site.store.write() as connection:
        await lock_houses(connection, [scene.case.house_id])
        _, scene = await _asked(connection, site, token, case_id)  # a second click finds it answered
        pins, now = site.store.pins, site.now()
        arrival = Arrival(visitor.person.id, now, civil(now), pins.seal)
        servicer_id = await register(connection, typed.row, arrival)
        await commit(connection, pins, [introduced(scene, servicer_key(servicer_id), now)], now)
    return _page(site, visitor, wanted, typed, thanks=True)


async def _asked(connection: AsyncConnection, site: Site, token: str, case_id: str) -> tuple[Visitor, Scene]:
    """404 for whoever is not asked about this case, and once it is answered."""
    visitor = await visitor_of(connection, site.links, token, site.now())
    house_id = await case_house(connection, case_id)
    if visitor.lapsed or house_id is None:
        raise HTTPException(404)
    scene = (await load_scenes(connection, [case_id], await load_households(connection, [house_id])))[case_id]
    if not _is_asked(scene, visitor.person.id):
        raise HTTPException(404)
    return visitor, scene


def _is_asked(scene: Scene, person_id: str) -> bool:
    candidacy = scene.case.candidacy
    return candidacy is not None and candidacy.introduces and candidacy.servicer == person_id


def _page(site: Site, visitor: Visitor, wanted: Wanted, typed: Typed, *, thanks: bool = False) -> HTMLResponse:
    return page(
        site,
        "introduce",
        visitor.person.language,
        visitor=visitor,
        wanted=wanted,
        typed=typed,
        thanks=thanks,
        stamp=stamp(site.links, visitor.person.id),
    )
