"""Who is of the staff under their own name: taken in, listed, and removed without leaving anything that they held."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import Phase
from bot.core.days import civil
from bot.core.desk import give_back
from bot.core.outcome import Deed
from bot.core.people import STAFF_DESK
from storage import handovers, restored
from storage.cases import load_scenes
from storage.commit import commit
from storage.households import load_households, lock_houses
from storage.people import OF_STAFF, end_address, has_left_staff, load_people
from storage.pins import Pins
from storage.record import SERVICE, Seal, append
from storage.store import Store
from storage.tables import addresses, cases, houses, people, watches

BATCH = 50  # cases in one transaction


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the staff, by id, and what they are called."""

    id: str
    name: str


async def take_in(connection: AsyncConnection, seal: Seal, member: Member, now: datetime) -> bool:
    """They are of the staff from now on, or are called something else. False for who was removed: an id is one
    person's for good, and so a link that was theirs stays dead."""
    if await has_left_staff(connection, member.id):
        return False
    renamed = update(people).where(people.c.id == member.id).values(name=member.name)
    if (await connection.execute(renamed)).rowcount == 0:
        await connection.execute(insert(people).values(id=member.id, name=member.name))
        await append(connection, seal, [(SERVICE, Deed("staff_added", STAFF_DESK, {"person": member.id}))], now)
    return True


async def all_staff(connection: AsyncConnection) -> list[dict[str, Any]]:
    """Everybody who is or was of the staff under their own name, with their accounts and how many cases they hold."""
    query = select(people.c.id, people.c.name, people.c.ended_on).where(OF_STAFF, people.c.id != STAFF_DESK)
    rows = (await connection.execute(query.order_by(people.c.id))).all()
    held = select(cases.c.holder, func.count()).where(cases.c.phase != Phase.CLOSED, cases.c.holder.like("staff:%"))
    counts = {row[0]: row[1] for row in await connection.execute(held.group_by(cases.c.holder))}
    living = select(addresses.c.person_id, addresses.c.channel).where(addresses.c.ended_at.is_(None))
    reached = (await connection.execute(living.where(addresses.c.person_id.in_([row.id for row in rows])))).all()
    return [
        {
            "id": row.id,
            "name": row.name,
            "channels": sorted({one.channel for one in reached if one.person_id == row.id}),
            "holds": counts.get(row.id, 0),
            "removed_on": row.ended_on.isoformat() if row.ended_on else None,
        }
        for row in rows
    ]


async def remove(store: Store, person_id: str, now: datetime) -> int | None:
    """They are of the staff no longer, at once; then what they hold goes to the desk, a batch a transaction.

    How many cases went there; None where nobody of the staff has that id. Broken off, it goes on when called again.
    """
    async with store.write() as connection:
        if not await _end_access(connection, store.pins.seal, person_id, now):
            return None
    given = 0
    while True:
        async with store.write() as connection:
            more = await _hand_back(connection, store.pins, person_id, now)
        if not more:
            return given
        given += more


async def _end_access(connection: AsyncConnection, seal: Seal, person_id: str, now: datetime) -> bool:
    """They can do nothing any more, and keep no house. False where nobody of the staff has that id."""
    person = (await load_people(connection, [person_id])).get(person_id)
    if person is None:
        return False
    if not person.active:
        return True
    today = civil(now)
    await connection.execute(update(people).where(people.c.id == person_id).values(ended_on=today))
    for address in person.addresses:
        await end_address(connection, person_id, address.channel, "removed", now)
    await connection.execute(update(houses).where(houses.c.keeper_id == person_id).values(keeper_id=""))
    await connection.execute(update(watches).where(watches.c.holder == person_id).values(holder=STAFF_DESK))
    await handovers.give_back(connection, person_id)
    await restored.give_back(connection, person_id, today)
    await append(connection, seal, [(SERVICE, Deed("staff_removed", STAFF_DESK, {"person": person_id}))], now)
    return True


async def _hand_back(connection: AsyncConnection, pins: Pins, person_id: str, now: datetime) -> int:
    """A batch of their cases goes to the desk; how many, 0 once there is none."""
    mine = (cases.c.holder == person_id, cases.c.phase != Phase.CLOSED)
    query = select(cases.c.id, cases.c.house_id).where(*mine).order_by(cases.c.id).limit(BATCH)
    found = {row.id: row.house_id for row in await connection.execute(query)}
    await lock_houses(connection, set(found.values()))
    households = await load_households(connection, set(found.values()))
    scenes = (await load_scenes(connection, list(found), households)).values()
    held = [scene for scene in scenes if scene.case.holder == person_id]
    await commit(connection, pins, [give_back(scene, person_id, now) for scene in held], now)
    return len(found)
