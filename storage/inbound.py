"""What came in, stored before it is understood: one row per event, unique by channel and event id."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import inbound, spelled

NEW, DONE, FAILED = "new", "done", "failed"
TRIES = 3


async def keep(
    connection: AsyncConnection, channel: str, event_id: str, raw: Mapping[str, Any], now: datetime
) -> int | None:
    """Stores an event; its row id, or None if it was stored before."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = (
        dialect.insert(inbound)
        .values(channel=channel, event_id=event_id, received_at=now, raw=dict(raw))
        .on_conflict_do_nothing(index_elements=["channel", "event_id"])
        .returning(inbound.c.id)
    )
    return (await connection.execute(statement)).scalar()


async def next_new(connection: AsyncConnection, after: int) -> int | None:
    """The oldest event after this row that nobody has understood yet."""
    query = select(inbound.c.id).where(inbound.c.state == spelled(NEW), inbound.c.id > after)
    return (await connection.execute(query.order_by(inbound.c.id).limit(1))).scalar()


async def take(connection: AsyncConnection, row_id: int) -> Row[Any] | None:
    """The event, locked, if it is still to be understood."""
    query = select(inbound).where(inbound.c.id == row_id, inbound.c.state == NEW)
    if connection.dialect.name != "sqlite":
        query = query.with_for_update(skip_locked=True)
    return (await connection.execute(query)).one_or_none()


async def settle(connection: AsyncConnection, row_id: int, person_id: str) -> None:
    await connection.execute(update(inbound).where(inbound.c.id == row_id).values(state=DONE, person_id=person_id))


async def stumble(connection: AsyncConnection, row_id: int, error: str) -> str:
    """An event that could not be handled is tried again, and at last laid aside where it shows; its state."""
    tries = (await connection.execute(select(inbound.c.tries).where(inbound.c.id == row_id))).scalar_one() + 1
    state = FAILED if tries >= TRIES else NEW
    values = {"tries": tries, "state": state, "error": error[:200]}
    await connection.execute(update(inbound).where(inbound.c.id == row_id).values(**values))
    return state
