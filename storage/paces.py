"""How fast we may send, counted in the database, because all our processes together must keep to a platform's pace.

A channel's messages drip into a small store that fills while nothing is sent. Store and drip are such that no second,
wherever it begins, sees more than ``per_second`` of them. An address that was just written to rests. All of it is
machine time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.pace import Store
from storage.tables import paces

STORE, FEW = 0.05, 3.0  # seconds' worth that may go at once after a pause, and how many at the least
OF_MACHINES = "api"  # no channel: under it stands how often a key of the JSON API may come
WHOLE = ""  # the address under which a channel's own pace is kept


@dataclass(frozen=True, slots=True)
class Pace:
    """``per_second`` messages through the channel (0: as many as there are), ``rest`` seconds for each address."""

    per_second: float = 0.0
    rest: int = 0

    @property
    def full(self) -> float:
        """How many gather: a few at the least, so that looking a little late loses nothing."""
        return max(self.per_second * STORE, min(self.per_second, FEW), 1.0)

    @property
    def drip(self) -> float:
        """How many are added in a second. A full store and all but the last of a second's drip are ``per_second``."""
        return self.per_second + 1.0 - self.full


FREE = Pace()


async def allowance(
    connection: AsyncConnection, channel: str, pace: Pace, machine: datetime, most: int
) -> tuple[int, float]:
    """How many may be sent now, at most ``most``, and the seconds until there is one more."""
    if not pace.per_second:
        return most, 0.0
    level, held = await _level(connection, channel, pace, machine.timestamp())
    return min(int(level), most), held + max(1.0 - level, 0.0) / pace.drip


async def spend(connection: AsyncConnection, channel: str, pace: Pace, machine: datetime, sent: int) -> None:
    """Counts messages that are being sent; the caller holds the transaction in which they were allowed."""
    if not pace.per_second or not sent:
        return
    now = machine.timestamp()
    level = (await _level(connection, channel, pace, now))[0] - sent
    mine = (paces.c.channel == channel, paces.c.address == WHOLE)
    await connection.execute(update(paces).where(*mine).values(level=level, at=now))


async def hold(connection: AsyncConnection, channel: str, pace: Pace, until: datetime) -> None:
    """The platform asked for a pause: nothing goes through this channel before, whoever sends it."""
    if not pace.per_second:
        return
    at = until.timestamp()
    await _level(connection, channel, pace, at)
    sooner = (paces.c.channel == channel, paces.c.address == WHOLE, paces.c.at < at)
    await connection.execute(update(paces).where(*sooner).values(level=0.0, at=at))


async def _level(connection: AsyncConnection, channel: str, pace: Pace, now: float) -> tuple[float, float]:
    """How many may go, and for how many seconds the platform wants none."""
    query = select(paces.c.level, paces.c.at).where(paces.c.channel == channel, paces.c.address == WHOLE)
    row = (await connection.execute(query.with_for_update())).one_or_none()
    if row is None:  # of two processes that are the first, the second waits here for what the other one spends
        await _add(connection, [{"channel": channel, "address": WHOLE, "level": pace.full, "at": now}])
        row = (await connection.execute(query.with_for_update())).one()
    level = min(row.level + max(now - row.at, 0.0) * pace.drip, pace.full)
    return float(level), float(max(row.at - now, 0.0))


async def rested(
    connection: AsyncConnection, channel: str, pace: Pace, machine: datetime, addresses: Sequence[str]
) -> list[float]:
    """For each of these addresses in turn, the seconds it must still wait; those that need not wait begin their rest.

    An address that stands in the list twice is written to once now and once after its rest.
    """
    if not pace.rest:
        return [0.0] * len(addresses)
    now = machine.timestamp()
    mine = (paces.c.channel == channel, paces.c.address.in_(set(addresses)))
    rows = (await connection.execute(select(paces.c.address, paces.c.at).where(*mine).with_for_update())).all()
    free_from = {row.address: row.at + pace.rest for row in rows}
    waits, begun = [], set()
    for address in addresses:
        free = max(free_from.get(address, now), now)
        waits.append(free - now)
        if free <= now:
            begun.add(address)
        free_from[address] = free + pace.rest
    await _begin(connection, channel, begun, {row.address for row in rows}, now)
    return waits


async def take(connection: AsyncConnection, who: str, usual: Store, wanted: int) -> tuple[int, float]:
    """How many of ``wanted`` somebody (by a name that nobody else has) may come now, and the seconds until one more
    may where none may. Taken in some at a time, so that most requests write nothing; a refusal writes nothing either.

    ``usual`` is what whoever comes for the first time has, as of now.
    """
    mine = (paces.c.channel == OF_MACHINES, paces.c.address == who)
    query = select(paces.c.level, paces.c.at).where(*mine)
    row = (await connection.execute(query.with_for_update())).one_or_none()
    if row is None:
        await _add(connection, [{"channel": OF_MACHINES, "address": who, "level": usual.level, "at": usual.at}])
        row = (await connection.execute(query.with_for_update())).one()
    left, some, wait = Store(row.level, row.at, usual.full, usual.a_second).take(usual.at, wanted)
    if some:
        await connection.execute(update(paces).where(*mine).values(level=left.level, at=left.at))
    return some, wait


async def _begin(connection: AsyncConnection, channel: str, begun: set[str], known: set[str], now: float) -> None:
    old = begun & known
    if old:
        mine = (paces.c.channel == channel, paces.c.address.in_(old))
        await connection.execute(update(paces).where(*mine).values(at=now))
    rows = [{"channel": channel, "address": address, "level": 0.0, "at": now} for address in begun - known]
    if rows:
        await _add(connection, rows)


async def _add(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """What another process has just added stands."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    new = dialect.insert(paces).on_conflict_do_nothing(index_elements=["channel", "address"])
    await connection.execute(new, list(rows))
