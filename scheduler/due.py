"""The sweep: houses whose day has come are looked at, and what is due is opened. Cost grows with what is due."""

from datetime import datetime
from functools import partial

from bot.core.days import civil
from bot.core.opening import sweep
from scheduler.asking import ask_late
from scheduler.batches import BATCH, until_none_is_left
from storage.commit import commit
from storage.events import lately_released
from storage.households import due_houses, load_ledgers, lock_houses
from storage.store import Store


async def open_due(store: Store, now: datetime) -> int:
    """Looks at every house whose day has come; how many there were."""
    return await until_none_is_left(partial(_batch, store, now))


async def _batch(store: Store, now: datetime) -> int:
    async with store.write() as connection:
        house_ids = await due_houses(connection, civil(now), BATCH)
        if house_ids:
            asked = await lately_released(connection, now)  # locked before the houses, as scheduler.asking does
            await lock_houses(connection, house_ids)
            ledgers = await load_ledgers(connection, house_ids, civil(now))
            await commit(connection, store.pins, [sweep(ledger, now) for ledger in ledgers], now)
            await ask_late(connection, store.pins, (asked, house_ids), now)
    return len(house_ids)
