"""How people are reached who have not agreed to anything: put aside where nothing looks, until they agree.

What a file gives is put aside, a company's or the operators' own. The name and where the house stands are
no part of it: with them the staff can write one letter.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import addresses, house_owners, mandates, people, sealed_contacts


async def put_aside(
    connection: AsyncConnection, contacts: Mapping[str, dict[str, Any]], import_id: int, now: datetime
) -> None:
    """By person, what a file gives; it takes the place of what an earlier one gave."""
    await forget_sealed(connection, contacts)
    rows = [
        {"person_id": person_id, "import_id": import_id, "at": now, "contact": contact}
        for person_id, contact in contacts.items()
    ]
    if rows:
        await connection.execute(insert(sealed_contacts), rows)


async def forget_sealed(connection: AsyncConnection, person_ids: Collection[str]) -> None:
    """What was put aside of these people is gone."""
    await connection.execute(delete(sealed_contacts).where(sealed_contacts.c.person_id.in_(list(person_ids))))


async def agreed(connection: AsyncConnection, person_ids: Collection[str], today: date) -> set[str]:
    """Those who have agreed, for whichever house of theirs."""
    holds = and_(
        mandates.c.information_on <= today,
        mandates.c.mandate_on <= today,
        or_(mandates.c.withdrawn_on.is_(None), mandates.c.withdrawn_on > today),
    )
    query = select(mandates.c.person_id).where(mandates.c.person_id.in_(list(person_ids)), holds)
    return set((await connection.execute(query.distinct())).scalars())


async def unseal(connection: AsyncConnection, house_ids: Collection[str], today: date) -> None:
    """Who owns one of these houses and has agreed is reached from now on as the file said."""
    owned = select(house_owners.c.person_id).where(
        house_owners.c.house_id.in_(list(house_ids)), house_owners.c.until_on.is_(None)
    )
    rows = (await connection.execute(select(sealed_contacts).where(sealed_contacts.c.person_id.in_(owned)))).all()
    if not rows:
        return
    free = await agreed(connection, [row.person_id for row in rows], today)
    for row in rows:
        if row.person_id in free:
            await _takes_effect(connection, row.person_id, row.contact)
    await forget_sealed(connection, free)


async def _takes_effect(connection: AsyncConnection, person_id: str, contact: Mapping[str, Any]) -> None:
    """What they told themselves meanwhile stays, and so does what they ended."""
    person = (await connection.execute(select(people).where(people.c.id == person_id))).one()
    told = {"phone": contact["phone"], "channel_order": contact["channel_order"]}
    blank = {name: value for name, value in told.items() if value and not getattr(person, name)}
    if blank and person.erased_on is None:
        await connection.execute(update(people).where(people.c.id == person_id).values(**blank))
    query = select(addresses.c.channel).where(addresses.c.person_id == person_id)
    known = set((await connection.execute(query)).scalars())
    new = [pair for pair in contact["addresses"] if pair[0] not in known and person.erased_on is None]
    rows = [
        {"person_id": person_id, "channel": channel, "address": address, "rank": rank}
        for rank, (channel, address) in enumerate(new)
    ]
    if rows:
        await connection.execute(insert(addresses), rows)


async def sealed_of(connection: AsyncConnection, person_id: str) -> dict[str, Any]:
    """What is put aside of a person: for nobody but themselves."""
    query = select(sealed_contacts.c.contact).where(sealed_contacts.c.person_id == person_id)
    return (await connection.execute(query)).scalar() or {}
