"""Which provider a file names as keeping a house's history."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.intake.batch import Arrival, add
from storage.tables import histories, providers


async def take_histories(
    connection: AsyncConnection, arrival: Arrival, new: Mapping[str, Any], changed: Mapping[str, Any]
) -> None:
    """A row for every new house. A provider that we know by the name in the file is bound to the house.

    ``new`` and ``changed`` are houses' columns by house. Whom the owner or the staff told stays.
    """
    named = {row["history_provider"] for row in (*new.values(), *changed.values()) if row["history_provider"]}
    known = await _known(connection, named)
    rows = [
        {"house_id": house_id, "provider_id": known.get(row["history_provider"]), "look_on": arrival.today}
        for house_id, row in new.items()
    ]
    await add(connection, histories, rows)
    for house_id, row in changed.items():
        if row["history_provider"] in known:
            free = update(histories).where(histories.c.house_id == house_id, histories.c.confirmed_by == "")
            provider_id = known[row["history_provider"]]
            bound = free.where(or_(histories.c.provider_id.is_(None), histories.c.provider_id != provider_id))
            await connection.execute(bound.values(provider_id=provider_id, look_on=arrival.today))


async def _known(connection: AsyncConnection, named: set[str]) -> dict[str, str]:
    """Providers by the name, or the id, under which a file knows them."""
    if not named:
        return {}
    query = select(providers.c.id, providers.c.name).where(or_(providers.c.name.in_(named), providers.c.id.in_(named)))
    rows = (await connection.execute(query.where(~providers.c.council))).all()
    return {name: row.id for row in rows for name in (row.name, row.id)}
