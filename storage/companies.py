"""The registered companies that could take a house over, with what is known of each."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.candidates import ASSOCIATION, NO_FIRMS, Company, Ranked, in_area, rank
from bot.core.case import Phase
from bot.core.house import House
from bot.core.people import Person, servicer_key
from storage.people import IN_BUSINESS, load_people
from storage.tables import cases, houses, servicers, watches

LOOKED_AT = 60  # companies; backups first, so that those who wait for it are among them
SHOWN = 10
AT_ONCE = 500  # companies looked up in one query
VISITS = "visit/%"


async def ranked_for(connection: AsyncConnection, house: House, today: date, wanted: str = "") -> tuple[Ranked, ...]:
    """The best companies for a house, the best first; the one that is ``wanted`` by its id is always among them."""
    nearby = servicers.c.area.contains(house.municipality[:5], autoescape=True) if house.municipality else None
    named = [servicers.c.id != wanted] if wanted else []
    first = [*named, servicers.c.id != house.backup_servicer_id, servicers.c.backup.is_(False)]
    order = [*first, *([nearby.is_(False)] if nearby is not None else []), servicers.c.id]
    firms = select(servicers).where(servicers.c.status.in_(IN_BUSINESS), servicers.c.role.not_in(NO_FIRMS))
    query = firms.order_by(*order).limit(LOOKED_AT)
    rows = (await connection.execute(query)).all()
    ranked = rank(house, await _companies(connection, rows), today)
    others = (one for one in ranked[SHOWN:] if one.id == servicer_key(wanted))
    return (*ranked[:SHOWN], *others)


async def in_business(connection: AsyncConnection) -> list[Company]:
    """Every registered company that is in business, for sharing out many houses: companies are few beside houses."""
    firms = select(servicers).where(servicers.c.status.in_(IN_BUSINESS), servicers.c.role.not_in(NO_FIRMS))
    rows = (await connection.execute(firms.order_by(servicers.c.id))).all()
    return [
        company
        for start in range(0, len(rows), AT_ONCE)
        for company in await _companies(connection, rows[start : start + AT_ONCE])
    ]


async def _companies(connection: AsyncConnection, rows: Sequence[Row[Any]]) -> list[Company]:
    people = await load_people(connection, [servicer_key(row.id) for row in rows])
    loads = await loads_of(connection, [row.id for row in rows])
    found = await signs_of(connection, [row.id for row in rows])
    return [
        Company(
            people[servicer_key(row.id)],
            row.area,
            row.backup,
            row.capacity_per_month,
            loads.get(row.id, 0),
            row.licence_until,
            row.association,
            found.get(row.id, ()),
            row.role,
            row.structures,
        )
        for row in rows
        if servicer_key(row.id) in people
    ]


async def associations_for(connection: AsyncConnection, house: House) -> tuple[Person, ...]:
    """The associations that can be asked for a company where this house stands, in the order of their ids."""
    firms = select(servicers.c.id, servicers.c.area).where(servicers.c.role == ASSOCIATION)
    in_business = firms.where(servicers.c.status.in_(IN_BUSINESS)).order_by(servicers.c.id).limit(LOOKED_AT)
    near = [row.id for row in (await connection.execute(in_business)).all() if in_area(house, row.area)]
    people = await load_people(connection, map(servicer_key, near))
    known = (people.get(servicer_key(one)) for one in near[:SHOWN])
    return tuple(person for person in known if person is not None and person.active)


async def loads_of(connection: AsyncConnection, servicer_ids: Sequence[str]) -> dict[str, int]:
    """How many visits each has open."""
    query = select(houses.c.servicer_id, func.count()).join(cases, cases.c.house_id == houses.c.id)
    theirs = query.where(houses.c.servicer_id.in_(servicer_ids), cases.c.phase != Phase.CLOSED)
    counted = theirs.where(cases.c.ladder.like(VISITS)).group_by(houses.c.servicer_id)
    return {row[0]: row[1] for row in await connection.execute(counted)}


async def signs_of(connection: AsyncConnection, servicer_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The codes of the early signs about companies, as they were last judged."""
    query = select(watches.c.servicer_id, watches.c.state).where(watches.c.servicer_id.in_(servicer_ids))
    rows = (await connection.execute(query)).all()
    return {row.servicer_id: tuple(one["code"] for one in row.state["signs"]) for row in rows}
