"""What is said about one case at one address, where a channel keeps it together: the first message of each."""

from collections.abc import Iterable

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.delivery import Receipt
from storage.claims import Claimed
from storage.tables import threads


async def threads_of(connection: AsyncConnection, channel: str, topics: Iterable[str]) -> dict[tuple[str, str], str]:
    """The platform's id of the first message about each case, by address and case."""
    columns = (threads.c.address, threads.c.topic, threads.c.provider_id)
    query = select(*columns).where(threads.c.channel == channel, threads.c.topic.in_(set(topics)))
    return {(row.address, row.topic): row.provider_id for row in await connection.execute(query)}


async def begin_thread(connection: AsyncConnection, claimed: Claimed, receipt: Receipt) -> None:
    """Notes the first message at an address about a case; what was noted before stands, unless it is gone."""
    place = {"channel": claimed.channel, "address": claimed.address, "topic": claimed.topic}
    known = await threads_of(connection, claimed.channel, [claimed.topic])
    if (claimed.address, claimed.topic) not in known:
        await connection.execute(insert(threads).values(**place, provider_id=receipt.provider_id))
    elif receipt.anew:
        same = [threads.c[name] == value for name, value in place.items()]
        await connection.execute(update(threads).where(*same).values(provider_id=receipt.provider_id))
