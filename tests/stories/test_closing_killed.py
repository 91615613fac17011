"""A company with hundreds of houses closes, and the handover is killed in the middle, again and again."""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from bot.cli.imports import take_files
from bot.config import Settings
from bot.core.days import TOKYO
from main import Service, open_service
from scheduler.handover import Closing, prepare
from storage.reviews import approve
from storage.tables import cases, facts, handover_houses, handovers, outbox, people
from tests.stories.houses import write_closing
from tests.stories.town import Town

SATO, COMPANIES = "staff:sato", 12
DAY = date(2027, 1, 12)


@pytest.mark.parametrize("count", [300, pytest.param(5_000, marks=pytest.mark.soak)], ids=["hundreds", "five thousand"])
async def test_killed_while_companies_are_asked(tmp_path: Path, database_url: str, count: int):
    """Three kills: every house is asked about once, each has its holder at every stop, and the record is whole."""
    there = Place(tmp_path, database_url)
    async with open_service(there.settings, {}) as service:
        await take_files(service, write_closing(tmp_path, count, COMPANIES))
        async with service.store.write() as connection:
            await connection.execute(insert(people).values(id=SATO, name="佐藤", staff_role="supervisor"))
    await there.killed_at(count // 3, rows, "handover", "--servicer", "B1", "--reason", "closed")
    assert await there.ends("handover", "--servicer", "B1", "--reason", "closed") == 0
    async with open_service(there.settings, {}) as service:
        assert await rows(service) == count
    most = min(count, 30 * COMPANIES)  # of each company so many a day
    for share in (1, 2):
        await there.killed_at(most * share // 3, asked, "handover", "approve", "1", "--by", SATO)
        async with open_service(there.settings, {}) as service:
            assert await orphans(service) == 0
    assert await there.ends("handover", "resume", "1") == 0
    async with open_service(there.settings, {}) as service:
        assert await asked(service) == most
        assert await orphans(service) == 0
        assert await questions(service) == most
    assert await there.ends("audit") == 0


@pytest.mark.parametrize(
    ("count", "companies"),
    [(200, 2), pytest.param(5_000, COMPANIES, marks=pytest.mark.soak)],
    ids=["hundreds", "five thousand"],
)
async def test_no_work_is_nobodys_on_any_day_until_all_are_asked(town: Town, count: int, companies: int):
    """Thirty houses a day and company, for days; nobody who is asked answers, so the next are, until nobody is left."""
    service, store = town.service, town.service.store
    await take_files(service, write_closing(town.folder, count, companies))
    async with store.write() as connection:
        await connection.execute(insert(people).values(id=SATO, name="佐藤", staff_role="supervisor"))
    await town.skip_to(DAY.isoformat())
    number = await prepare(store, Closing("B1", "closed"), service.clock.now())
    await approve(store, number, SATO, service.clock.now())
    for day in range(1, -(-count // (30 * companies)) + 1):
        await town.run()
        assert await under_way(service) == min(count, 30 * companies * day)
        assert await orphans(service) == 0
        await town.all_is_well()
        await town.until(town.today + timedelta(days=1))
    for _ in range(3):
        await town.until(town.today + timedelta(days=5))
        assert await orphans(service) == 0
        await town.all_is_well()
    assert await counted(service, select(func.count()).select_from(handovers).where(handovers.c.state == "begun")) == 1


class Place:
    """Where the service lives, and how it is called."""

    def __init__(self, folder: Path, database_url: str) -> None:
        now = datetime.combine(DAY, time(10), TOKYO)
        self.settings = Settings(database_url=database_url, key_file=folder / "engawa.key", now=now)
        self.environment = {
            **os.environ,
            "ENGAWA_DATABASE_URL": database_url,
            "ENGAWA_KEY_FILE": str(folder / "engawa.key"),
            "ENGAWA_FILES_DIR": str(folder / "files"),
            "ENGAWA_NOW": now.isoformat(),
        }

    async def killed_at(self, many: int, count: Callable[[Service], Awaitable[int]], *words: str) -> None:
        """The command is killed once so many are done; one that is quicker than that has ended."""
        process = await self.begin(*words)
        ended = asyncio.ensure_future(process.wait())
        async with open_service(self.settings, {}) as service:
            while not ended.done() and await count(service) < many:
                await asyncio.wait([ended], timeout=0.05)
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await ended

    async def ends(self, *words: str) -> int:
        process = await self.begin(*words)
        return await process.wait()

    async def begin(self, *words: str) -> asyncio.subprocess.Process:
        code = "from bot.cli.app import main; main()"
        root = Path(__file__).parents[2]
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", code, *words), cwd=root, env=self.environment, stdout=asyncio.subprocess.DEVNULL
        )


async def rows(service: Service) -> int:
    return await counted(service, select(func.count()).select_from(handover_houses))


async def under_way(service: Service) -> int:
    """Houses whose turn has come."""
    begun = handover_houses.c.state.in_(("asked", "held"))
    return await counted(service, select(func.count()).select_from(handover_houses).where(begun))


async def asked(service: Service) -> int:
    return await counted(service, select(func.count()).select_from(cases).where(cases.c.candidate_id != ""))


async def orphans(service: Service) -> int:
    """Open cases that nobody of the staff, and nobody who was asked, holds: the company they had is gone."""
    mine = select(func.count()).select_from(cases).where(cases.c.phase != "closed")
    return await counted(service, mine.where(cases.c.holder != SATO))


async def questions(service: Service) -> int:
    """How often a company was asked: once for each house, in the record and in what is sent."""
    async with service.store.read() as connection:
        told = select(func.count()).select_from(facts).where(facts.c.kind == "candidate_asked")
        parts = (await connection.execute(select(outbox.c.parts))).scalars().all()
        said = [part["case"] for row in parts for part in row if part["kind"] == "servicer_candidate"]
        assert len(said) == len(set(said)) == (await connection.execute(told)).scalar_one()
    return len(said)


async def counted(service: Service, query: Any) -> int:
    async with service.store.read() as connection:
        return int((await connection.execute(query)).scalar_one())
