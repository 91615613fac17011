"""Finding what is due, claiming it and writing it down, with so many others waiting for later; nothing is rendered.

For us a job is a batch of rows. Beside it, as many no-op jobs: APScheduler wakes them from its SQL store in which as
many others wait, and arq fetches them from Redis, as it comes and tuned.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from arq.connections import RedisSettings, create_pool
from arq.worker import Worker, func
from sqlalchemy import insert, select

from bot.cli.bench import timers
from bot.cli.bench.beside import redis
from bot.cli.bench.figures import Figure, Measure, Measured, Size, Skipped, Tell, interleaved, ratio
from bot.cli.bench.office import Office, office
from bot.cli.bench.place import folder, service_in
from bot.cli.bench.sink import MAIL
from bot.core.delivery import Outcome, Receipt
from scheduler.clock import machine_now, monotonic
from scheduler.dispatch import BATCH
from scheduler.results import record
from storage.claims import claim
from storage.lanes import Lane
from storage.outbox import WAITING
from storage.tables import outbox

TOPIC = "jobs"
LATER = timedelta(days=365)
CHUNK = 5000
TUNED = {"poll_delay": 0.01, "max_jobs": BATCH, "keep_result": 0, "health_check_interval": 3600}
SENT = Receipt(Outcome.SENT)
NEEDED = (("woken", "APScheduler"), ("arq", "a Redis for arq"))


@dataclass(frozen=True, slots=True)
class Queue:
    """Rows of which so many are due, and far more are not."""

    office: Office

    async def fill(self, later: int) -> None:
        """So many messages that wait for next year: copies of one that was written."""
        now = await self.office.write()
        async with self.office.service.store.write() as connection:
            row = (await connection.execute(select(outbox).where(outbox.c.state == WAITING).limit(1))).one()
            given = {key: value for key, value in row._mapping.items() if key != "id"}
            put_off = given | {"send_at": now + LATER, "day": (now + LATER).date()}
            for start in range(0, later, CHUNK):
                rows = [put_off | {"key": f"later-{n}"} for n in range(start, min(start + CHUNK, later))]
                await connection.execute(insert(outbox), rows)
        await self.drain()

    async def drain(self) -> float:
        """How many a second are found, claimed, and written down with their facts."""
        now = await self.office.write()
        post, done, lane = self.office.service.post, 0, Lane(self.office.channel)
        begun = monotonic()
        while True:
            async with post.store.write() as connection:
                hand = await claim(connection, lane, now, machine_now(), BATCH)
            if not hand.rows:
                return done / (monotonic() - begun)
            await record(post, [(claimed, SENT) for claimed in hand.rows], now)
            done += len(hand.rows)


async def measure(size: Size, tell: Tell) -> Measured:
    """Jobs a second, and what that is of the others."""
    due = max(size.messages // 2, 5)
    with folder() as place, redis() as address:
        tell(f"{size.houses:,} wait for later")
        async with service_in(place) as service, office(service, MAIL, due) as ours, _timers(place, due, size) as woken:
            queue = Queue(ours)
            await queue.fill(size.houses)
            tell(f"{due:,} are due")
            measures: dict[str, Measure] = {"ours": queue.drain, "woken": woken} if woken else {"ours": queue.drain}
            if address:
                measures |= {"arq": partial(_by_arq, address, due, {}), "tuned": partial(_by_arq, address, due, TUNED)}
            found = await interleaved(measures)
    return _figures(found, due, size.houses)


@asynccontextmanager
async def _timers(place: Path, due: int, size: Size) -> AsyncIterator[Measure | None]:
    """APScheduler on a store with as many jobs, if it is installed."""
    if not timers.is_installed():
        yield None
        return
    async with timers.waiting(place / "timers.db", size.houses) as wake:
        yield partial(wake, due)


def _figures(found: dict[str, tuple[float, ...]], due: int, later: int) -> Measured:
    ours = found["ours"]
    named = (
        ("woken", f"{due:,} due of {later:,} woken by APScheduler from its SQL store", "APScheduler", "≥ 20"),
        ("arq", f"{due:,} no-op jobs on arq as it comes", "arq as it comes", ""),
        ("tuned", f"{due:,} no-op jobs on arq, polled a hundred times a second, no results kept", "arq tuned", ""),
    )
    ratios = tuple(ratio(ours, found[key], name, wanted) for key, _, name, wanted in named if key in found)
    what = f"{due:,} due of {later:,} found, claimed and written down, {BATCH} at a time"
    others: Measured = [Figure(TOPIC, told, "jobs/s", found[key]) for key, told, *_ in named if key in found]
    missing = [
        Skipped(TOPIC, f"{name} is not here: nothing to compare with") for key, name in NEEDED if key not in found
    ]
    return [Figure(TOPIC, what, "jobs/s", ours, ratios), *others, *missing]


async def _nothing(ctx: dict[Any, Any], *_: Any, **__: Any) -> None:
    """A job that does nothing."""


async def _by_arq(address: str, jobs: int, options: dict[str, Any]) -> float:
    settings = RedisSettings.from_dsn(address)
    pool = await create_pool(settings)
    await pool.flushall()
    for _ in range(jobs):
        await pool.enqueue_job("nothing")
    functions = [func(_nothing, name="nothing")]
    worker = Worker(functions, redis_settings=settings, burst=True, handle_signals=False, **options)
    begun = monotonic()
    await worker.async_run()
    took = monotonic() - begun
    assert worker.jobs_complete == jobs
    await worker.close()
    await pool.aclose(close_connection_pool=True)
    return jobs / took
