"""Where somebody of the staff is signed in. The browser holds a word of chance, the row its digest: a copy of the
database lets nobody in, and each session can be ended from here."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import sessions

WORD = 32  # bytes of chance


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody comes in: who, by which way, for how long, and by what that serves only once (empty: by nothing)."""

    person_id: str
    way: str
    life: timedelta
    ticket: str = ""


async def begin(connection: AsyncConnection, entry: Entry, now: datetime) -> str | None:
    """The word that opens the new session; None where its ticket was used before."""
    word = secrets.token_urlsafe(WORD)
    values = {
        "digest": _digest(word),
        "person_id": entry.person_id,
        "way": entry.way,
        "ticket": entry.ticket or None,
        "began_at": now,
        "until": now + entry.life,
    }
    dialect: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    added = dialect.insert(sessions).values(values).on_conflict_do_nothing(index_elements=["ticket"])
    return word if (await connection.execute(added)).rowcount else None


async def session_at(connection: AsyncConnection, word: str, now: datetime) -> tuple[int, str] | None:
    """The living session that this word opens: its number, and whose it is."""
    living = (sessions.c.ended_at.is_(None), sessions.c.until > now)
    query = select(sessions.c.id, sessions.c.person_id).where(sessions.c.digest == _digest(word), *living)
    row = (await connection.execute(query)).first()
    return (row.id, row.person_id) if row is not None else None


async def sessions_of(connection: AsyncConnection, person_id: str, now: datetime) -> list[Any]:
    """Where they are signed in now, the newest first."""
    living = (sessions.c.ended_at.is_(None), sessions.c.until > now)
    query = select(sessions.c.id, sessions.c.way, sessions.c.began_at, sessions.c.until)
    query = query.where(sessions.c.person_id == person_id, *living).order_by(sessions.c.id.desc())
    return list((await connection.execute(query)).all())


async def end(connection: AsyncConnection, session_id: int, now: datetime) -> None:
    here = (sessions.c.id == session_id, sessions.c.ended_at.is_(None))
    await connection.execute(update(sessions).where(*here).values(ended_at=now))


async def end_all(connection: AsyncConnection, person_id: str, now: datetime) -> int:
    """Ends every session of one person; how many there were."""
    theirs = (sessions.c.person_id == person_id, sessions.c.ended_at.is_(None))
    return (await connection.execute(update(sessions).where(*theirs).values(ended_at=now))).rowcount


def _digest(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()
