"""Rows of the last while, in tables that grow for ever and are written in the order of time."""

from datetime import datetime

from sqlalchemy import Column, Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection


async def before(connection: AsyncConnection, table: Table, at: Column[datetime], since: datetime) -> int:
    """The last row that is older than this: what is looked for has a higher id.

    Found by halving, with a look at some twenty rows, so that sending keeps no index for those who only watch it.
    """
    low, high = 0, (await connection.execute(select(func.max(table.c.id)))).scalar() or 0
    while low < high:
        middle = (low + high) // 2
        beyond = select(table.c.id, at).where(table.c.id > middle).order_by(table.c.id).limit(1)
        row = (await connection.execute(beyond)).one_or_none()
        if row is None or row[1] >= since:
            high = middle
        else:
            low = row[0]
    return low
