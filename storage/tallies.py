"""The figures of all houses, counted anew every day: some houses a step, and how far it has come written with them.

A page reads the rows of one area and one company, a few hundred at any number of houses; a day's count is shown once
it is whole, and the one before it goes then.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Row, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import Phase
from bot.core.days import add_months
from bot.core.risk import LADDER
from bot.core.tally import AHEAD, BACK, HOUSES, SILENT, Counted, Occurrence, tally
from storage.record import set_value
from storage.sends import margins
from storage.tables import cases, houses, plan_items, service, tallies, works

STEP = 200  # houses counted together
PLACE = "tallied"  # how far the count has come
SHOWN = 100  # silent companies on the page
Key = tuple[str, str, str, str]  # area, company, name, month
OF_HOUSE = ("id", "servicer_id", "municipality_code", "guarantee_no", "guarantee_ended_on", "lapsed_on", "mandated")


@dataclass(frozen=True, slots=True)
class Place:
    """The day that is being counted (ISO), up to which house, and the last day that is whole."""

    day: str = ""
    reached: str = ""
    whole: str = ""


async def place_of(connection: AsyncConnection, *, locked: bool = False) -> Place:
    query = select(service.c.value).where(service.c.name == PLACE)
    kept = (await connection.execute(query.with_for_update() if locked else query)).scalar()
    return Place(**json.loads(kept)) if kept else Place()


@dataclass(frozen=True, slots=True)
class Step:
    """Some houses, counted: from which place, to which, and what they add up to."""

    day: date
    before: Place
    after: Place
    found: Mapping[Key, int]

    @property
    def over(self) -> bool:
        return self.after.whole == self.after.day


async def next_step(connection: AsyncConnection, today: date) -> Step | None:
    """Counts some houses, and writes nothing: whoever writes is held up by that no longer than it takes to add. None
    where the day's count is whole. A day that was not finished is begun anew as today."""
    before = await place_of(connection)
    if before.whole >= today.isoformat():
        return None
    begun = before if before.day == today.isoformat() else replace(before, day=today.isoformat(), reached="")
    rows = await _next(connection, begun.reached)
    found = await _counted(connection, rows, today)
    after = replace(begun, reached=rows[-1].id) if len(rows) == STEP else replace(begun, whole=begun.day)
    return Step(today, before, after, found)


async def keep_step(connection: AsyncConnection, step: Step) -> None:
    """Adds what was counted, unless another process has come further meanwhile."""
    if await place_of(connection, locked=True) != step.before:
        return
    if step.after.day != step.before.day:  # what an unfinished day has left
        whole = date.fromisoformat(step.before.whole) if step.before.whole else date.min
        await connection.execute(delete(tallies).where(tallies.c.day != whole))
    await _add(connection, step.day, step.found)
    if step.over:
        await connection.execute(delete(tallies).where(tallies.c.day != step.day))
    await set_value(connection, PLACE, json.dumps(asdict(step.after)))


async def whole_day(connection: AsyncConnection) -> date | None:
    """The day of the last count; None before the first."""
    place = await place_of(connection)
    return date.fromisoformat(place.whole) if place.whole else None


async def tallied(connection: AsyncConnection, day: date, where: tuple[str, str]) -> Counter[tuple[str, str]]:
    """By name and month. ``where``: area and company, "" for all."""
    mine = (tallies.c.day == day, tallies.c.area == where[0], tallies.c.servicer_id == where[1])
    rows = await connection.execute(select(tallies.c.name, tallies.c.month, tallies.c.total).where(*mine))
    return Counter({(row.name, row.month): row.total for row in rows})


async def silent_companies(connection: AsyncConnection, day: date, area: str) -> Sequence[tuple[str, int]]:
    """Companies that answer nothing, with how many houses, the most first."""
    named = (tallies.c.day == day, tallies.c.name == SILENT, tallies.c.area == area, tallies.c.servicer_id != "")
    query = select(tallies.c.servicer_id, tallies.c.total).where(*named)
    rows = await connection.execute(query.order_by(tallies.c.total.desc(), tallies.c.servicer_id).limit(SHOWN))
    return [(row.servicer_id, row.total) for row in rows]


