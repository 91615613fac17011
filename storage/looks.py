"""Who of the staff looked at whose data, and why. The list is only added to; docs/retention.md says for how long."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import Phase
from bot.core.people import Role
from storage.tables import cases, house_owners, looks

PAGE = 200
WITH_STAFF = (cases.c.phase != Phase.CLOSED, cases.c.holder.like(f"{Role.STAFF}:%"))


@dataclass(frozen=True, slots=True)
class Look:
    """``door`` is the pattern of the page's address; ``seen`` a person or a file, where it was no house."""

    by: str
    session_id: int
    door: str
    why: str
    house_id: str = ""
    seen: str = ""


async def note_look(connection: AsyncConnection, look: Look, now: datetime) -> None:
    values = {"at": now, "by": look.by, "session_id": look.session_id, "door": look.door, "why": look.why}
    await connection.execute(insert(looks).values(**values, house_id=look.house_id, seen=look.seen))


async def reason_given(connection: AsyncConnection, session_id: int, house_id: str, seen: str) -> str:
    """What they said at an earlier look of the same session; empty where this is the first."""
    same = (looks.c.session_id == session_id, looks.c.house_id == house_id, looks.c.seen == seen)
    query = select(looks.c.why).where(*same).order_by(looks.c.id.desc()).limit(1)
    return (await connection.execute(query)).scalar() or ""


async def matter_of(connection: AsyncConnection, house_id: str) -> str:
    """An open case of this house that lies with the staff; empty where there is none."""
    query = select(cases.c.id).where(cases.c.house_id == house_id, *WITH_STAFF).order_by(cases.c.id).limit(1)
    return (await connection.execute(query)).scalar() or ""


async def matter_with(connection: AsyncConnection, person_id: str) -> str:
    """An open case that lies with the staff, of a house that this person owns."""
    theirs = (house_owners.c.person_id == person_id, house_owners.c.until_on.is_(None))
    query = select(cases.c.id).join(house_owners, house_owners.c.house_id == cases.c.house_id)
    return (await connection.execute(query.where(*theirs, *WITH_STAFF).order_by(cases.c.id).limit(1))).scalar() or ""


async def looks_at(
    connection: AsyncConnection, house_id: str = "", by: str = "", before: int | None = None
) -> list[Row[Any]]:
    """The looks at a house, of one of the staff, or all of them: a page, the newest first."""
    query = select(looks)
    if house_id:
        query = query.where(looks.c.house_id == house_id)
    if by:
        query = query.where(looks.c.by == by)
    if before is not None:
        query = query.where(looks.c.id < before)
    return list(await connection.execute(query.order_by(looks.c.id.desc()).limit(PAGE)))
