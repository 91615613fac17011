"""What a handover pack states of a house, kept beside what is stated here: never in the place of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.outcome import Deed
from bot.core.statements import Statement, stated
from storage.commit import commit
from storage.households import lock_houses
from storage.pins import Pins
from storage.statements import stated_at


async def take_statements(
    connection: AsyncConnection, pins: Pins, rows: Sequence[tuple[str, Statement, dict[str, str]]], now: datetime
) -> list[tuple[str, Deed]]:
    """Each with the house it is of, and what its fact holds besides. Those that stand here already are left out."""
    deeds = []
    for house_id, told, beside in rows:
        await lock_houses(connection, [house_id])
        found = await stated_at(connection, house_id)
        outcome = stated(found, told) if found is not None else None
        if outcome is not None and outcome.deeds:
            known = tuple(replace(deed, data=dict(deed.data) | beside) for deed in outcome.deeds)
            await commit(connection, pins, [replace(outcome, deeds=known)], now)
            deeds += [(house_id, deed) for deed in known]
    return deeds
