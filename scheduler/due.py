"""The sweep: houses whose day has come are looked at, and what is due is opened. Cost grows with what is due."""

from datetime import datetime

from bot.core.days import civil
from bot.core.opening import sweep
from storage.commit import commit
from storage.households import due_houses, load_ledgers, lock_houses
from storage.store import Store

BATCH = 200  # houses in one transaction


async def open_due(store: Store, now: datetime) -> int:
    """Looks at every house whose day has come; how many there were."""
    seen = 0
    while found := await _batch(store, now):
        seen += found
    return seen


async def _batch(store: Store, now: datetime) -> int:
    async with store.write() as connection:
        house_ids = await due_houses(connection, civil(now), BATCH)
        if house_ids:
            await lock_houses(connection, house_ids)
            ledgers = await load_ledgers(connection, house_ids, civil(now))
            await commit(connection, store.pins, [sweep(ledger, now) for ledger in ledgers], now)
    return len(house_ids)
