"""Of every message, its last attempt is on record."""

from collections.abc import AsyncIterator

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.audit.finding import Finding
from storage.tables import attempts, outbox


async def untold(connection: AsyncConnection, after: int = 0, upto: int | None = None) -> AsyncIterator[Finding]:
    """Of the messages after the one, up to the other and with it; of all by default."""
    last = select(attempts.c.id).where(attempts.c.outbox_id == outbox.c.id, attempts.c.number == outbox.c.attempts)
    missing = select(outbox.c.id).where(outbox.c.id > after, outbox.c.attempts > 0, ~last.exists())
    some = missing if upto is None else missing.where(outbox.c.id <= upto)
    for row_id in (await connection.execute(some)).scalars():
        yield Finding("attempt_missing", f"outbox#{row_id}")
