"""Who is of the staff under their own name: taken in, listed, and removed without leaving anything that they held."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.absence import State
from bot.core.case import Phase
from bot.core.days import civil
from bot.core.outcome import Deed
from bot.core.passing import give_back
from bot.core.people import STAFF_DESK
from bot.core.rights import StaffRole
from storage import handovers, restored
from storage.cases import load_scenes
from storage.commit import commit
from storage.households import load_households, lock_houses
from storage.people import OF_STAFF, end_account, end_address, has_left_staff, load_people, person_at
from storage.pins import Pins
from storage.record import SERVICE, Seal, append
from storage.sessions import end_all
from storage.signatures import fall_with
from storage.store import Store
from storage.tables import absences, addresses, cases, houses, people, sessions, watches

BATCH = 50  # cases in one transaction


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the staff, by id, and what they are called."""

    id: str
    name: str
    role: str = ""  # see bot.core.rights; where it is not given, what it was stays
    accounts: tuple[tuple[str, str], ...] = ()  # (channel, address): where they write from, and get a link to sign in


async def take_in(connection: AsyncConnection, seal: Seal, member: Member, now: datetime) -> bool:
    """They are of the staff from now on, or are called something else. False for who was removed: an id is one
    person's for good, and so a link that was theirs stays dead."""
    if await has_left_staff(connection, member.id):
        return False
    before = (await connection.execute(select(people.c.staff_role).where(people.c.id == member.id))).first()
    values = {"name": member.name} | ({"staff_role": member.role} if member.role else {})
    if before is None:
        await connection.execute(insert(people).values(id=member.id, **values))
    else:
        await connection.execute(update(people).where(people.c.id == member.id).values(values))
    kind = "staff_added" if before is None else "staff_role_changed"
    if before is None or (member.role and member.role != before.staff_role):
        deed = Deed(kind, STAFF_DESK, {"person": member.id, "role": member.role or StaffRole.OFFICER})
        await append(connection, seal, [(SERVICE, deed)], now)
    for channel, address in member.accounts:
        await _own_account(connection, member.id, (channel, address), now)
    return True


async def _own_account(connection: AsyncConnection, person_id: str, account: tuple[str, str], now: datetime) -> None:
    """From now on who writes from there is they, and nobody else: also who turned up at the desk under that account."""
    if (theirs := await person_at(connection, *account)) == person_id:
        return
    if theirs is not None:
        await end_account(connection, account, "staff", now)
    channel, address = account
    values = {"person_id": person_id, "channel": channel, "address": address, "verified": True}
    await connection.execute(delete(addresses).where(*(addresses.c[name] == value for name, value in values.items())))
    await connection.execute(insert(addresses).values(values))


async def all_staff(connection: AsyncConnection, now: datetime) -> list[dict[str, Any]]:
    """Everybody who is or was of the staff under their own name, with their role, their accounts, how many cases they
    hold, and at how many places they are signed in."""
    query = select(people.c.id, people.c.name, people.c.ended_on, people.c.staff_role).where(
        OF_STAFF, people.c.id != STAFF_DESK
    )
    rows = (await connection.execute(query.order_by(people.c.id))).all()
    held = select(cases.c.holder, func.count()).where(cases.c.phase != Phase.CLOSED, cases.c.holder.like("staff:%"))
    counts = {row[0]: row[1] for row in await connection.execute(held.group_by(cases.c.holder))}
    entered = select(sessions.c.person_id, func.count()).where(sessions.c.ended_at.is_(None), sessions.c.until > now)
    signed_in = {row[0]: row[1] for row in await connection.execute(entered.group_by(sessions.c.person_id))}
    living = select(addresses.c.person_id, addresses.c.channel).where(addresses.c.ended_at.is_(None))
    reached = (await connection.execute(living.where(addresses.c.person_id.in_([row.id for row in rows])))).all()
    return [
        {
            "id": row.id,
            "name": row.name,
            "role": row.staff_role or StaffRole.OFFICER.value,
            "channels": sorted({one.channel for one in reached if one.person_id == row.id}),
            "holds": counts.get(row.id, 0),
            "sessions": signed_in.get(row.id, 0),
            "removed_on": row.ended_on.isoformat() if row.ended_on else None,
        }
        for row in rows
    ]


async def remove(store: Store, person_id: str, now: datetime) -> int | None:
    """They are of the staff no longer, at once; then what they proposed falls, and what they hold goes to the desk, a
    batch a transaction.

    How many cases went there; None where nobody of the staff has that id. Broken off, it goes on when called again.
    """
    async with store.write() as connection:
        if not await _end_access(connection, store.pins.seal, person_id, now):
            return None
    async with store.write() as connection:
        await fall_with(connection, store.pins, person_id, now)
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
    await end_all(connection, person_id, now)
    await connection.execute(update(houses).where(houses.c.keeper_id == person_id).values(keeper_id=""))
    await connection.execute(update(watches).where(watches.c.holder == person_id).values(holder=STAFF_DESK))
    await handovers.give_back(connection, person_id)
    await connection.execute(update(absences).where(absences.c.person_id == person_id).values(state=State.OVER))
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
