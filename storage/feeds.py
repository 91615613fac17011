"""The address of a company's calendar: a number says which one is in force, and a new one makes all others void."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.outcome import Deed
from storage.record import Seal, append
from storage.tables import feeds


@dataclass(frozen=True, slots=True)
class Feed:
    """The address in force."""

    number: int
    made_at: datetime


async def feed_of(connection: AsyncConnection, company_id: str) -> Feed | None:
    """None for a company that never asked for one."""
    query = select(feeds.c.number, feeds.c.made_at).where(feeds.c.person_id == company_id)
    row = (await connection.execute(query)).one_or_none()
    return Feed(row.number, row.made_at) if row is not None else None


async def new_feed(connection: AsyncConnection, seal: Seal, company_id: str, after: int, now: datetime) -> None:
    """A new address in place of the one with number ``after``; a second click finds another and makes none."""
    known = await feed_of(connection, company_id)
    if (known.number if known else 0) != after:
        return
    row = {"number": after + 1, "made_at": now}
    if known is None:
        await connection.execute(insert(feeds).values(person_id=company_id, **row))
    else:
        mine = (feeds.c.person_id == company_id, feeds.c.number == after)
        await connection.execute(update(feeds).where(*mine).values(**row))
    await append(connection, seal, [("", Deed("feed_made", company_id, {}))], now)
