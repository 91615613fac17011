"""What a day costs at two sizes of town: one on which nothing is due, and one on which as much is due as on any day.

Every round of a day with something due is a civil day of its own, because a day that was swept is over. Days on which
the same number of houses is due in both towns show what the size of a town costs; natural days, on which the number
goes by the size, show how long such a day takes.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, update

from bot.cli.bench.figures import Figure, Measure, Measured, Size, Tell, interleaved, ratio
from bot.cli.bench.place import DATABASE, folder, service_in
from bot.cli.bench.town import QUIET_DAY, due_days, settle
from bot.core.days import morning
from main import Service
from scheduler.clock import monotonic
from scheduler.due import open_due
from scheduler.escalate import escalate
from scheduler.run import run_once
from scheduler.signs import look_at_companies
from storage.outbox import SENT, WAITING
from storage.tables import outbox

SMALLER = 100  # times
A_DAY = 0.023  # of all houses are due on a natural day
QUIET_ROUNDS = 51
ALIKE = [QUIET_DAY + timedelta(days=n) for n in (1, 2, 3)]
COLD = [QUIET_DAY + timedelta(days=n) for n in (4, 7, 8)]  # not the days between: companies rest
NATURAL = [QUIET_DAY + timedelta(days=n) for n in (9, 10, 11)]
LATER = [QUIET_DAY + timedelta(days=n) for n in range(15, 55)]  # when all other houses are due
TOPIC = "sweep"


@dataclass(slots=True)
class Town:
    """One of the two towns; ``brought`` is what its last day brought about: houses, cases and messages."""

    service: Service
    houses: int
    file: Path
    brought: tuple[int, int, int] = (0, 0, 0)

    async def quiet(self) -> float:
        """Milliseconds of a round in which nothing is due."""
        begun = monotonic()
        done = await run_once(self.service.post, self.service.understanding, morning(QUIET_DAY, 10))
        assert (done.houses, done.cases, done.tally.sent) == (0, 0, [])
        return (monotonic() - begun) * 1000

    async def sweep_cold(self, now: datetime) -> float:
        """The same when nothing of the database is in memory any more, neither in ours nor in the system's."""
        await self.service.database.close()
        await asyncio.to_thread(_forget, self.file)
        return await self.sweep(now)

    async def sweep(self, now: datetime) -> float:
        """Seconds until all that is due is open, its first step taken and its messages written."""
        store = self.service.store
        begun = monotonic()
        houses = await open_due(store, now)
        cases = await escalate(store, now)
        took = monotonic() - begun
        async with store.write() as connection:
            waiting = select(func.count()).select_from(outbox).where(outbox.c.state == WAITING)
            messages = (await connection.execute(waiting)).scalar_one()
            await connection.execute(update(outbox).where(outbox.c.state == WAITING).values(state=SENT))
        self.brought = (houses, cases, messages)
        return took


async def measure(size: Size, tell: Tell) -> Measured:
    """Every figure of the sweep."""
    counts = (size.houses, max(size.houses // SMALLER, 10))
    alike = max(counts[1] // 10, 1)
    with folder() as place:
        async with AsyncExitStack() as stack:
            towns = []
            for count in counts:
                tell(f"{count:,} houses move in")
                towns.append(await stack.enter_async_context(_town(place / str(count), count, alike)))
            tell("the idle service's memory")
            memory = await _memory(place, counts)  # before anything comes due: later days are not idle
            tell("days pass")
            return [await _quiet(towns), *await _alike(towns), await _natural(towns), memory]


@asynccontextmanager
async def _town(place: Path, count: int, alike: int) -> AsyncIterator[Town]:
    due = dict.fromkeys((*ALIKE, *COLD), alike) | dict.fromkeys(NATURAL, max(round(count * A_DAY), 1))
    async with service_in(place) as service:
        await settle(service.store, due_days(count, due, LATER), lived=True)
        while await look_at_companies(service.store, morning(QUIET_DAY, 10)):  # once a month: a quiet day is any other
            continue
        yield Town(service, count, place / DATABASE)


async def _quiet(towns: Sequence[Town]) -> Figure:
    large, small = towns
    found = await interleaved({"large": large.quiet, "small": small.quiet}, QUIET_ROUNDS)
    against = ratio(found["large"], found["small"], _at(small.houses), "≤ 1.2")
    return Figure(TOPIC, f"a quiet day at {large.houses:,} houses", "ms", found["large"], (against,))


async def _alike(towns: Sequence[Town]) -> list[Figure]:
    large, small = towns
    warm = await _days(towns, ALIKE)
    houses, cases, messages = large.brought
    what = f"{houses:,} due of {large.houses:,}: {cases:,} cases, {messages:,} messages"
    against = ratio(warm["large"], warm["small"], _at(small.houses), "≤ 1.5")
    figures = [Figure(TOPIC, what, "s", warm["large"], (against,))]
    if hasattr(os, "posix_fadvise"):
        cold = await _days(towns, COLD, cold=True)
        against = ratio(cold["large"], cold["small"], _at(small.houses), "≤ 2.5")
        figures.append(Figure(TOPIC, f"{what}, nothing in memory", "s", cold["large"], (against,)))
    return figures


async def _natural(towns: Sequence[Town]) -> Figure:
    large, small = towns
    found = await _days(towns, NATURAL)
    houses, cases, messages = large.brought
    what = f"a natural day: {houses:,} due of {large.houses:,}, {cases:,} cases, {messages:,} messages"
    each = [took / large.brought[0] for took in found["large"]]
    smaller = [took / small.brought[0] for took in found["small"]]
    return Figure(TOPIC, what, "s", found["large"], (ratio(each, smaller, f"{_at(small.houses)}, a house"),))


async def _days(towns: Sequence[Town], days: Sequence[date], *, cold: bool = False) -> dict[str, tuple[float, ...]]:
    """Both towns go through each day in turn."""

    def measure(town: Town) -> Measure:
        mornings = (morning(day, 10) for day in days)
        return lambda: (town.sweep_cold if cold else town.sweep)(next(mornings))

    large, small = towns
    return await interleaved({"large": measure(large), "small": measure(small)}, len(days))


def _forget(file: Path) -> None:
    """The system keeps no page of the file; what was written is on the disk before."""
    with file.open("rb") as opened:
        os.fsync(opened.fileno())
        os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


async def _memory(place: Path, counts: Sequence[int]) -> Figure:
    large, small = counts
    measures = {"large": lambda: _resident(place / str(large)), "small": lambda: _resident(place / str(small))}
    found = await interleaved(measures)
    against = ratio(found["large"], found["small"], _at(small), "≤ 1.2")
    return Figure(
        TOPIC, f"resident memory of `engawa serve`, idle, at {large:,} houses", "MB", found["large"], (against,)
    )


async def _resident(place: Path) -> float:
    words = (sys.executable, "-m", "bot.cli.bench.idle", str(place))
    process = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)
    told, _ = await process.communicate()
    return int(told.splitlines()[-1]) / 1000


def _at(houses: int) -> str:
    return f"at {houses:,} houses"
