"""The figures of a month, house by house: read in batches, so that any number of houses takes the same memory."""

from collections.abc import AsyncIterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.book.month import HouseMonth, Month, house_month
from storage.standing import standing_sources
from storage.tables import houses, people

BATCH = 200


async def months_of(connection: AsyncConnection, month: Month, today: date) -> AsyncIterator[list[HouseMonth]]:
    """Every house that was with us by the month's end, in the order of their ids, a batch at a time."""
    after = ""
    while ids := await _next(connection, after):
        found = await standing_sources(connection, ids)
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
