"""The figures of a month, house by house: read in batches, so that any number of houses takes the same memory."""

from collections.abc import AsyncIterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.book.month import HouseMonth, Month, house_month
from storage.standing import standing_sources
from storage.store import Store
from storage.tables import houses, people

BATCH = 50  # reckoned in one go: nothing beside it waits longer than for these


async def months_of(store: Store, month: Month, today: date) -> AsyncIterator[list[HouseMonth]]:
    """Every house that was with us by the month's end, in the order of their ids, a batch at a time.

    Each batch is read by itself, so that no transaction stays open over all houses: what was known at the month's end
    is the same in all of them.
    """
    after = ""
    while True:
        async with store.read() as connection:
            ids = await _next(connection, after)
            found = await standing_sources(connection, ids) if ids else {}
        if not ids:
            return
        told = (house_month(found[house_id], month, today) for house_id in ids)
        yield [one for one in told if one is not None]
        after = ids[-1]


async def _next(connection: AsyncConnection, after: str) -> list[str]:
    query = select(houses.c.id).where(houses.c.id > after).order_by(houses.c.id).limit(BATCH)
    return list((await connection.execute(query)).scalars())


async def company_names(connection: AsyncConnection) -> dict[str, str]:
    """What companies are called, by their own ids."""
    query = select(people.c.id, people.c.name).where(people.c.id.like("servicer:%"))
    return {row.id.partition(":")[2]: row.name for row in await connection.execute(query)}
