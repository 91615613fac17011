"""APScheduler, as its users would have it wake what is due: a date trigger for each job, kept in its SQL store."""

import asyncio
import pickle
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from bot.cli.bench.beside import installed
from scheduler.clock import machine_now, monotonic

STORE, SCHEDULER = "apscheduler.jobstores.sqlalchemy", "apscheduler.schedulers.asyncio"
AGO, AHEAD = timedelta(hours=1), timedelta(days=365)
Wake = Callable[[int], Awaitable[float]]


@dataclass(slots=True)
class Count:
    """How many jobs were woken, and how many must be."""

    left: int = 0
    done: asyncio.Event = field(default_factory=asyncio.Event)


_counted = Count()  # a job is kept by the name of its function, so what that counts in has one too


async def woken() -> None:
    """The job."""
    _counted.left -= 1
    if not _counted.left:
        _counted.done.set()


def is_installed() -> bool:
    return installed(STORE) is not None


@asynccontextmanager
async def waiting(file: Path, later: int) -> AsyncIterator[Wake]:
    """A scheduler with so many jobs for next year; what it is given wakes so many more, and tells jobs a second."""
    stores, schedulers = installed(STORE), installed(SCHEDULER)
    assert stores is not None
    assert schedulers is not None
    store = stores.SQLAlchemyJobStore(url=f"sqlite:///{file}")
    scheduler = schedulers.AsyncIOScheduler(jobstores={"default": store}, timezone=UTC)
    scheduler.start(paused=True)
    job = scheduler.add_job(woken, "date", run_date=machine_now() + AHEAD, misfire_grace_time=None)
    form, numbers = job.__getstate__(), count()

    def add(jobs: int, at: datetime) -> None:
        """Straight into its table: one transaction for each would take minutes, and is not what is measured."""
        with store.engine.begin() as connection:
            connection.execute(insert(store.jobs_t), list(_rows(form, numbers, jobs, at)))

    async def wake(due: int) -> float:
        add(due, machine_now() - AGO)
        _counted.left, _counted.done = due, asyncio.Event()
        begun = monotonic()
        scheduler.resume()
        await _counted.done.wait()
        took = monotonic() - begun
        scheduler.pause()
        return due / took

    add(later, machine_now() + AHEAD)
    yield wake
    scheduler.shutdown(wait=False)


def _rows(form: Mapping[str, Any], numbers: Iterator[int], jobs: int, at: datetime) -> Iterator[dict[str, Any]]:
    """As the store writes its jobs."""
    trigger = type(form["trigger"])(at)
    for number, _ in zip(numbers, range(jobs), strict=False):
        state = {**form, "id": str(number), "next_run_time": at, "trigger": trigger}
        yield {"id": str(number), "next_run_time": at.timestamp(), "job_state": pickle.dumps(state)}
