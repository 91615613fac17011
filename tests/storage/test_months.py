"""A month's messages are counted in the database: several processes, and one that starts anew, share one count."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest_asyncio
from sqlalchemy import insert

from bot.core.allowance import Allowance
from bot.core.outcome import Mode
from storage.engine import Database, open_database
from storage.migrate import migrate
from storage.months import FRESH, begin_look, end_look, give_back, known, take
from storage.tables import outbox, people
from tests.storage.test_shared_pace import row

START = datetime(2027, 1, 18, tzinfo=UTC)
LINE, TOKEN = "line", "mine"


@pytest_asyncio.fixture
async def processes(database_url: str) -> AsyncIterator[list[Database]]:
    """Two processes on one database."""
    opened = [open_database(database_url) for _ in range(2)]
    await migrate(opened[0])
    yield opened
    for database in opened:
        await database.close()


async def look(database: Database, at: datetime, found: Allowance | None) -> bool:
    """Whether this process looked."""
    async with database.writer.begin() as connection:
        seen = await begin_look(connection, LINE, TOKEN, at)
    if seen is None:
        return False
    if found is not None:
        async with database.writer.begin() as connection:
            await end_look(connection, LINE, found, seen)
    return True


async def takes(database: Database, urgent: int, ordinary: int) -> int:
    async with database.writer.begin() as connection:
        return await take(connection, LINE, urgent, ordinary)


async def test_two_processes_together_keep_the_share(processes: list[Database]):
    """Of a hundred messages ten are kept, whoever sends the ninety; what is urgent goes in any case."""
    first, second = processes
    assert await look(first, START, Allowance(100, 30))
    assert not await look(second, START + timedelta(seconds=FRESH - 1), Allowance(100, 0))
    assert [await takes(one, 0, 25) for one in (first, second, first)] == [25, 25, 10]
    assert await takes(second, 3, 1) == 0
    async with second.writer.begin() as connection:
        await give_back(connection, LINE, 5)
    assert await takes(first, 0, 9) == 2


async def test_what_was_counted_before_a_look_is_not_counted_twice(processes: list[Database]):
    first, second = processes
    await look(first, START, Allowance(100, 0))
    await takes(second, 0, 40)
    assert await look(first, START + timedelta(seconds=FRESH), Allowance(100, 40))
    assert await takes(second, 0, 90) == 50


async def test_what_another_process_is_just_sending_stays_counted(processes: list[Database]):
    """The platform may not know of it yet."""
    first, second = processes
    await look(first, START, Allowance(100, 0))
    async with second.writer.begin() as connection:
        await connection.execute(insert(people), [{"id": "owner:1", "name": "山田"}])
        held = {"state": "sending", "lease": "theirs", "channel": LINE}
        rows = [row(1, Mode.PROMPT, START) | held | {"key": str(key)} for key in range(40)]
        await connection.execute(insert(outbox), rows)
    await takes(second, 0, 40)
    await look(first, START + timedelta(seconds=FRESH), Allowance(100, 0))
    assert await takes(first, 0, 90) == 50


async def test_a_look_that_fails_keeps_what_was_known(processes: list[Database]):
    first, second = processes
    await look(first, START, Allowance(10, 9))
    assert await look(second, START + timedelta(seconds=FRESH), None)
    assert await takes(second, 0, 1) == 0
    async with first.reader.connect() as connection:
        month = await known(connection, LINE, START + timedelta(seconds=FRESH + 1))
    assert (month.is_fresh, month.is_limited) == (True, True)


async def test_without_a_limit_nothing_is_held_back(processes: list[Database]):
    await look(processes[0], START, Allowance(None, 0))
    assert await takes(processes[1], 0, 1000) == 1000
