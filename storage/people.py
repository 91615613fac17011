"""People and their addresses."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, and_, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.business import WEEKDAYS
from bot.core.people import STAFF_DESK, Address, Person, Role, of_named_staff
from storage.tables import addresses, house_owners, people, servicers

# What every batch asks, put together once: building a statement costs as much as running it.
_wanted: BindParameter[Any] = bindparam("wanted", expanding=True)
PEOPLE = select(
    *(people.c.id, people.c.name, people.c.language, people.c.hour_from, people.c.hour_until),
    *(people.c.ended_on, people.c.erased_on, people.c.bereaved_on, people.c.staff_role),
).where(people.c.id.in_(_wanted))
LIVING = (
    select(addresses.c.person_id, addresses.c.channel, addresses.c.address, addresses.c.rank, addresses.c.verified)
    .where(addresses.c.person_id.in_(_wanted), addresses.c.ended_at.is_(None), addresses.c.verified)
    .order_by(addresses.c.rank, addresses.c.channel)
)
OF_STAFF = people.c.id.like(f"{Role.STAFF}:%")
AT_WORK = and_(OF_STAFF, people.c.id != STAFF_DESK, people.c.ended_on.is_(None))  # under their own name
IN_BUSINESS = ("", "営業")  # what a company's status says while it is
FIRMS = select(servicers.c.id, servicers.c.closing_days, servicers.c.status, servicers.c.closed_on).where(
    servicers.c.id.in_(_wanted)
)


async def load_people(connection: AsyncConnection, person_ids: Iterable[str]) -> dict[str, Person]:
    """The people by id, with their living, verified addresses in their own order."""
    wanted = set(person_ids)
    if not wanted:
        return {}
    known = await _addresses(connection, wanted)
    firms = await _firms(connection, wanted)
    found = {}
    for row in (await connection.execute(PEOPLE, {"wanted": list(wanted)})).all():
        closing, active, closed_on = firms.get(row.id, ((), True, None))
        found[row.id] = Person(
            id=row.id,
            name=row.name,
            language=row.language,
            addresses=tuple(known[row.id]),
            hours=(row.hour_from, row.hour_until),
            closing_days=closing,
            active=active and row.ended_on is None and row.erased_on is None and row.bereaved_on is None,
            erased=row.erased_on is not None,
            bereaved=row.bereaved_on is not None,
            closed_on=closed_on,
            staff_role=row.staff_role,
        )
    return found


async def _addresses(connection: AsyncConnection, wanted: set[str]) -> dict[str, list[Address]]:
    known: dict[str, list[Address]] = defaultdict(list)
    for person_id, *fields in (await connection.execute(LIVING, {"wanted": list(wanted)})).all():
        known[person_id].append(Address(*fields))
    return known


async def _firms(connection: AsyncConnection, wanted: set[str]) -> dict[str, tuple[tuple[int, ...], bool, date | None]]:
    ids = [person_id.partition(":")[2] for person_id in wanted if person_id.startswith("servicer:")]
    if not ids:
        return {}
    return {
        f"servicer:{row.id}": (closing_weekdays(row.closing_days), row.status in IN_BUSINESS, row.closed_on)
        for row in (await connection.execute(FIRMS, {"wanted": ids})).all()
    }


def closing_weekdays(closing_days: str) -> tuple[int, ...]:
    """火水 → (1, 2)."""
    return tuple(WEEKDAYS.index(day) for day in closing_days if day in WEEKDAYS)


LEFT = "left"  # why an address ended: the person closed the channel themselves, and may open it again


async def person_at(connection: AsyncConnection, channel: str, address: str, *, ended: bool = False) -> str | None:
    """Whose address that is, if it lives and is verified; with ``ended`` also if they had closed it themselves.

    In any case: people write their addresses as they please, and as it stands is best.
    """
    living = addresses.c.ended_at.is_(None)
    query = select(addresses.c.person_id).where(
        addresses.c.channel == channel,
        func.lower(addresses.c.address) == address.lower(),
        or_(living, addresses.c.ended_why == LEFT) if ended else living,
        addresses.c.verified,
    )
    return (
        await connection.execute(
            query.order_by(addresses.c.ended_at.is_not(None), addresses.c.address != address).limit(1)
        )
    ).scalar()


async def alone_at(connection: AsyncConnection, channel: str, address: str) -> Person | None:
    """The owner or servicer at this living address, if nobody shares it with them."""
    here = (addresses.c.channel == channel, func.lower(addresses.c.address) == address.lower())
    query = select(addresses.c.person_id).where(*here, addresses.c.ended_at.is_(None), addresses.c.verified)
    found = (await connection.execute(query.limit(2))).scalars().all()
    people_there = await load_people(connection, found) if len(found) == 1 else {}
    person = next(iter(people_there.values()), None)
    ours = person is not None and person.active and person.role in (Role.OWNER, Role.SERVICER)
    return person if ours else None


async def has_left_staff(connection: AsyncConnection, person_id: str) -> bool:
    """Whether that was somebody of the staff, who was removed: what they say or press counts no more."""
    left = select(people.c.id).where(people.c.id == person_id, OF_STAFF, people.c.ended_on.is_not(None))
    return (await connection.execute(left)).scalar() is not None


async def hold_staff(connection: AsyncConnection, *person_ids: str) -> None:
    """Nobody of these is removed until the transaction ends; call it before whatever else is locked.

    Whoever looks afterwards whether they are of the staff sees a removal that came first; one that comes later gives
    back all that they are named for meanwhile. On SQLite nobody else writes at all.
    """
    named = sorted(one for one in set(person_ids) if of_named_staff(one))
    if named and connection.dialect.name != "sqlite":
        query = select(people.c.id).where(people.c.id.in_(named)).order_by(people.c.id)
        await connection.execute(query.with_for_update(read=True))


async def ensure_staff_desk(connection: AsyncConnection, places: Sequence[tuple[str, str]]) -> None:
    """The staff desk is a person like any other, reached at these places (channel, address), the first one first."""
    if (await connection.execute(select(people.c.id).where(people.c.id == STAFF_DESK))).scalar() is None:
        await connection.execute(insert(people).values(id=STAFF_DESK, name="担当窓口"))
    mine = addresses.c.person_id == STAFF_DESK
    query = select(addresses.c.channel, addresses.c.address).where(mine).order_by(addresses.c.rank)
    if [tuple(row) for row in await connection.execute(query)] == list(places):
        return
    await connection.execute(delete(addresses).where(mine))
    rows = [
        {"person_id": STAFF_DESK, "channel": channel, "address": address, "rank": rank}
        for rank, (channel, address) in enumerate(places)
    ]
    await connection.execute(insert(addresses), rows)


async def end_account(connection: AsyncConnection, account: tuple[str, str], why: str, now: datetime) -> None:
    """Ends one address (channel, address), whoever has it: a newer one of the same person goes on."""
    here = (addresses.c.channel == account[0], addresses.c.address == account[1], addresses.c.ended_at.is_(None))
    await connection.execute(update(addresses).where(*here).values(ended_at=now, ended_why=why))


async def end_address(connection: AsyncConnection, person_id: str, channel: str, why: str, now: datetime) -> int:
    """Ends a person's addresses of one channel; how many were living."""
    living = (addresses.c.person_id == person_id, addresses.c.channel == channel, addresses.c.ended_at.is_(None))
    ended = await connection.execute(update(addresses).where(*living).values(ended_at=now, ended_why=why))
    return ended.rowcount


async def first_owners(connection: AsyncConnection, house_ids: Iterable[str]) -> dict[str, str]:
    """By house, who of its owners is named first now."""
    mine = (house_owners.c.house_id.in_(list(house_ids)), house_owners.c.until_on.is_(None))
    query = select(house_owners.c.house_id, house_owners.c.person_id).where(*mine).order_by(house_owners.c.rank.desc())
    return {row.house_id: row.person_id for row in await connection.execute(query)}
