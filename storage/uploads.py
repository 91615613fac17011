"""Files that lie ready for a day, so that what was looked at is what is taken in."""

from collections.abc import Collection
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import uploads

MOST_IN_A_SPAN, SPAN = 60, timedelta(hours=1)  # files of one person


async def note_upload(connection: AsyncConnection, person_id: str, file: tuple[str, str], now: datetime) -> None:
    """A file (its reference, and how the person called it) lies ready from now on."""
    ref, name = file
    await forget_uploads(connection, [ref])
    await connection.execute(insert(uploads).values(ref=ref, person_id=person_id, kept_at=now, file_name=name))


async def upload_at(connection: AsyncConnection, person_id: str, ref: str) -> str | None:
    """How a person called the file; None where it does not lie ready, or is not theirs."""
    query = select(uploads.c.file_name).where(uploads.c.ref == ref, uploads.c.person_id == person_id)
    return (await connection.execute(query)).scalar()


async def rest_of_uploads(connection: AsyncConnection, person_id: str, now: datetime) -> int:
    """Seconds until more is laid ready for somebody by mail, which others can write too; 0 for at once."""
    mine = (uploads.c.person_id == person_id, uploads.c.kept_at > now - SPAN)
    newest = select(uploads.c.kept_at).where(*mine).order_by(uploads.c.kept_at.desc())
    at = (await connection.execute(newest.offset(MOST_IN_A_SPAN - 1).limit(1))).scalar()
    return max(1, ceil((at + SPAN - now).total_seconds())) if at is not None else 0


async def forget_uploads(connection: AsyncConnection, refs: Collection[str]) -> None:
    await connection.execute(delete(uploads).where(uploads.c.ref.in_(list(refs))))
