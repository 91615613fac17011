"""What came in, stored before it is understood: one row per event, unique by channel and event id."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.arrival import Attachment
from storage.tables import inbound, outbox, spelled

NEW, DONE, FAILED = "new", "done", "failed"
EXPIRED = "expired"  # was done; its words are gone
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


async def read(connection: AsyncConnection, row_id: int) -> Row[str, Any] | None:
    """The event, if it is still to be understood."""
    query = select(inbound.c.channel, inbound.c.raw).where(inbound.c.id == row_id, inbound.c.state == NEW)
    return (await connection.execute(query)).one_or_none()


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said, as its channel understood it; it expires with the event."""

    text: str = ""
    action: str = ""
    files: Sequence[Attachment] = ()
    message_id: str = ""


async def settle(connection: AsyncConnection, row_id: int, person_id: str, said: Said) -> None:
    words = {"text": said.text, "action": said.action, "files": [asdict(file) for file in said.files]}
    values = {"state": DONE, "person_id": person_id, "said": words, "message_id": said.message_id}
    await connection.execute(update(inbound).where(inbound.c.id == row_id).values(**values))


async def row_of_message(connection: AsyncConnection, channel: str, message_id: str) -> int | None:
    """The event in which the platform's message came in."""
    query = select(inbound.c.id).where(inbound.c.message_id == message_id, inbound.c.channel == channel)
    return (await connection.execute(query.order_by(inbound.c.id.desc()).limit(1))).scalar() if message_id else None


async def told(connection: AsyncConnection, person_id: str, key: str) -> Row[Any, Any] | None:
    """The message of ours to this person under this key: its parts, and its language."""
    query = select(outbox.c.parts, outbox.c.language).where(outbox.c.key == key, outbox.c.person_id == person_id)
    return (await connection.execute(query)).one_or_none() if key else None


async def case_asked(connection: AsyncConnection, person_id: str, key: str) -> str:
    """The case that a message of ours to this person was about, where what came in says that it answers it."""
    row = await told(connection, person_id, key)
    named = {part["case"] for part in row.parts} if row is not None else set()
    return str(named.pop()) if len(named) == 1 else ""


async def stumble(connection: AsyncConnection, row_id: int, error: str) -> str:
    """An event that could not be handled is tried again, and at last laid aside where it shows; its state."""
    tries = (await connection.execute(select(inbound.c.tries).where(inbound.c.id == row_id))).scalar_one() + 1
    state = FAILED if tries >= TRIES else NEW
    values = {"tries": tries, "state": state, "error": error[:200]}
    await connection.execute(update(inbound).where(inbound.c.id == row_id).values(**values))
    return state
