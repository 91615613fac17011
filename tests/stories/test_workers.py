"""Several workers share the work. One is killed, Redis loses everything or is away: all is sent, nothing twice."""

import asyncio
import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select

from bot.cli.imports import take_files
from bot.config import Settings
from bot.core.days import TOKYO
from engawa_fakes.line import FakeLine
from main import Service, open_service
from scheduler.bell import Bell, health_key, is_alive, redis_at
from storage.audit import audit
from storage.tables import addresses, attempts, outbox, pauses
from tests.counterparts.redis import RedisServer
from tests.stories.houses import write_houses
from tests.stories.processes import Processes, environment

DAY, LINE = date(2027, 6, 1), "line"
WRITES = ("SET", "PSETEX", "SETEX", "ZADD", "INCR")
# What comes second for somebody waits for the next morning, which is not of this day.
ON_LINE = (outbox.c.channel == LINE, outbox.c.send_at < datetime.combine(DAY + timedelta(days=1), time(), TOKYO))
OPEN = select(func.count()).select_from(outbox).where(*ON_LINE, outbox.c.state.in_(("waiting", "sending")))
ALL_WORK = {"send", "cron:send", "cron:round", "cron:aside"}


@dataclass
class Works:
    """Houses whose owners are on LINE, on a real PostgreSQL and a real Redis, and the workers that look after them."""

    service: Service
    processes: Processes
    line: FakeLine
    redis: RedisServer
    owners: dict[str, str]

    async def told(self, many: int) -> None:
        """Until so many messages have reached somebody."""
        while len(self.line.sent) < many:
            await self.left()

    async def nothing_in_hand(self) -> None:
        """What was taken up is finished and written down: each went out once, and its row says so."""
        rows = select(outbox.c.address).where(outbox.c.channel == LINE, outbox.c.state == "sent")
        others = select(outbox.c.state).where(outbox.c.state.in_(("sending", "unknown")))
        async with self.service.store.read() as connection:
            sent = Counter((await connection.execute(rows)).scalars())
            assert (await connection.execute(others)).all() == []
            tried = (await connection.execute(select(attempts.c.number, attempts.c.answer).distinct())).all()
        assert [tuple(row) for row in tried] == [(1, "sent")]
        assert Counter(each.user for each in self.line.sent) == sent

    async def alive(self, name: str) -> None:
        """Until Redis has called that worker."""
        while not await is_alive(redis_at(self.redis.url), name):
            continue

    async def hold(self) -> None:
        """Nothing goes out on LINE until it is let go."""
        since = self.service.clock.now()
        async with self.service.store.write() as connection:
            held = insert(pauses).values(scope=f"channel:{LINE}", since_at=since, by="staff:desk", reason="moving")
            await connection.execute(held)

    async def let_go(self) -> None:
        async with self.service.store.write() as connection:
            await connection.execute(delete(pauses))

    async def all_gone(self) -> None:
        """Until everything that was to be said on LINE is said."""
        while await self.left() or len({sent.user for sent in self.line.sent}) < len(self.owners):
            continue

    async def left(self) -> int:
        async with self.service.store.read() as connection:
            return int((await connection.execute(OPEN)).scalar_one())

    async def check(self) -> None:
        """Everybody was told what was meant for them, once."""
        got = Counter(sent.user for sent in self.line.sent)
        async with self.service.store.read() as connection:
            rows = await connection.execute(select(outbox.c.address, outbox.c.state).where(*ON_LINE))
            states = Counter((row.address, row.state) for row in rows)
            found = [one async for one in audit(connection, self.service.store.pins.seal, self.service.clock.now())]
        assert {user: states[user, "sent"] for user in self.owners.values()} == got
        assert {state for _, state in states} <= {"sent", "dropped"}
        assert found == []


