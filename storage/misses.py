"""How often somebody was wrong, or asked for a link, lately: counted in the database, so that it holds for all
processes and over restarts.

What was tried is kept as a digest under the record key: a stranger may have written anything there.
"""

from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.record import Seal
from storage.tables import misses

MOST, SPAN = 10, timedelta(hours=1)  # wrong tries at one thing, by the civil clock


async def rest_of_misses(
    connection: AsyncConnection, seal: Seal, tried: str, now: datetime, *, most: int = MOST
) -> int:
    """Seconds until another try at it is looked at; 0 for at once. ``most`` are taken in a span."""
    mine = (misses.c.tried == seal.digest(tried), misses.c.at > now - SPAN)
    newest = select(misses.c.at).where(*mine).order_by(misses.c.at.desc(), misses.c.id.desc())
    at = (await connection.execute(newest.offset(most - 1).limit(1))).scalar()
    return max(1, ceil((at + SPAN - now).total_seconds())) if at is not None else 0


async def missed(connection: AsyncConnection, seal: Seal, tried: str, now: datetime) -> None:
    """One more that was wrong; what is older than counts goes with it."""
    await connection.execute(delete(misses).where(misses.c.at <= now - SPAN))
    await connection.execute(insert(misses).values(tried=seal.digest(tried), at=now))
