"""A provider of histories that closes: prepared, looked at, signed by a supervisor, and taken back where it goes on.

What follows at each house is a query that every round repeats, so whoever was killed in it is gone on with.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, and_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.days import civil
from bot.core.history.closing import was_approved, was_prepared, was_taken_back
from bot.core.people import STAFF_DESK
from storage.people import hold_staff
from storage.providers import keeps
from storage.record import SERVICE, append
from storage.reviews import HandoverError, may_sign
from storage.store import Store
from storage.tables import histories, providers


async def prepare_closing(store: Store, provider_id: str, on: date, now: datetime) -> None:
    """That it closes, with its last day, is written down to be looked at: nothing changes yet.

    Said again it takes in the houses that came since. Raises HandoverError.
    """
    async with store.write() as connection:
        row = await _known(connection, provider_id)
        if row.closed_on is not None:
            raise HandoverError(f"{provider_id} closes on {row.closed_on}, which was signed; take that back first")
        values = {"closing_on": on, "closing_houses": await keeps(connection, provider_id)}
        await connection.execute(update(providers).where(providers.c.id == provider_id).values(**values))
        if row.closing_on != on:
            await append(connection, store.pins.seal, [(SERVICE, was_prepared(provider_id, on, STAFF_DESK))], now)


async def approve_closing(store: Store, provider_id: str, by: str, now: datetime) -> None:
    """A supervisor signs: nothing new goes there, and its houses are looked at next. A second time changes nothing.

    Raises HandoverError, also where houses came that nobody has looked at.
    """
    async with store.write() as connection:
        await hold_staff(connection, by)
        row = await _known(connection, provider_id)
        await may_sign(connection, by)
        if row.closed_on is not None:
            return
        if row.closing_on is None:
            raise HandoverError(f"nothing is prepared for {provider_id}: say first on which day it closes")
        if (left := await keeps(connection, provider_id) - row.closing_houses) > 0:
            raise HandoverError(f"houses that came since it was prepared: {left}; prepare it again, and look")
        values = {"closed_on": row.closing_on, "closing_on": None}
        await connection.execute(update(providers).where(providers.c.id == provider_id).values(**values))
        await append(connection, store.pins.seal, [(SERVICE, was_approved(provider_id, row.closing_on, by))], now)
        theirs = and_(histories.c.provider_id == provider_id, histories.c.closing_told != provider_id)
        await connection.execute(update(histories).where(theirs).values(look_on=civil(now)))


async def take_back_closing(store: Store, provider_id: str, by: str, now: datetime) -> list[str]:
    """It goes on after all; the houses whose owners have chosen another one meanwhile, and keep it.

    Raises HandoverError where nothing was prepared or signed.
    """
    async with store.write() as connection:
        row = await _known(connection, provider_id)
        told = histories.c.closing_told == provider_id
        gone = select(histories.c.house_id).where(told, histories.c.provider_id != provider_id)
        if row.closed_on is None and row.closing_on is None:
            raise HandoverError(f"{provider_id} is not closing, or that was taken back")
        values = {"closed_on": None, "closing_on": None, "closing_houses": 0}
        await connection.execute(update(providers).where(providers.c.id == provider_id).values(**values))
        await append(connection, store.pins.seal, [(SERVICE, was_taken_back(provider_id, by))], now)
        await connection.execute(update(histories).where(told).values(look_on=civil(now)))
        return sorted((await connection.execute(gone)).scalars())


async def _known(connection: AsyncConnection, provider_id: str) -> Row[Any]:
    """The provider, held until the end of the transaction. Raises HandoverError for one that is not there."""
    query = select(providers).where(providers.c.id == provider_id)
    if connection.dialect.name != "sqlite":
        query = query.with_for_update()
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise HandoverError(f"no provider {provider_id}")
    return row
