"""After a month in which nothing ran: everything that came due is found at once, decided and written.

Whoever is concerned gets one message, however many days and houses it is about, and a second pass finds nothing more.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select

from bot.cli.bench.figures import Figure, Measured, Size, Tell
from bot.cli.bench.place import folder, service_in
from bot.cli.bench.town import QUIET_DAY, due_days, settle
from bot.core.days import morning
from main import Service
from scheduler.clock import monotonic
from scheduler.due import open_due
from scheduler.escalate import escalate
from storage.outbox import WAITING
from storage.tables import outbox

TOPIC = "outage"
DAYS = 30  # without anything running
A_DAY = 0.023  # of all houses are due on a natural day
FEWER = 10  # times fewer houses than live in the town, unless all of it is asked for
MILLION = 1_000_000
MISSED = [QUIET_DAY + timedelta(days=n) for n in range(1, DAYS + 1)]
LATER = [QUIET_DAY + timedelta(days=n) for n in range(60, 100)]


async def measure(size: Size, tell: Tell) -> Measured:
    """Minutes of planning for a million houses, worked out from a smaller town unless all of it was asked for."""
    houses = size.houses if size.full else max(size.houses // FEWER, 100)
    due = dict.fromkeys(MISSED, max(round(houses * A_DAY), 1))
    with folder() as place:
        tell(f"{houses:,} houses move in")
        async with service_in(place) as service:
            await settle(service.store, due_days(houses, due, LATER))
            tell("everything is caught up")
            took = await _caught_up(service)
            people = await _told_once(service)
    missed = min(sum(due.values()), houses)
    what = f"{DAYS} days missed: {missed:,} due of {houses:,} houses, {people:,} people told once"
    minutes = took * MILLION / houses / 60
    scaled = f"that for {MILLION:,} houses" if houses == MILLION else f"scaled to {MILLION:,} houses"
    return [Figure(TOPIC, what, "s", (took,)), Figure(TOPIC, scaled, "min", (minutes,), wanted="≤ 10")]


async def _caught_up(service: Service) -> float:
    """Seconds."""
    now = morning(MISSED[-1], 10)
    begun = monotonic()
    await open_due(service.store, now)
    await escalate(service.store, now)
    took = monotonic() - begun
    again = (await open_due(service.store, now), await escalate(service.store, now))
    assert again == (0, 0), "something was left, or found twice"
    return took


async def _told_once(service: Service) -> int:
    """How many people there is a message for; nobody has two."""
    async with service.store.read() as connection:
        each = select(func.count()).where(outbox.c.state == WAITING).group_by(outbox.c.person_id)
        counts: Sequence[int] = (await connection.execute(each)).scalars().all()
    assert set(counts) == {1}, "somebody is told twice"
    return len(counts)
