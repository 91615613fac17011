"""Redis as a bell, and nothing more: arq wakes the workers, one of them at each tick, and every job is empty.

What is due stands in the database, so Redis may be flushed, lose its memory or be away: that costs seconds. Jobs are
JSON, never pickle: whoever writes into Redis would run code here. arq's own retries, results and expiry are not used.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import structlog
from arq import cron, func
from arq.connections import ArqRedis, RedisSettings
from arq.typing import WorkerCoroutine
from arq.worker import Worker
from redis.exceptions import RedisError

from scheduler.shift import Shift
from storage.ending import end

log = structlog.get_logger()
logging.getLogger("arq").setLevel(logging.WARNING)  # it tells of every job
QUEUE = "engawa"
ROUND, SEND, ASIDE = "round", "send", "aside"
TICKS = {ROUND: range(0, 60, 15), ASIDE: range(7, 60, 15), SEND: range(0, 60, 2)}  # seconds of a minute
LONGEST = 60  # seconds for one job; each returns sooner, and what it began goes on
HEALTH = 15  # seconds between two signs of life
ANSWER = 2.0  # seconds for Redis to answer; what is frozen, or cut off without a word, is taken for away
AWAY = 5.0  # seconds without Redis between two looks whether it is back
LAST_JOBS = 5.0  # seconds for jobs to write that they are done, once there is nothing left to do
LEAVE = 2 * ANSWER  # seconds for jobs that were broken off, and again for what is left to say to Redis

# What redis-py and its sockets raise when the server is away, restarts, or is still loading.
GONE = (RedisError, OSError, asyncio.TimeoutError)


def redis_at(url: str) -> RedisSettings:
    """Where Redis is, from an address that the settings took for one."""
    found = RedisSettings.from_dsn(url)
    found.password = unquote(found.password) if found.password else found.password  # it takes it as it is written
    found.ssl_check_hostname = True
    return found


def _client(settings: RedisSettings) -> ArqRedis:
    """Connects when it is first used, and tries nothing again: we do so ourselves, and work meanwhile.

    arq's own way to Redis sets no bound to an answer, so that one which is frozen would hold us for ever.
    """
    return ArqRedis(
        host=settings.host,
        port=settings.port,
        unix_socket_path=settings.unix_socket_path,
        db=settings.database,
        username=settings.username,
        password=settings.password,
        ssl=settings.ssl,
        ssl_check_hostname=settings.ssl_check_hostname,
        socket_connect_timeout=ANSWER,
        socket_timeout=ANSWER,
        socket_keepalive=True,
        job_serializer=plain,
        job_deserializer=json.loads,
        default_queue_name=QUEUE,
    )


def plain(job: dict[str, Any]) -> bytes:
    return json.dumps(job, default=repr).encode()


@dataclass(slots=True)
class Bell:
    """Wakes a worker for what was just stored. Never fails: the next tick finds it as well."""

    settings: RedisSettings
    _pool: ArqRedis | None = None

    async def ring(self) -> None:
        with suppress(*GONE):
            self._pool = self._pool or _client(self.settings)
            await self._pool.enqueue_job(SEND, _job_id="wake")

    async def pass_on(self, bell: asyncio.Event) -> None:
        """Rings whenever the bell of this process does, until it is cancelled."""
        while True:
            await bell.wait()
            bell.clear()
            await self.ring()

    async def close(self) -> None:
        if self._pool is not None:
            with suppress(*GONE):
                await self._pool.aclose(close_connection_pool=True)


@dataclass(frozen=True, slots=True)
class Called:
    """A worker that is called by arq; by the clock alone while Redis is away. ``name``: its own among all workers."""

    shift: Shift
    settings: RedisSettings
    name: str

    async def work(self, stop: asyncio.Event) -> None:
        """Until it is told to stop."""
        while not stop.is_set():
            await self._called(stop)
            if not stop.is_set():
                await self._by_the_clock(stop)

    async def _called(self, stop: asyncio.Event) -> None:
        """For as long as Redis is there."""
        worker = self._worker()
        serving, stopping = asyncio.create_task(worker.async_run()), asyncio.create_task(stop.wait())
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if serving.done():
            error = serving.exception()
            if not isinstance(error, GONE):
                await _leave(worker)
                raise error or RuntimeError("the worker ended by itself")
            log.warning("redis_away", error=type(error).__name__)
        worker.allow_pick_jobs = False
        if worker.tasks:
            await asyncio.wait(worker.tasks.values(), timeout=LAST_JOBS)
        await end(serving)
        await _leave(worker)

    async def _by_the_clock(self, stop: asyncio.Event) -> None:
        for work in (self.shift.round, self.shift.send, self.shift.aside):
            await work()
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), AWAY)

    def _worker(self) -> Worker:
        """Only one of all workers is called at a tick for a round; each for itself to send."""
        jobs: dict[str, WorkerCoroutine] = {
            ROUND: _job(self.shift.round),
            ASIDE: _job(self.shift.aside),
            SEND: _job(self.shift.send),
        }
        return Worker(
            functions=[func(jobs[SEND], name=SEND)],
            cron_jobs=[
                cron(job, name=f"cron:{name}", second=set(TICKS[name]), unique=name != SEND)
                for name, job in jobs.items()
            ],
            queue_name=QUEUE,
            redis_pool=_client(self.settings),
            handle_signals=False,
            job_timeout=LONGEST,
            keep_result=0,
            max_tries=2,
            retry_jobs=False,
            log_results=False,
            health_check_interval=HEALTH,
            health_check_key=health_key(self.name),
            job_serializer=plain,
            job_deserializer=json.loads,
        )


def _job(work: Callable[[], Coroutine[Any, Any, None]]) -> WorkerCoroutine:
    async def called(ctx: dict[Any, Any], *_: Any, **__: Any) -> None:
        await work()

    return called


async def _leave(worker: Worker) -> None:
    """Lets go of the connections and of the sign of life. Jobs that could not say they are done are seen to be over."""
    left = list(worker.tasks.values())
    for task in left:
        task.cancel()
    if left:
        await asyncio.wait(left, timeout=LEAVE)
    for task in left:
        if task.done() and not task.cancelled():
            task.exception()
    with suppress(*GONE, AssertionError):
        async with asyncio.timeout(LEAVE):
            await worker.pool.delete(worker.health_check_key)
    with suppress(*GONE):
        await worker.pool.aclose(close_connection_pool=True)


def health_key(name: str) -> str:
    """Where a worker's sign of life stands: one for each, or a living one would hide the dead."""
    return f"{QUEUE}:health:{name}"


async def is_alive(settings: RedisSettings, name: str) -> bool:
    """Whether that worker gave a sign of life lately."""
    pool = _client(settings)
    try:
        return bool(await pool.exists(health_key(name)))
    except GONE:
        return False
    finally:
        await pool.aclose(close_connection_pool=True)
