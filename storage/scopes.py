"""Who is what at a house, as rows: its owners, who lawfully stands for them, and those beside them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.people import Person
from bot.core.scopes import Near, Scope, Topic
from storage.tables import house_owners, house_people

STANDS_FOR = and_(house_people.c.scope == Scope.REPRESENTATIVE, house_people.c.until_on.is_(None))


def acts_at(person_id: str) -> CompoundSelect[Any]:
    """The houses at which a person decides: as an owner, or standing for one."""
    owned = select(house_owners.c.house_id).where(
        house_owners.c.person_id == person_id, house_owners.c.until_on.is_(None)
    )
    stands = select(house_people.c.house_id).where(house_people.c.person_id == person_id, STANDS_FOR)
    return owned.union(stands)


def decide_at(house_id: str) -> CompoundSelect[Any]:
    """The people who decide at a house: its owners of now, and who stands for one."""
    owns = select(house_owners.c.person_id).where(
        house_owners.c.house_id == house_id, house_owners.c.until_on.is_(None)
    )
    stands = select(house_people.c.person_id).where(house_people.c.house_id == house_id, STANDS_FOR)
    return owns.union(stands)


def speaks_for(person_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Within a query over owners: whether this is the owner, or who lawfully stands for them at that house."""
    stands = select(house_people.c.person_id).where(
        house_people.c.house_id == house_owners.c.house_id,
        house_people.c.acts_for == house_owners.c.person_id,
        house_people.c.person_id == person_id,
        STANDS_FOR,
    )
    return or_(person_id == house_owners.c.person_id, stands.exists())


async def near_rows(connection: AsyncConnection, house_ids: Iterable[str]) -> dict[str, list[Mapping[str, str]]]:
    """Those beside the owners of some houses, by house."""
    query = select(house_people).where(house_people.c.house_id.in_(set(house_ids)), house_people.c.until_on.is_(None))
    found: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for row in await connection.execute(query.order_by(house_people.c.person_id, house_people.c.scope)):
        found[row.house_id].append(dict(row._mapping))
    return found


def near_of(rows: Iterable[Mapping[str, str]], people: Mapping[str, Person]) -> tuple[Near, ...]:
    return tuple(
        Near(
            people[row["person_id"]], Scope(row["scope"]), frozenset(map(Topic, filter(None, row["topics"].split(","))))
        )
        for row in rows
        if not people[row["person_id"]].erased
    )


async def near_at(connection: AsyncConnection, person_id: str) -> list[tuple[str, Scope]]:
    """Where a person is something beside the owners: (house, what they are there)."""
    mine = (house_people.c.person_id == person_id, house_people.c.until_on.is_(None))
    rows = await connection.execute(select(house_people).where(*mine).order_by(house_people.c.house_id))
    return [(row.house_id, Scope(row.scope)) for row in rows]


async def near_since(connection: AsyncConnection, person_id: str) -> dict[str, date]:
    """The houses at which they are something beside the owners, each with the day since when."""
    mine = (house_people.c.person_id == person_id, house_people.c.until_on.is_(None))
    rows = await connection.execute(select(house_people.c.house_id, house_people.c.since_on).where(*mine))
    return {row.house_id: row.since_on for row in rows}


async def concerned_with(connection: AsyncConnection, house_ids: Iterable[str]) -> set[tuple[str, str]]:
    """(house, person) of everybody who owns one of these houses or is something there beside its owners."""
    wanted = set(house_ids)
    owners = select(house_owners.c.house_id, house_owners.c.person_id).where(
        house_owners.c.house_id.in_(wanted), house_owners.c.until_on.is_(None)
    )
    near = select(house_people.c.house_id, house_people.c.person_id).where(
        house_people.c.house_id.in_(wanted), house_people.c.until_on.is_(None)
    )
    return {(row[0], row[1]) for row in (await connection.execute(owners.union(near))).all()}
