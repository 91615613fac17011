"""On every office morning of a pilot its staff are told how it goes; a morning that was missed is in the next one."""

from datetime import datetime, time, timedelta

from bot.core.days import TOKYO
from bot.core.digest import digest_day
from bot.core.pilot import report
from scheduler.post import Post
from storage.outbox import Letterhead, put
from storage.pilot import counts, readers
from storage.record import get_value, set_value
from storage.shadow import shadow_since

TOLD = "pilot_report_at"  # when the report before was written
FIRST = timedelta(days=1)  # what the first one looks back


async def tell_pilot(post: Post, now: datetime) -> bool:
    """Writes the report of the day, once, where a shadow run stands or companies are named for a pilot."""
    day, store = digest_day(now), post.store
    if day is None:
        return False
    async with store.read() as connection:
        stands = await shadow_since(connection) is not None
        kept = await get_value(connection, TOLD)
    began = datetime.combine(day, time(), TOKYO)
    if not (stands or store.pins.pilot) or (kept and datetime.fromisoformat(kept) >= began):
        return False
    async with store.write() as connection:
        kept = await get_value(connection, TOLD)
        if kept and datetime.fromisoformat(kept) >= began:  # another process was quicker
            return False
        await set_value(connection, TOLD, now.isoformat())
        since = datetime.fromisoformat(kept) if kept else now - FIRST
        mail = next((name for name, channel in post.channels.items() if channel.abilities.mail), "")
        says = report(await readers(connection, mail), await counts(connection, since), stands, since)
        await put(connection, [(say, Letterhead("", "", None)) for say in says], store.pins.versions, now)
    return True
