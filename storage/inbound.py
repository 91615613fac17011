"""What came in, stored before it is understood: one row per event, unique by channel and event id."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, exists, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.arrival import Attachment, Event
from storage.tables import inbound, outbox, spelled

NEW, DONE, FAILED = "new", "done", "failed"
EXPIRED = "expired"  # was done; its words are gone
GAPS = (timedelta(minutes=1), timedelta(minutes=5))  # before the second try, and before the last
TRIES = len(GAPS) + 1
KEEP = {
    dialect: insert(inbound)
    .on_conflict_do_nothing(index_elements=["channel", "event_id"])
    .returning(inbound.c.id, inbound.c.channel, inbound.c.event_id)
    for dialect, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}


async def keep(
    connection: AsyncConnection, channel: str, event_id: str, raw: Mapping[str, Any], now: datetime
) -> int | None:
    """Stores an event; its row id, or None if it was stored before."""
    return (await keep_all(connection, [(channel, Event(event_id, raw))], now)).get((channel, event_id))


async def keep_all(
    connection: AsyncConnection, events: Sequence[tuple[str, Event]], now: datetime
) -> dict[tuple[str, str], int]:
    """Stores events, each with its channel, in one statement; the row ids, by channel and event id, of the new ones."""
    statement = KEEP[connection.dialect.name]
    rows = [
        {"channel": name, "event_id": event.id, "received_at": now, "raw": dict(event.raw)} for name, event in events
    ]
    kept = (await connection.execute(statement, rows)).all() if rows else []
    return {(row.channel, row.event_id): row.id for row in kept}


async def event_under(connection: AsyncConnection, channel: str, prefix: str) -> Row[str, str] | None:
    """The first event of a channel whose id begins so, with its state; a prefix ends with a colon."""
    mine = (inbound.c.channel == channel, inbound.c.event_id >= prefix, inbound.c.event_id < f"{prefix[:-1]};")
    query = select(inbound.c.event_id, inbound.c.state).where(*mine).order_by(inbound.c.event_id).limit(1)
    return (await connection.execute(query)).one_or_none()


async def next_new(connection: AsyncConnection, after: int, now: datetime) -> Row[int, str, Any] | None:
    """The oldest event after this row that is to be understood now: its row, channel and raw."""
    columns = (inbound.c.id, inbound.c.channel, inbound.c.raw)
    ripe = or_(inbound.c.retry_at.is_(None), inbound.c.retry_at <= now)
    query = select(*columns).where(inbound.c.state == spelled(NEW), inbound.c.id > after, ripe)
    return (await connection.execute(query.order_by(inbound.c.id).limit(1))).one_or_none()


async def take(connection: AsyncConnection, row_id: int) -> Row[Any] | None:
    """The event, locked, if it is still to be understood."""
    query = select(inbound).where(inbound.c.id == row_id, inbound.c.state == NEW)
    if connection.dialect.name != "sqlite":
        query = query.with_for_update(skip_locked=True)
    return (await connection.execute(query)).one_or_none()


async def read(connection: AsyncConnection, row_id: int) -> Row[str, Any, int] | None:
    """The event, if it is still to be understood."""
    columns = (inbound.c.channel, inbound.c.raw, inbound.c.tries)
    query = select(*columns).where(inbound.c.id == row_id, inbound.c.state == NEW)
    return (await connection.execute(query)).one_or_none()


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said, as its channel understood it; it expires with the event.

    ``withdraws`` is the platform's id of the message that they took back by it.
    """

    text: str = ""
    action: str = ""
    files: Sequence[Attachment] = ()
    message_id: str = ""
    withdraws: str = ""


async def settle(connection: AsyncConnection, row_id: int, person_id: str, said: Said) -> None:
    words = {"text": said.text, "action": said.action, "files": [asdict(file) for file in said.files]}
    values = {"state": DONE, "person_id": person_id, "said": words}
    ids = {"message_id": said.message_id, "withdraws": said.withdraws}
    await connection.execute(update(inbound).where(inbound.c.id == row_id).values(**values, **ids))


