"""Houses of which nobody has told who keeps their history, as rows."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.history.keeper import Sought
from storage.concern import next_case_number
from storage.histories import load_providers
from storage.households import load_households
from storage.tables import histories


async def asked_lately(connection: AsyncConnection, house_ids: Collection[str], since: date) -> list[str]:
    """Those about which we have asked since that day, and heard nothing."""
    silent = or_(histories.c.answered_on.is_(None), histories.c.answered_on < histories.c.asked_on)
    query = select(histories.c.house_id).where(histories.c.house_id.in_(house_ids), histories.c.provider_id.is_(None))
    asked = query.where(histories.c.asked_on >= since, silent)
    return sorted((await connection.execute(asked)).scalars())


async def sought_at(connection: AsyncConnection, house_id: str) -> Sought | None:
    """The house with every provider that its owner could name; None where somebody has told who it is."""
    query = select(histories.c.house_id).where(histories.c.house_id == house_id, histories.c.provider_id.is_(None))
    if (await connection.execute(query)).first() is None:
        return None
    known = await load_providers(connection)
    providers = tuple(each for each in known.values() if each.open and not each.council)
    households = await load_households(connection, [house_id])
    return Sought(households[house_id], await next_case_number(connection, house_id), providers)
