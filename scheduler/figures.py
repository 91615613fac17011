"""Every few minutes the rounds count what those who run the service ask for, and once a day who stays silent where."""

from datetime import datetime, timedelta

from bot.core.days import civil
from storage.figures import count_silence, counted, keep, keep_silence, kept_at, silence_counted
from storage.store import Store

EVERY = timedelta(minutes=5)


async def keep_figures(store: Store, now: datetime) -> bool:
    """Counts them, unless that was done a moment ago."""
    async with store.read() as connection:
        last = await kept_at(connection)
        if last is not None and timedelta() <= now - last < EVERY:
            return False
        found, known = await counted(connection, now), await silence_counted(connection, civil(now))
    silence = None if known else await count_silence(store, now)
    async with store.write() as connection:
        await keep(connection, found, now)
        if silence is not None:
            await keep_silence(connection, silence, now)
    return True