async def areas_with_houses(connection: AsyncConnection, day: date) -> list[str]:
    """Prefectures and municipalities in which there are houses."""
    named = (tallies.c.day == day, tallies.c.name == HOUSES, tallies.c.area != "", tallies.c.servicer_id == "")
    return list((await connection.execute(select(tallies.c.area).where(*named).order_by(tallies.c.area))).scalars())


async def _next(connection: AsyncConnection, after: str) -> list[Row[Any]]:
    query = select(*(houses.c[name] for name in OF_HOUSE)).where(houses.c.id > after)
    return list(await connection.execute(query.order_by(houses.c.id).limit(STEP)))


async def _counted(connection: AsyncConnection, rows: Sequence[Row[Any]], today: date) -> Counter[Key]:
    ids = [row.id for row in rows]
    risky, silent = await _cases(connection, ids)
    done, ahead = await _works(connection, ids, today), await _ahead(connection, ids, today)
    found: Counter[Key] = Counter()
    for row in rows:
        house = Counted(
            guaranteed=row.guarantee_no is not None,
            ended_on=row.guarantee_ended_on,
            lapsed_on=row.lapsed_on,
            mandated=row.mandated,
            at_risk=row.id in risky,
            silent=row.id in silent,
            works=done[row.id],
            ahead=ahead[row.id],
        )
        told = tally(house, today)
        for at in margins(row.municipality_code, row.servicer_id or ""):
            for (name, month), count in told.items():
                found[(*at, name, month)] += count
    return found


async def _cases(connection: AsyncConnection, ids: Sequence[str]) -> tuple[set[str], set[str]]:
    """The houses whose guarantee the sweep has found at risk, and those whose company answers nothing."""
    is_open = (cases.c.house_id.in_(ids), cases.c.phase != Phase.CLOSED)
    rows = (await connection.execute(select(cases.c.house_id, cases.c.ladder, cases.c.reason).where(*is_open))).all()
    silent = {row.house_id for row in rows if row.reason == "servicer_silent"}
    return {row.house_id for row in rows if row.ladder == LADDER}, silent


async def _works(connection: AsyncConnection, ids: Sequence[str], today: date) -> dict[str, list[Occurrence]]:
    since = add_months(today.replace(day=1), -BACK)
    columns = (works.c.house_id, works.c.code, works.c.kind, works.c.due_on, works.c.done_on, works.c.basis)
    query = select(*columns).where(works.c.house_id.in_(ids), works.c.due_on >= since)
    found: dict[str, list[Occurrence]] = defaultdict(list)
    for row in await connection.execute(query):
        found[row.house_id].append(Occurrence(*row[1:]))
    return found


async def _ahead(connection: AsyncConnection, ids: Sequence[str], today: date) -> dict[str, list[tuple[str, date]]]:
    until = add_months(today.replace(day=1), AHEAD + 1)
    mine = (plan_items.c.house_id.in_(ids), plan_items.c.current, plan_items.c.next_due_on < until)
    query = select(plan_items.c.house_id, plan_items.c.code, plan_items.c.next_due_on).where(*mine)
    found: dict[str, list[tuple[str, date]]] = defaultdict(list)
    for row in await connection.execute(query):
        found[row.house_id].append((row.code, row.next_due_on))
    return found


async def _add(connection: AsyncConnection, day: date, counted: Mapping[Key, int]) -> None:
    rows = [
        {"day": day, "area": area, "servicer_id": company, "name": name, "month": month, "total": count}
        for (area, company, name, month), count in counted.items()
    ]
    if rows:
        insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        new = insert(tallies)
        more = {"total": tallies.c.total + new.excluded.total}
        keys = ["day", "area", "servicer_id", "name", "month"]
        await connection.execute(new.on_conflict_do_update(index_elements=keys, set_=more), rows)