async def hold_message(connection: AsyncConnection, channel: str, message_id: str) -> None:
    """Until the end of the transaction nobody else handles this message of a platform, or that it was taken back.

    Both may be under way at once, and the one that comes second has to see the other.
    """
    if connection.dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:message, 0))")
        await connection.execute(lock, {"message": f"{channel} {message_id}"})


async def taken_back(connection: AsyncConnection, channel: str, message_id: str) -> bool:
    """Whether this message was withdrawn before it was understood: that news may overtake it."""
    withdrawn = exists().where(inbound.c.withdraws == message_id, inbound.c.channel == channel)
    return bool(message_id) and bool((await connection.execute(select(withdrawn))).scalar())


def files_of(raw: Mapping[str, Any], said: Mapping[str, Any]) -> set[str]:
    """The files of an event: on a page of ours they came with it, from a platform they were fetched for it."""
    return {str(file["ref"]) for file in (*raw.get("files", ()), *said.get("files", ()))}


async def in_no_other(connection: AsyncConnection, row_id: int, person_id: str, refs: Collection[str]) -> list[str]:
    """Those of a person's files that came with no event but this: the same file sent twice lies there once."""
    query = select(inbound.c.raw, inbound.c.said).where(inbound.c.person_id == person_id, inbound.c.id != row_id)
    rows = (await connection.execute(query)).all() if refs else []
    return sorted(set(refs).difference(*(files_of(*row) for row in rows)))


async def row_of_message(
    connection: AsyncConnection, channel: str, message_id: str
) -> Row[int, Any, Any, datetime] | None:
    """The event in which the platform's message came in: its id, what it brought, and when it came.

    None while it is still to be understood: then it finds out itself that it was taken back.
    """
    columns = (inbound.c.id, inbound.c.raw, inbound.c.said, inbound.c.received_at)
    mine = (inbound.c.message_id == message_id, inbound.c.channel == channel, inbound.c.state != NEW)
    query = select(*columns).where(*mine)
    return (await connection.execute(query.order_by(inbound.c.id.desc()).limit(1))).one_or_none()


async def told(connection: AsyncConnection, person_id: str, key: str) -> Row[Any, Any] | None:
    """The message of ours to this person under this key: its parts, and its language."""
    query = select(outbox.c.parts, outbox.c.language).where(outbox.c.key == key, outbox.c.person_id == person_id)
    return (await connection.execute(query)).one_or_none() if key else None


async def case_asked(connection: AsyncConnection, person_id: str, key: str) -> str:
    """The case that a message of ours to this person was about, where what came in says that it answers it."""
    row = await told(connection, person_id, key)
    named = {part["case"] for part in row.parts} if row is not None else set()
    return str(named.pop()) if len(named) == 1 else ""


async def postpone(connection: AsyncConnection, row_id: int, until: datetime) -> None:
    """It waits until then, and that counts for no try."""
    waits = (inbound.c.id == row_id, inbound.c.state == NEW)
    await connection.execute(update(inbound).where(*waits).values(retry_at=until))


@dataclass(frozen=True, slots=True)
class Tried:
    """An event that is being handled, how often that was tried before, and the platform's id of the message, if it
    could be read: what was laid aside can be taken back like anything else."""

    row_id: int
    before: int
    message_id: str = ""


async def stumble(connection: AsyncConnection, tried: Tried, error: str, now: datetime) -> str:
    """An event that could not be handled is tried again later, and at last laid aside where it shows; its new state.

    Where somebody else has handled it meanwhile, or has failed at it as well, this try does not count: the state is
    empty.
    """
    tries = tried.before + 1
    state, gap = (FAILED, None) if tries >= TRIES else (NEW, GAPS[tries - 1])
    mine = (inbound.c.id == tried.row_id, inbound.c.state == NEW, inbound.c.tries == tried.before)
    values = {"tries": tries, "state": state, "error": error[:200], "retry_at": now + gap if gap else None}
    named = update(inbound).where(*mine).values(**values, message_id=tried.message_id)
    return state if (await connection.execute(named)).rowcount else ""
