"""The way to each house's history is looked at when its day has come. Cost grows with what is due."""

from datetime import datetime

from bot.core.days import civil
from bot.core.history.tending import tend
from storage.commit import commit
from storage.histories import due_histories, load_shelves, still_due
from storage.households import lock_houses
from storage.store import Store

BATCH = 200  # houses in one transaction


async def tend_histories(store: Store, now: datetime) -> int:
    """Looks at every history whose day has come; how many there were."""
    seen = 0
    while found := await _batch(store, now):
        seen += found
    return seen


async def _batch(store: Store, now: datetime) -> int:
    async with store.write() as connection:
        house_ids = await due_histories(connection, civil(now), BATCH)
        if house_ids:
            await lock_houses(connection, house_ids)
            mine = await still_due(connection, house_ids, civil(now))
            shelves = await load_shelves(connection, mine)
            await commit(connection, store.pins, [tend(shelf, now) for shelf in shelves], now)
    return len(house_ids)
