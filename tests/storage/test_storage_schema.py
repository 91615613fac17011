"""The schema migrates itself, on both databases, and equals the tables in code."""

import asyncio

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, inspect, select, update

from storage.engine import open_database
from storage.migrate import migrate
from storage.tables import metadata, service

FULL = 2


# SQLAlchemy cannot read an index on an expression back from SQLite; on PostgreSQL it is compared like any other.
@pytest.mark.filterwarnings("ignore:.*expression-based index")
async def test_the_schema_at_head_equals_the_tables_in_code(empty_database_url: str):
    """Nobody forgot a migration."""
    database = open_database(empty_database_url)
    try:
        await migrate(database)
        async with database.writer.connect() as connection:
            differences = await connection.run_sync(
                lambda sync: compare_metadata(MigrationContext.configure(sync), metadata)
            )
        assert differences == []
    finally:
        await database.close()


async def test_several_starters_at_once(empty_database_url: str):
    """Processes that start together migrate once."""
    databases = [open_database(empty_database_url) for _ in range(8)]
    try:
        await asyncio.gather(*(migrate(database) for database in databases))
        async with databases[0].reader.connect() as connection:
            names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        assert set(metadata.tables) <= set(names)
    finally:
        for database in databases:
            await database.close()


async def test_twenty_at_once_lose_no_update(database_url: str):
    """Read, add one, write: twenty tasks on one database end at twenty.

    On SQLite one transaction writes at a time, on PostgreSQL whoever will write locks the row that they read.
    """
    database = open_database(database_url)
    mine = service.c.name == "n"

    async def add_one() -> None:
        async with database.writer.begin() as connection:
            row = (await connection.execute(select(service.c.value).where(mine).with_for_update())).scalar_one()
            await asyncio.sleep(0)
            await connection.execute(update(service).where(mine).values(value=str(int(row) + 1)))

    try:
        async with database.writer.begin() as connection:
            await connection.execute(insert(service).values(name="n", value="0"))
        await asyncio.gather(*(add_one() for _ in range(20)))
        async with database.reader.connect() as connection:
            assert (await connection.execute(select(service.c.value).where(mine))).scalar_one() == "20"
    finally:
        await database.close()


async def test_what_is_committed_outlives_a_power_cut(tmp_path):
    """SQLite waits for the disk at every commit; a log that is only written now and then would forget the last ones."""
    database = open_database(f"sqlite:///{tmp_path / 'x.db'}")
    try:
        async with database.writer.connect() as connection:
            assert (await connection.exec_driver_sql("PRAGMA synchronous")).scalar() == FULL
            assert (await connection.exec_driver_sql("PRAGMA journal_mode")).scalar() == "wal"
    finally:
        await database.close()
