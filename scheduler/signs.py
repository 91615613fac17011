"""Once a month every company is judged by what is on record of it; the desk is told of new signs in one message."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.days import civil
from bot.core.digest import digest_day
from bot.core.outcome import Mode, Say
from bot.core.people import STAFF_DESK
from bot.core.signs import worth
from storage.outbox import Letterhead, put
from storage.store import Store
from storage.watches import Watched, judge, month_done, to_be_judged

NAMED = 10  # companies that are named in one message


async def look_at_companies(store: Store, now: datetime) -> int:
    """One batch a round, on an office day; how many were judged. Reads two rows where there is nothing to do."""
    if digest_day(now) is None:
        return 0
    async with store.read() as connection:
        if not await to_be_judged(connection, civil(now)):
            return 0
    async with store.write() as connection:
        ids = await to_be_judged(connection, civil(now))
        told = await judge(connection, store.pins.seal, ids, now)
        if not await to_be_judged(connection, civil(now)):
            await month_done(connection, civil(now))
        if told:
            await put(connection, [(_said(told), Letterhead("", "", None))], store.pins.versions, now)
    return len(ids)


def _said(told: Sequence[Watched]) -> Say:
    """Companies by their ids, the worst first; names stand at the console."""
    ranked = sorted(told, key=lambda one: (-worth(one.watch.signs), one.servicer_id))
    named = [{"id": one.servicer_id, "signs": [sign.code for sign in one.watch.signs]} for one in ranked[:NAMED]]
    return Say(STAFF_DESK, "staff_signs", {"companies": named, "more": len(told) - len(named)}, Mode.PROMPT)
