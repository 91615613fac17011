"""Houses that nobody looks at today, and what is decided about them: nothing may be due there, nor sleep too long.

What time brings about is worked out anew as on any day, and has to be nothing. A house that is to be looked at
anyway may have changed since, and is let be.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.days import civil
from bot.core.history.tending import next_look
from bot.core.house import Household
from bot.core.ledger import Ledger
from bot.core.opening import sweep
from storage.audit.finding import Finding
from storage.histories import shelves_of
from storage.households import load_households, read_ledgers, withdrawals_of
from storage.tables import histories, houses


async def asleep(connection: AsyncConnection, house_ids: Sequence[str], now: datetime) -> list[Finding]:
    """Everything that should have been done, or is put off too far, at these houses and around their histories."""
    today = civil(now)
    households = await load_households(connection, house_ids)
    woken = select(houses.c.id, houses.c.wake_on).where(houses.c.id.in_(house_ids), houses.c.wake_on > today)
    wakes = {row.id: row.wake_on for row in await connection.execute(woken)}
    sleeping = {house_id: households[house_id] for house_id in wakes}
    withdrawals = await withdrawals_of(connection, list(sleeping))
    ledgers = await read_ledgers(connection, sleeping, withdrawals, today)
    found = [one for ledger in ledgers for one in _overlooked(ledger, wakes[ledger.household.house.id], now)]
    return found + await _unread(connection, households, today)


def _overlooked(ledger: Ledger, wake_on: date, now: datetime) -> Iterator[Finding]:
    house_id = ledger.household.house.id
    due = sweep(ledger, now)
    for change in due.changes:
        if change.kind == "items_next":
            for code, (day, backstop, _) in change.data.items():
                stored = ledger.noted.get(code, (None, None))[:2]
                if stored != (day, backstop):
                    detail = f"next {_both(*stored)}, the plan and the record say {_both(day, backstop)}"
                    yield Finding("dates_differ", f"{house_id}:{code}", detail)
    if due.cases:
        yield Finding("overlooked", house_id, f"something is due, and it sleeps until {wake_on}")
    elif due.wake_on is not None and wake_on > due.wake_on:
        yield Finding("asleep_too_long", house_id, f"until {wake_on}, something is due on {due.wake_on}")


def _both(due: date | None, backstop: date | None) -> str:
    return f"{due or 'never'}" + (f" (by law {backstop})" if backstop else "")


async def _unread(connection: AsyncConnection, households: Mapping[str, Household], today: date) -> list[Finding]:
    """The way to each history is looked at in time."""
    query = select(histories.c.house_id, histories.c.look_on).where(histories.c.house_id.in_(households.keys()))
    looks = {row.house_id: row.look_on for row in await connection.execute(query)}
    missing = [Finding("row_gone", f"{house_id}:histories") for house_id in households if house_id not in looks]
    later = [house_id for house_id, day in looks.items() if day > today]
    late = []
    for shelf in await shelves_of(connection, households, later):
        day = next_look(shelf, today)
        if looks[shelf.house_id] > day:
            where = f"{shelf.house_id}:histories"
            late.append(Finding("asleep_too_long", where, f"until {looks[shelf.house_id]}, something is due on {day}"))
    return missing + late
