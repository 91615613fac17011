"""The open visits of a company, and those of its houses for which nothing is open yet."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.access import name_for, sees
from bot.core.case import Phase, Scene
from bot.core.particulars import area_of
from bot.core.plan import DoneBy
from bot.core.roster import Line, line_of, of_company
from storage.concern import houses_of, open_cases, scenes_of, still_theirs
from storage.households import load_households
from storage.tables import cases, houses, plan_items, works

AHEAD_SHOWN = 200  # houses whose next day is shown


@dataclass(frozen=True, slots=True)
class Ahead:
    """The next day of a house for which nothing is open yet."""

    house_id: str
    owner: str
    town: str
    areas: tuple[str, ...]
    on: date


async def lines_for(connection: AsyncConnection, company_id: str) -> list[Line]:
    """Every open visit of a company, of houses that it may see now."""
    scenes = await scenes_of(connection, await open_cases(connection, company_id))
    return [line_of(it, company_id) for it in scenes if of_company(it) and sees(it.household, company_id)]


async def scenes_for(connection: AsyncConnection, company_id: str, case_ids: Collection[str]) -> dict[str, Scene]:
    """Those of these cases that are the company's, open or closed: of any other it is not told even that they exist."""
    query = select(cases.c.id, cases.c.house_id).where(cases.c.id.in_(case_ids))
    found = [(row.id, row.house_id) for row in await connection.execute(query)]
    theirs = await still_theirs(connection, company_id, {house for _, house in found})
    scenes = await scenes_of(connection, [(case, house) for case, house in found if house in theirs])
    return {scene.case.id: scene for scene in scenes if of_company(scene) and sees(scene.household, company_id)}


async def ahead_for(connection: AsyncConnection, company_id: str) -> list[Ahead]:
    """The next day of each of its houses with nothing open, the earliest first."""
    theirs = await still_theirs(connection, company_id, await houses_of(connection, company_id))
    busy = select(works.c.house_id).join(cases, cases.c.id == works.c.case_id).where(cases.c.phase != Phase.CLOSED)
    mine = (plan_items.c.house_id.in_(theirs), plan_items.c.current, plan_items.c.done_by != DoneBy.OWNER)
    query = select(plan_items.c.house_id, plan_items.c.part, plan_items.c.next_due_on)
    query = query.where(*mine, plan_items.c.next_due_on.is_not(None), plan_items.c.house_id.not_in(busy))
    earliest: dict[str, tuple[date, list[str]]] = {}
    for row in await connection.execute(query.order_by(plan_items.c.next_due_on, plan_items.c.code)):
        on, parts = earliest.setdefault(row.house_id, (row.next_due_on, []))
        parts += [row.part] if row.next_due_on == on else []
    wanted = dict(list(earliest.items())[:AHEAD_SHOWN])
    households = await load_households(connection, wanted)
    return [
        Ahead(house, name_for(known, company_id), known.house.town, tuple(dict.fromkeys(map(area_of, parts))), on)
        for house, (on, parts) in wanted.items()
        for known in [households[house]]
    ]


async def waiting_for_consent(connection: AsyncConnection, company_id: str) -> int:
    """How many of its houses it may not see yet: their owners have not agreed."""
    mine = (houses.c.servicer_id == company_id.partition(":")[2], houses.c.mandated.is_(False))
    return int((await connection.execute(select(func.count()).select_from(houses).where(*mine))).scalar_one())
