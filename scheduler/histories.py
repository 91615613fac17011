"""The way to each house's history is looked at when its day has come. Cost grows with what is due."""

from datetime import datetime
from functools import partial

from bot.core.days import civil
from bot.core.history.tending import tend
from scheduler.batches import BATCH, until_none_is_left
from storage.commit import commit
from storage.histories import due_histories, load_shelves, still_due
from storage.households import lock_houses
from storage.store import Store


async def tend_histories(store: Store, now: datetime) -> int:
    """Looks at every history whose day has come; how many there were."""
    return await until_none_is_left(partial(_batch, store, now))


async def _batch(store: Store, now: datetime) -> int:
    async with store.write() as connection:
        house_ids = await due_histories(connection, civil(now), BATCH)
        if house_ids:
            await lock_houses(connection, house_ids)
            mine = await still_due(connection, house_ids, civil(now))
            shelves = await load_shelves(connection, mine)
            await commit(connection, store.pins, [tend(shelf, now) for shelf in shelves], now)
    return len(house_ids)
