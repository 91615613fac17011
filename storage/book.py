"""Everything that is stored of one house, for its book."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.book.section import Sources
from storage.desk import names_of
from storage.histories import history_view
from storage.notes import notes_of
from storage.seals import last_seal
from storage.statements import statements_of
from storage.tables import cases, facts, house_owners, houses, mandates, people, plan_items, records, works

ORDER = {"plan_items": "code", "records": "id", "works": "due_on", "cases": "number", "mandates": "id", "facts": "seq"}


async def book_sources(connection: AsyncConnection, house_id: str) -> Sources | None:
    """Sources with the names of the house's living owners and of companies; None for a house that is not there."""
    house = (await connection.execute(select(houses).where(houses.c.id == house_id))).one_or_none()
    if house is None:
        return None
    told = [
        dict(row) | {"data": json.loads(row["data"]), "sealed": row["data"]}
        for row in await _of(facts, connection, house_id)
    ]
    owners = await _owners(connection, house_id)
    present = {owner["id"] for owner in owners if owner["until_on"] is None}
    firms = {f"servicer:{name}" for name in (house.builder_id, house.servicer_id, house.backup_servicer_id) if name}
    last = await last_seal(connection)
    return Sources(
        house=dict(house._mapping),
        owners=owners,
        plan=await _of(plan_items, connection, house_id),
        records=await _of(records, connection, house_id),
        works=await _of(works, connection, house_id),
        cases=await _of(cases, connection, house_id),
        mandates=await _of(mandates, connection, house_id),
        facts=told,
        names=await names_of(connection, present | firms | _companies(told)),
        head=(house.fact_count, house.fact_mac),
        sealed_on=last.day if house.sealed_count == house.fact_count else "",
        notes=await notes_of(connection, house_id),
        statements=await statements_of(connection, house_id),
        **await history_view(connection, house_id),
    )


async def _of(table: Table, connection: AsyncConnection, house_id: str) -> Sequence[Mapping[str, Any]]:
    query = select(table).where(table.c.house_id == house_id).order_by(table.c[ORDER[table.name]])
    return [dict(row._mapping) for row in await connection.execute(query)]


async def _owners(connection: AsyncConnection, house_id: str) -> Sequence[Mapping[str, Any]]:
    query = select(people.c.id, house_owners.c.rank, house_owners.c.until_on).join_from(
        house_owners, people, people.c.id == house_owners.c.person_id
    )
    mine = query.where(house_owners.c.house_id == house_id)
    return [dict(row._mapping) for row in await connection.execute(mine.order_by(house_owners.c.rank, people.c.id))]


def _companies(told: Sequence[Mapping[str, Any]]) -> set[str]:
    """The companies that the record names."""
    found: set[str] = set()
    for fact in told:
        data = fact["data"]
        found |= {value for name in ("from", "to", "with") if isinstance(value := data.get(name), str)}
        fields = data.get("fields")
        if isinstance(fields, dict) and "servicer_id" in fields:
            found.add(f"servicer:{fields['servicer_id']}")
    return {person for person in found | {fact["by"] for fact in told} if person.startswith("servicer:")}
