"""Whether the owners' mandate of a house holds, worked out anew from rows."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import Phase
from bot.core.days import morning
from storage.history_changes import look_now
from storage.scopes import speaks_for
from storage.sealed_contacts import unseal
from storage.tables import cases, house_owners, houses, mandates, people


async def wake_cases(connection: AsyncConnection, which: ColumnElement[bool], today: date) -> None:
    """Open cases are looked at now: who is concerned with them has changed."""
    mine = and_(which, cases.c.next_action_at.is_not(None))
    await connection.execute(update(cases).where(mine).values(next_action_at=morning(today, 0)))


async def wake_candidacies(connection: AsyncConnection, company_ids: Collection[str], today: date) -> None:
    """The cases for which one of these companies is chosen are looked at now: whether it is in business has changed."""
    chosen = cases.c.state["candidacy"]["servicer"].as_string()  # also where it has answered, and the owner has not
    await wake_cases(connection, and_(cases.c.phase != Phase.CLOSED, chosen.in_(company_ids)), today)


async def refresh_mandates(connection: AsyncConnection, house_ids: list[str], today: date) -> None:
    """Works out anew whether every owner's two consents hold, and wakes the houses for which that changed.

    Who has agreed is reached from now on as a builder's file said (storage.sealed_contacts).
    Of an owner who has died nothing is asked, and what they agreed to holds only where it outlives them; whoever
    lawfully stands for an owner agrees in their place.
    """
    alive = select(people.c.id).where(people.c.id == house_owners.c.person_id, people.c.bereaved_on.is_(None)).exists()
    holds = (
        (mandates.c.house_id == house_owners.c.house_id)
        & speaks_for(mandates.c.person_id)
        & (mandates.c.information_on <= today)
        & (mandates.c.mandate_on <= today)
        & or_(mandates.c.withdrawn_on.is_(None), mandates.c.withdrawn_on > today)
        & or_(alive, mandates.c.outlives)
    )
    agreed = select(mandates.c.id).where(holds).exists()
    current = and_(house_owners.c.house_id == houses.c.id, house_owners.c.until_on.is_(None))
    without = select(house_owners.c.house_id).where(current, alive, ~agreed)
    some = select(house_owners.c.house_id).where(current, agreed)
    mandated = some.exists() & ~without.exists()
    moved = and_(houses.c.id.in_(house_ids), houses.c.mandated != mandated)
    changed = update(houses).where(moved).values(mandated=mandated, wake_on=today).returning(houses.c.id)
    woken = list((await connection.execute(changed)).scalars())
    await unseal(connection, house_ids, today)
    if woken:
        await wake_cases(connection, cases.c.house_id.in_(woken), today)
        await look_now(connection, woken, today)
