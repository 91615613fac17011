"""Many processes start at once on an empty database, and one is stopped while the database is away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from sqlalchemy import func, select, text

from bot.config import Settings
from main import open_service
from scheduler.listening import in_turn
from storage.engine import Database, open_database
from storage.exclusive import RUNNER, beside, tried
from storage.tables import people

PATIENCE = 60.0  # seconds until something that never ends is called so


async def test_all_of_several_first_starters_are_up(tmp_path: Path, empty_database_url: str):
    """Pages and workers come up together, as containers do: none fails for what another has just made."""
    settings = Settings(database_url=empty_database_url, key_file=tmp_path / "engawa.key", files_dir=tmp_path / "files")
    async with AsyncExitStack() as stack:
        opened = [open_service(settings, {}) for _ in range(6)]
        services = await asyncio.gather(*(stack.enter_async_context(one) for one in opened))
        async with services[0].store.read() as connection:
            assert (await connection.execute(select(func.count()).select_from(people))).scalar_one() == 1


async def lost(database: Database) -> None:
    """The database drops every connection but the one that says so."""
    async with database.reader.connect() as connection:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
        await connection.execute(text(others + "pg_backend_pid()"))


async def test_a_process_that_lost_the_database_can_be_stopped(fresh_postgres: str):
    """Whoever held a lock there has lost it with the connection, and hears that it is to end."""
    database = open_database(fresh_postgres)
    listening = asyncio.Event()

    @asynccontextmanager
    async def hear() -> AsyncIterator[None]:
        listening.set()
        yield

    try:
        async with asyncio.timeout(PATIENCE), beside(database), in_turn(database, hear):
            await listening.wait()
            await lost(database)
        async with tried(database, RUNNER) as held:
            assert held
    finally:
        await database.close()
