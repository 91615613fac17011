"""Files that lie ready for a day, so that what was looked at is what is taken in."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import uploads


async def note_upload(connection: AsyncConnection, person_id: str, file: tuple[str, str], now: datetime) -> None:
    """A file (its reference, and how the person called it) lies ready from now on."""
    ref, name = file
    await forget_uploads(connection, [ref])
    await connection.execute(insert(uploads).values(ref=ref, person_id=person_id, kept_at=now, file_name=name))


async def upload_at(connection: AsyncConnection, person_id: str, ref: str) -> str | None:
    """How a person called the file; None where it does not lie ready, or is not theirs."""
    query = select(uploads.c.file_name).where(uploads.c.ref == ref, uploads.c.person_id == person_id)
    return (await connection.execute(query)).scalar()


async def forget_uploads(connection: AsyncConnection, refs: Collection[str]) -> None:
    await connection.execute(delete(uploads).where(uploads.c.ref.in_(list(refs))))
