"""What is stored of some houses, as far as the standing of their guarantee on any day depends on it."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.book.section import Sources
from bot.core.book.standing import KINDS
from bot.core.people import Role
from storage.people import IN_BUSINESS
from storage.tables import (
    cases,
    facts,
    house_owners,
    houses,
    mandates,
    people,
    plan_items,
    records,
    servicers,
    works,
)

Rows = Sequence[Mapping[str, Any]]
OF_HOUSE = {"plan": plan_items, "records": records, "works": works, "cases": cases, "mandates": mandates}
ORDER = {"plan_items": "code", "records": "id", "works": "id", "cases": "number", "mandates": "id"}


async def standing_sources(connection: AsyncConnection, house_ids: Sequence[str]) -> dict[str, Sources]:
    """By house id, without anybody's name: the same few queries for one house as for many."""
    rows = {row.id: row for row in await connection.execute(select(houses).where(houses.c.id.in_(house_ids)))}
    told = await _facts(connection, house_ids)
    owners = await _owners(connection, house_ids)
    parts = {name: await _of(table, connection, house_ids) for name, table in OF_HOUSE.items()}
    firms = await _companies(connection, [*(row.servicer_id for row in rows.values()), *_named(told)])
    return {
        house_id: Sources(
            house=dict(row._mapping),
            owners=owners[house_id],
            facts=told[house_id],
            names={},
            head=(row.fact_count, row.fact_mac),
            companies=firms,
            plan=parts["plan"][house_id],
            records=parts["records"][house_id],
            works=parts["works"][house_id],
            cases=parts["cases"][house_id],
            mandates=parts["mandates"][house_id],
        )
        for house_id, row in rows.items()
    }


async def _of(table: Table, connection: AsyncConnection, house_ids: Sequence[str]) -> dict[str, Rows]:
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    query = select(table).where(table.c.house_id.in_(house_ids)).order_by(table.c[ORDER[table.name]])
    for row in await connection.execute(query):
        found[row.house_id].append(dict(row._mapping))
    return defaultdict(list, found)


async def _facts(connection: AsyncConnection, house_ids: Sequence[str]) -> dict[str, Rows]:
    """Those that a standing rests on, and whatever a company did."""
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    wanted = or_(facts.c.kind.in_(KINDS), facts.c.by.like(f"{Role.SERVICER}:%"))
    query = select(facts).where(facts.c.house_id.in_(house_ids), wanted).order_by(facts.c.house_id, facts.c.seq)
    for row in await connection.execute(query):
        found[row.house_id].append(dict(row._mapping) | {"data": json.loads(row.data)})
    return defaultdict(list, found)


async def _owners(connection: AsyncConnection, house_ids: Sequence[str]) -> dict[str, Rows]:
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    columns = (house_owners.c.house_id, people.c.id, house_owners.c.until_on, people.c.erased_on)
    query = select(*columns).join_from(house_owners, people, people.c.id == house_owners.c.person_id)
    for row in await connection.execute(query.where(house_owners.c.house_id.in_(house_ids))):
        found[row.house_id].append(dict(row._mapping))
    return defaultdict(list, found)


def _named(told: Mapping[str, Rows]) -> set[str]:
    """The companies that a house had before."""
    changed = (fact["data"] for found in told.values() for fact in found if fact["kind"] == "servicer_changed")
    return {str(data["from"]).removeprefix("servicer:") for data in changed}


async def _companies(connection: AsyncConnection, ids: Sequence[str | None]) -> dict[str, Mapping[str, Any]]:
    wanted = {firm for firm in ids if firm}
    query = select(servicers.c.id, servicers.c.status, servicers.c.closed_on, people.c.ended_on, people.c.erased_on)
    joined = query.join_from(servicers, people, people.c.id == "servicer:" + servicers.c.id)
    return {
        f"servicer:{row.id}": {
            "active": row.status in IN_BUSINESS and row.ended_on is None and row.erased_on is None,
            "closed_on": row.closed_on,
        }
        for row in await connection.execute(joined.where(servicers.c.id.in_(wanted)))
    }
