"""What each platform's month holds, as it last told, and what all our processes have sent since."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.allowance import Allowance
from storage.outbox import SENDING
from storage.tables import months, outbox, spelled

FRESH = 300.0  # seconds of machine time for which a look serves: a platform may allow 60 of them an hour


@dataclass(frozen=True, slots=True)
class Month:
    """Whether it need not be looked at yet, and whether there is a limit that we know of."""

    is_fresh: bool
    is_limited: bool


async def known(connection: AsyncConnection, channel: str, machine: datetime) -> Month:
    row = (await connection.execute(select(months).where(months.c.channel == channel))).one_or_none()
    if row is None:
        return Month(is_fresh=False, is_limited=False)
    return Month(machine.timestamp() - row.looked_at < FRESH, row.most is not None)


async def begin_look(connection: AsyncConnection, channel: str, token: str, machine: datetime) -> int | None:
    """How many of those that we counted the platform must know of by now; None where somebody else just looks.

    What others are sending at this moment may not be in its number yet, so it stays in ours: there are few of those,
    and once in a while they are counted. Our own batch, under ``token``, has not begun.
    """
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    new = insert(months).values(channel=channel, most=None, used=0, ours=0, looked_at=0.0)
    await connection.execute(new.on_conflict_do_nothing(index_elements=["channel"]))
    query = select(months).where(months.c.channel == channel).with_for_update()
    row = (await connection.execute(query)).one()
    if machine.timestamp() - row.looked_at < FRESH:
        return None
    await connection.execute(update(months).where(months.c.channel == channel).values(looked_at=machine.timestamp()))
    others = (outbox.c.state == spelled(SENDING), outbox.c.channel == channel, outbox.c.lease != token)
    under_way = (await connection.execute(select(func.count()).select_from(outbox).where(*others))).scalar_one()
    return max(int(row.ours) - int(under_way), 0)


async def end_look(connection: AsyncConnection, channel: str, found: Allowance, seen: int) -> None:
    """What the platform told; what we had counted before, and it must know of, is in its own number."""
    told = {"most": found.limit, "used": found.used, "ours": months.c.ours - seen}
    await connection.execute(update(months).where(months.c.channel == channel).values(**told))


async def take(connection: AsyncConnection, channel: str, urgent: int, ordinary: int) -> int:
    """Counts messages that are about to be sent; how many of the ordinary ones may be. What is urgent always may."""
    query = select(months).where(months.c.channel == channel).with_for_update()
    row = (await connection.execute(query)).one()
    going = Allowance(row.most, row.used + row.ours + urgent).going(ordinary)
    counted = {"ours": months.c.ours + urgent + going}
    await connection.execute(update(months).where(months.c.channel == channel).values(**counted))
    return going


async def give_back(connection: AsyncConnection, channel: str, count: int) -> None:
    """So many were counted and not taken."""
    await connection.execute(update(months).where(months.c.channel == channel).values(ours=months.c.ours - count))
