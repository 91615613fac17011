"""Who of the staff looked at whose data, and why. The list is only added to; docs/retention.md says for how long."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import Phase
from bot.core.people import Role
from storage.people import OF_STAFF
from storage.tables import cases, handover_houses, house_owners, looks, people

PAGE = 200
ALIKE = 20  # people of one name
LIST = "list"  # why a house was seen among others: the reason of no later look
FILE = "file"  # why one photo was opened, which stood on a page: no reason to open the rest of who sent it
COMMAND = "command"  # why, for what a command printed
OPERATOR = "operator"  # who runs commands on the machine; of no session
WITH_STAFF = (cases.c.phase != Phase.CLOSED, cases.c.holder.like(f"{Role.STAFF}:%"))


@dataclass(frozen=True, slots=True)
class Look:
    """``door`` is the pattern of the page's address, ``seen`` a person, where it was no house. Of a photo
    it is who sent it, and ``why`` names the file.
    """

    by: str
    session_id: int
    door: str
    why: str
    house_id: str = ""
    seen: str = ""


OF_LOOK = ("by", "session_id", "door", "why", "house_id", "seen")


@dataclass(frozen=True, slots=True)
class Sought:
    """What an auditor asks for: looks at a house, at any of these people or their houses, by one of the staff."""

    house_id: str = ""
    people: Sequence[str] | None = None  # None: whoever it was
    by: str = ""


async def note_looks(connection: AsyncConnection, seen: Iterable[Look], now: datetime) -> None:
    rows = [{"at": now, **{name: getattr(look, name) for name in OF_LOOK}} for look in seen]
    if rows:
        await connection.execute(insert(looks), rows)


async def reason_given(connection: AsyncConnection, session_id: int, house_id: str, seen: str) -> str:
    """What they said at an earlier look of the same session; empty where this is the first.

    That it stood on a list which they had before them, or that they saw a photo, is no reason to open it.
    """
    same = (looks.c.session_id == session_id, looks.c.house_id == house_id, looks.c.seen == seen)
    said = (looks.c.why != LIST, looks.c.why.not_like(f"{FILE}:%"))
    query = select(looks.c.why).where(*same, *said).order_by(looks.c.id.desc()).limit(1)
    return (await connection.execute(query)).scalar() or ""


async def matter_of(connection: AsyncConnection, house_id: str) -> str:
    """An open case of this house that lies with the staff; empty where there is none."""
    query = select(cases.c.id).where(cases.c.house_id == house_id, *WITH_STAFF).order_by(cases.c.id).limit(1)
    return (await connection.execute(query)).scalar() or ""


async def with_staff(connection: AsyncConnection, case_id: str) -> bool:
    """Whether this case is open and lies with the staff."""
    query = select(cases.c.id).where(cases.c.id == case_id, *WITH_STAFF)
    return (await connection.execute(query)).scalar() is not None


async def in_handover(connection: AsyncConnection, number: int, house_id: str) -> bool:
    """Whether the house is one of this handover's."""
    mine = (handover_houses.c.handover_id == number, handover_houses.c.house_id == house_id)
    return (await connection.execute(select(handover_houses.c.house_id).where(*mine))).scalar() is not None


async def matter_with(connection: AsyncConnection, person_id: str) -> str:
    """An open case that lies with the staff, of a house that this person owns."""
    theirs = (house_owners.c.person_id == person_id, house_owners.c.until_on.is_(None))
    query = select(cases.c.id).join(house_owners, house_owners.c.house_id == cases.c.house_id)
    return (await connection.execute(query.where(*theirs, *WITH_STAFF).order_by(cases.c.id).limit(1))).scalar() or ""


async def looks_at(connection: AsyncConnection, sought: Sought, before: int | None = None) -> list[Row[Any]]:
    """A page of the looks that are asked for, the newest first.

    Where everything is asked for, a list is one line; whom it showed is found by the house, the person or the looker.
    """
    query = select(looks)
    if sought.house_id:
        query = query.where(looks.c.house_id == sought.house_id)
    if sought.people is not None:
        owned = select(house_owners.c.house_id).where(house_owners.c.person_id.in_(sought.people))
        query = query.where(or_(looks.c.seen.in_(sought.people), looks.c.house_id.in_(owned)))
    if sought.by:
        query = query.where(looks.c.by == sought.by)
    if sought == Sought():
        query = query.where(or_(looks.c.why != LIST, and_(looks.c.house_id == "", looks.c.seen == "")))
    if before is not None:
        query = query.where(looks.c.id < before)
    return list(await connection.execute(query.order_by(looks.c.id.desc()).limit(PAGE)))


async def people_called(connection: AsyncConnection, wanted: str) -> list[str]:
    """Who has this id, with or without its role before it, or a name that begins so; empty for nobody known."""
    ids = [wanted, *(f"{role}:{wanted}" for role in (Role.OWNER, Role.SERVICER))]
    named = people.c.name.startswith(wanted, autoescape=True)
    query = select(people.c.id).where(or_(people.c.id.in_(ids), named)).order_by(people.c.id)
    return list((await connection.execute(query.limit(ALIKE))).scalars())


async def who_looks(connection: AsyncConnection) -> dict[str, str]:
    """Everybody who is or was of the staff, with their names, by id."""
    query = select(people.c.id, people.c.name).where(OF_STAFF).order_by(people.c.id)
    return {row.id: row.name for row in await connection.execute(query)}
