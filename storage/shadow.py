"""A shadow run: everything is decided and shown, and nothing leaves but what the staff are told themselves.

That it is one stands in the database, as a pause of its own: a start without the setting sends nothing either, until
somebody ends the run. While it lasts nobody is silent, since nobody was asked. What would have gone out is marked as
shown for good; nothing ever sends such a row.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.outcome import Deed
from bot.core.pause import SHADOW as SCOPE
from bot.core.people import Role
from storage.households import lock_houses
from storage.outbox import HELD, PAPER, SENDING, SHADOW, WAITING
from storage.record import SERVICE, Seal, append, lock_own_chain
from storage.tables import outbox, pauses

SHOWN = 300
STANDING = (pauses.c.scope == SCOPE, pauses.c.until_at.is_(None))
OUTSIDE = outbox.c.person_id.not_like(f"{Role.STAFF}:%")


async def shadow_since(connection: AsyncConnection) -> datetime | None:
    """Since when this database is one of a shadow run; None for an ordinary one."""
    found: datetime | None = (
        await connection.execute(select(func.min(pauses.c.since_at)).where(*STANDING))
    ).scalar_one()
    return found


async def begin_shadow(connection: AsyncConnection, seal: Seal, now: datetime) -> None:
    """From here on nothing leaves; nothing happens where it is one already."""
    await lock_own_chain(connection)  # another process may start at the same moment
    if await shadow_since(connection) is not None:
        return
    await connection.execute(insert(pauses).values(scope=SCOPE, reason=SCOPE, by="engawa", since_at=now))
    await append(connection, seal, [(SERVICE, Deed("shadow_begun", "engawa", {"scope": SCOPE}))], now)


async def show_letters(connection: AsyncConnection, seal: Seal, now: datetime) -> int:
    """Letters lie on nobody's table: they are shown like everything else. How many there were."""
    rows = (await connection.execute(select(outbox).where(outbox.c.state == PAPER, OUTSIDE))).all()
    return await _shown(connection, seal, rows, now)


async def show_rest(connection: AsyncConnection, seal: Seal, now: datetime) -> int:
    """At the end of the run: whatever still waits for somebody outside was written in it, and is never sent."""
    unsent = outbox.c.state.in_((WAITING, SENDING, PAPER, HELD))
    return await _shown(connection, seal, (await connection.execute(select(outbox).where(unsent, OUTSIDE))).all(), now)


async def end_shadow(connection: AsyncConnection, seal: Seal, deed: Deed, now: datetime) -> None:
    """The database is an ordinary one from now on."""
    await connection.execute(update(pauses).where(*STANDING).values(until_at=now))
    await append(connection, seal, [(SERVICE, deed)], now)


async def shown_messages(connection: AsyncConnection, limit: int = SHOWN) -> Sequence[Row[Any]]:
    """What would have been sent, the newest first."""
    query = select(outbox).where(outbox.c.state == SHADOW).order_by(outbox.c.id.desc()).limit(limit)
    return (await connection.execute(query)).all()


async def _shown(connection: AsyncConnection, seal: Seal, rows: Sequence[Row[Any]], now: datetime) -> int:
    await lock_houses(connection, {part["house"] for row in rows for part in row.parts if part["house"]})
    values = {"state": SHADOW, "detail": SHADOW, "lease": "", "lease_until": None, "sent_at": now}
    ids = [row.id for row in rows]
    await connection.execute(update(outbox).where(outbox.c.id.in_(ids)).values(**values))
    await append(connection, seal, [fact for row in rows for fact in _facts(row)], now)
    return len(rows)


def _facts(row: Row[Any]) -> Iterable[tuple[str, Deed]]:
    kinds: dict[str, list[str]] = {}
    for part in row.parts:
        kinds.setdefault(part["house"], []).append(part["kind"])
    data = {"to": row.person_id, "channel": row.channel, "key": row.key, "state": SHADOW}
    return [(house, Deed("notice_shadow", "engawa", data | {"kinds": said})) for house, said in kinds.items()]