@pytest.fixture
async def works(request, tmp_path: Path, fresh_postgres: str, fake_line: FakeLine, redis_server: RedisServer):
    count = getattr(request, "param", 150)
    given = environment(tmp_path, fresh_postgres, redis_server.url, fake_line, ENGAWA_NOW=f"{DAY}T10:00:00")
    settings = Settings(
        database_url=fresh_postgres,
        key_file=tmp_path / "engawa.key",
        files_dir=tmp_path / "files",
        now=datetime.combine(DAY, time(10), TOKYO),
    )
    async with open_service(settings, {}) as service:
        await take_files(service, write_houses(tmp_path, count))
        owners = {f"owner:O{n}": fake_line.people.user() for n in range(count)}
        rows = [{"person_id": person, "channel": LINE, "address": user, "rank": -1} for person, user in owners.items()]
        async with service.store.write() as connection:
            await connection.execute(insert(addresses), rows)
        processes = Processes(given)
        yield Works(service, processes, fake_line, redis_server, owners)
        await processes.kill_all()


@pytest.mark.parametrize("works", [150, pytest.param(3000, marks=pytest.mark.soak)], indirect=True)
async def test_one_is_killed_redis_is_flushed_and_the_other_stopped(works: Works):
    """All restarted: all sent, none twice."""
    processes = works.processes
    await processes.worker("one")
    await processes.worker("other")
    await works.told(len(works.owners) // 10)
    await processes.kill("one")
    await works.redis.flush()
    assert await processes.end("other") == [0]
    await processes.worker("one")
    await processes.worker("other")
    await works.all_gone()
    assert await processes.end("one", "other") == [0, 0]
    await works.check()


async def test_while_redis_is_away_the_clock_is_enough(works: Works):
    """A worker that finds no Redis does the same by itself, and is called again when it is back."""
    await works.redis.stop()
    await works.processes.worker("one")
    await works.all_gone()
    await works.redis.start()
    await works.alive("one")
    assert await works.processes.end("one") == [0]
    assert not await is_alive(redis_at(works.redis.url), "one")
    await works.check()


@pytest.mark.parametrize("works", [10], indirect=True)
@pytest.mark.parametrize("frozen", [True, False], ids=["frozen", "ended"])
async def test_redis_is_lost_under_a_running_worker(works: Works, frozen: bool):
    """It answers no more, or is gone: the worker goes on by the clock, and is called again when Redis is back."""
    redis, processes = works.redis, works.processes
    await works.hold()
    await processes.worker("one")
    await works.alive("one")
    if frozen:
        redis.freeze()
    else:
        await redis.stop()
    await works.let_go()
    await works.all_gone()
    if frozen:
        redis.thaw()
        await redis.flush()
    else:
        await redis.start()
    await works.alive("one")
    if frozen:
        redis.freeze()
    assert await processes.end("one") == [0]
    await works.check()


async def test_who_is_told_to_stop_in_the_midst_finishes_what_is_in_hand(works: Works):
    """What it had taken up goes out and is written down, and what it had not waits for the next one."""
    await works.processes.worker("one")
    await works.told(10)
    assert await works.processes.end("one") == [0]
    await works.nothing_in_hand()
    await works.processes.worker("one")
    await works.all_gone()
    assert await works.processes.end("one") == [0]
    await works.check()


@pytest.mark.parametrize("works", [1], indirect=True)
async def test_a_living_worker_hides_no_dead_one_and_a_job_carries_nothing(works: Works):
    """Each is asked after by its name. In Redis stands which work is asked for, as JSON, and nothing of anybody's."""
    processes, redis, bell = works.processes, works.redis, Bell(redis_at(works.redis.url))
    async with redis.overheard() as heard:
        for name in ("one", "other"):
            await processes.worker(name)
            await works.alive(name)
        await bell.ring()
        await processes.kill("other")
        await redis.forget(health_key("other"))
        assert await asyncio.gather(*map(processes.is_alive, ("one", "other"))) == [True, False]
        while not {job["f"] for job in jobs(heard)} >= ALL_WORK:
            await works.alive("one")
    await bell.close()
    assert {job["f"] for job in jobs(heard)} == ALL_WORK
    assert [(job["a"], job["k"]) for job in jobs(heard) if job["a"] or job["k"]] == []
    places = {said.split()[1].split(":")[0] for said in heard if said.split()[0] in WRITES}
    assert places == {"arq", "engawa"}
    assert [said for said in heard if "arq:result:" in said and said.split()[0] in ("SET", "PSETEX", "SETEX")] == []


def jobs(heard: list[str]) -> list[dict[str, Any]]:
    """What was put there to be done."""
    return [json.loads(said.split(" ", 3)[3]) for said in heard if said.startswith("PSETEX arq:job:")]
