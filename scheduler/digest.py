"""Once on every office morning the desk is told what lies with it; a morning that was missed is not made up for."""

from datetime import datetime

from bot.core.days import civil
from bot.core.digest import Lying, digest, digest_day
from storage.desk import Waiting, names_of, waiting_cases
from storage.outbox import Letterhead, put
from storage.record import get_value, set_value
from storage.store import Store

TOLD = "digest_on"


async def tell_digest(store: Store, now: datetime) -> bool:
    """Tells it, unless it was told today or nothing lies with the staff. Writes nothing on any other round."""
    day = digest_day(now)
    if day is None:
        return False
    async with store.read() as connection:
        if await get_value(connection, TOLD) == day.isoformat():
            return False
    async with store.write() as connection:
        if await get_value(connection, TOLD) == day.isoformat():  # another process was quicker
            return False
        await set_value(connection, TOLD, day.isoformat())
        waiting = await waiting_cases(connection)
        names = await names_of(connection, {one.holder for one in waiting})
        said = digest([_lying(one, names.get(one.holder, "")) for one in waiting], now)
        if said is None:
            return False
        await put(connection, [(said, Letterhead("", "", None))], store.pins.versions, now)
    return True


def _lying(one: Waiting, name: str) -> Lying:
    matter = one.matter
    return Lying(
        case_id=one.case_id,
        holder=name or one.holder,
        reason=matter.reason if matter else "asked",
        since=matter.raised_on if matter else one.target_on,
        next_on=civil(one.next_action_at) if one.next_action_at else None,
    )
