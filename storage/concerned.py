"""What the staff see of the people of a house: who owns it, who is what beside them, and how it came to be theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.house import House
from bot.core.people import Person
from bot.core.transfer import OPEN, Recorded
from storage.households import house_of
from storage.people import load_people
from storage.tables import addresses, house_people, houses, mandates, people
from storage.transfers import owners_of, recorded_at, staff_members


@dataclass(frozen=True, slots=True)
class Concerned:
    """The people of one house."""

    house: House
    mandated: bool
    keeper: str
    owners: Sequence[Person]
    near: Sequence[Row[Any]]
    changes: Sequence[Recorded]
    staff: dict[str, str]
    people: dict[str, Person]  # everybody named in it
    agreed: dict[str, bool]  # who has agreed to the mandate, and whether that holds after their death

    @property
    def last(self) -> Recorded | None:
        """The latest change of owners that can be undone: while nobody in it has been erased."""
        found = next((one for one in reversed(self.changes) if one.state == OPEN), None)
        erased = found is not None and any(self.people[one].erased for one in found.leaving)
        return None if erased else found


async def concerned_at(connection: AsyncConnection, house_id: str) -> Concerned | None:
    """None for a house that is not there."""
    row = (await connection.execute(select(houses).where(houses.c.id == house_id))).one_or_none()
    if row is None:
        return None
    query = select(house_people).where(house_people.c.house_id == house_id, house_people.c.until_on.is_(None))
    near = (await connection.execute(query.order_by(house_people.c.scope, house_people.c.person_id))).all()
    owners, changes = await owners_of(connection, house_id), await recorded_at(connection, house_id)
    named = {one for change in changes for one in (*change.leaving, *change.arriving)}
    named |= {one.person_id for one in near} | {owner.id for owner in owners}
    return Concerned(
        house=house_of(row),
        mandated=row.mandated,
        keeper=row.keeper_id,
        owners=owners,
        near=near,
        changes=changes,
        staff=await staff_members(connection),
        people=await load_people(connection, named),
        agreed=await _agreed(connection, house_id),
    )


async def _agreed(connection: AsyncConnection, house_id: str) -> dict[str, bool]:
    living = (mandates.c.house_id == house_id, mandates.c.withdrawn_on.is_(None), mandates.c.mandate_on.is_not(None))
    rows = await connection.execute(select(mandates.c.person_id, mandates.c.outlives).where(*living))
    return {row.person_id: row.outlives for row in rows}


async def known_at(connection: AsyncConnection, channel: str, address: str, name: str) -> str | None:
    """The person of that name at that address, if we know one: whoever buys two houses is one person."""
    here = (addresses.c.channel == channel, func.lower(addresses.c.address) == address.lower())
    query = select(people.c.id).join(addresses, addresses.c.person_id == people.c.id)
    same = query.where(*here, people.c.name == name, people.c.id.like("owner:%"), people.c.erased_on.is_(None))
    return (await connection.execute(same.order_by(people.c.id).limit(1))).scalar()
