"""What the importer has to know of what is stored, as plain data."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.people import owner_key
from storage.handovers import approvers
from storage.intake.contacts import REPLACED
from storage.tables import addresses, house_owners, houses, people, plan_items, records, servicers


async def servicer_ids(connection: AsyncConnection, ids: Collection[str]) -> set[str]:
    return set((await connection.execute(select(servicers.c.id).where(servicers.c.id.in_(ids)))).scalars())


async def closed_by_handover(connection: AsyncConnection, ids: Collection[str]) -> set[str]:
    """Those whose houses go to others because a named person of the staff has said that they closed."""
    return set(await approvers(connection, ids))


async def house_facts(connection: AsyncConnection, ids: Collection[str]) -> dict[str, tuple[date, str | None]]:
    """Handover and owner id (None where the file gave none) of the houses that are stored."""
    query = (
        select(houses.c.id, houses.c.handed_over_on, house_owners.c.person_id)
        .join_from(houses, house_owners, houses.c.id == house_owners.c.house_id, isouter=True)
        .where(houses.c.id.in_(ids), (house_owners.c.rank == 0) | house_owners.c.rank.is_(None))
        .order_by(house_owners.c.until_on.is_not(None).desc())
    )
    return {row.id: (row.handed_over_on, _owner_id(row.person_id or "")) for row in await connection.execute(query)}


def _owner_id(person_id: str) -> str | None:
    own = person_id.partition(":")[2]
    return None if not own or own.startswith("~") else own


async def holders_of(connection: AsyncConnection, column: str, values: Collection[str]) -> dict[str, str]:
    """Which house holds a value of a unique column: value → house id."""
    held = houses.c[column]
    return {row[0]: row[1] for row in await connection.execute(select(held, houses.c.id).where(held.in_(values)))}


async def owners(connection: AsyncConnection, ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """How known owners are called and reached."""
    keys = {owner_key(own): own for own in ids}
    found = {
        keys[row.id]: {
            "owner_name": row.name,
            "owner_kana": row.kana or None,
            "language": row.language,
            "phone": row.phone or None,
            "channel_order": tuple(row.channel_order.split(">")) if row.channel_order else (),
            "addresses": [],
        }
        for row in await connection.execute(select(people).where(people.c.id.in_(keys), people.c.erased_on.is_(None)))
    }
    mine = select(addresses).where(addresses.c.person_id.in_(keys), addresses.c.ended_why != REPLACED)
    for row in await connection.execute(mine.order_by(addresses.c.rank)):
        if keys[row.person_id] in found:
            found[keys[row.person_id]]["addresses"].append((row.channel, row.address))
    return found


async def plans(connection: AsyncConnection, house_ids: Collection[str]) -> dict[str, tuple[set[str], bool]]:
    """The item codes of the current plans, and whether a plan is the guide's."""
    query = select(plan_items.c.house_id, plan_items.c.code, plan_items.c.source)
    found: dict[str, tuple[set[str], bool]] = {}
    for row in await connection.execute(query.where(plan_items.c.house_id.in_(house_ids), plan_items.c.current)):
        codes, guide = found.get(row.house_id, (set(), False))
        found[row.house_id] = (codes | {row.code}, guide or bool(row.source))
    return found


async def stored_records(connection: AsyncConnection, keys: Collection[tuple[str, str, date]]) -> list[Any]:
    """Records by house, item and day."""
    key = tuple_(records.c.house_id, records.c.code, records.c.done_on)
    query = select(records).where(key.in_(list(keys)), records.c.source != "engawa")
    return list(await connection.execute(query))
