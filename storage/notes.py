"""What was told of a house, as rows, one a topic: kept, taken back, and gone with the owners whose it is.

How to get in is its owners': it goes with the last of them, and what one of several told goes with that one. Nothing
brings it back, not even a change of owners that is undone. The builder's guarantee stays with the house.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, delete, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.notes import OF_THE_OWNER, Note, Noted, Topic
from bot.core.people import Role
from storage.scopes import decide_at
from storage.tables import house_owners, houses, notes, people

Data = Mapping[str, Any]
CONTENT = ("text", "until_on", "told_by", "told_on")


async def noted_at(connection: AsyncConnection, house_id: str) -> Noted | None:
    """None for a house that is not there."""
    query = select(houses.c.handed_over_on).where(houses.c.id == house_id)
    since = (await connection.execute(query)).scalar()
    if since is None:
        return None
    owners = set((await connection.execute(decide_at(house_id))).scalars())
    return Noted(house_id, owners, since, await notes_of(connection, house_id))


async def notes_of(connection: AsyncConnection, house_id: str) -> dict[Topic, Note]:
    rows = (await connection.execute(select(notes).where(notes.c.house_id == house_id))).all()
    return {Topic(row.topic): _note(row) for row in rows}


def _note(row: Row[Any]) -> Note:
    return Note(Topic(row.topic), row.text, row.told_by, row.told_on, row.until_on)


async def note_told(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    """In the place of the one before it."""
    note: Note = data["note"]
    await note_taken_back(connection, house_id, {"topic": note.topic}, now)
    content = {name: getattr(note, name) for name in CONTENT}
    await connection.execute(insert(notes).values(house_id=house_id, topic=note.topic, **content))


async def note_taken_back(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    await connection.execute(delete(notes).where(notes.c.house_id == house_id, notes.c.topic == data["topic"]))


async def forget_notes(connection: AsyncConnection, house_ids: Collection[str], going: Collection[str]) -> None:
    """What is the owners' own, at houses that these people leave or come to: theirs, and all of it where nobody stays.

    Whoever comes is named among them as well: a new owner inherits nothing of how their predecessor was visited.
    """
    living = house_owners.join(people, people.c.id == house_owners.c.person_id)
    stays = select(house_owners.c.house_id).select_from(living)
    stays = stays.where(house_owners.c.house_id.in_(house_ids), house_owners.c.until_on.is_(None))
    stays = stays.where(house_owners.c.person_id.not_in(going), people.c.erased_on.is_(None))
    gone = or_(notes.c.told_by.in_(going), notes.c.house_id.not_in(stays))
    here = (notes.c.house_id.in_(house_ids), notes.c.topic.in_(OF_THE_OWNER))
    await connection.execute(delete(notes).where(*here, gone))


async def forget_notes_of(connection: AsyncConnection, person_id: str) -> None:
    """Of one person whose own data go: at houses that are theirs, and wherever else they told us anything."""
    told = select(notes.c.house_id).where(notes.c.told_by == person_id)
    house_ids = set((await connection.execute(_owned(person_id).union(told))).scalars())
    await forget_notes(connection, house_ids, [person_id])


def own_notes(person_id: str) -> Select[Any]:
    """What a person told, and what the staff noted of how to get into a house that is theirs now."""
    by_staff = and_(notes.c.told_by.like(f"{Role.STAFF}:%"), notes.c.topic.in_(OF_THE_OWNER))
    mine = or_(notes.c.told_by == person_id, and_(notes.c.house_id.in_(_owned(person_id)), by_staff))
    return select(notes).where(mine).order_by(notes.c.house_id, notes.c.topic)


def _owned(person_id: str) -> Select[Any]:
    """The houses that are a person's now."""
    mine = (house_owners.c.person_id == person_id, house_owners.c.until_on.is_(None))
    return select(house_owners.c.house_id).where(*mine)
