"""Who is at work on a database: one process runs what is due, one at a time; others may send beside it.

A second `run-once`, or one beside the service, is told so and does nothing. All of these locks die with their process.
"""

import asyncio
import fcntl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.ending import end
from storage.engine import UNUSABLE, Database

# Numbers of one space on PostgreSQL: storage.migrate and storage.record have 61 and 64 of it.
RUNNER, SENDERS = 0x656E67617762, 0x656E67617763
ASIDE, LISTENER, COLLECTOR = 0x656E67617765, 0x656E67617766, 0x656E67617767
# How a lock's file ends, beside an SQLite database.
ENDINGS = {RUNNER: "lock", SENDERS: "senders", ASIDE: "aside", LISTENER: "listener", COLLECTOR: "collector"}

LOOK = 5.0  # seconds of machine time between two looks whether our place is still held


class BusyError(RuntimeError):
    """Another process is running what is due on this database."""


@asynccontextmanager
async def alone(database: Database) -> AsyncIterator[None]:
    """Holds the database for one runner. Raises BusyError."""
    async with tried(database, RUNNER) as held:
        if not held:
            raise BusyError
        yield


@asynccontextmanager
async def beside(database: Database) -> AsyncIterator[None]:
    """Holds a place for a process that sends beside the runner."""
    if database.is_sqlite:
        with _file(database, SENDERS).open("w") as file:
            await asyncio.to_thread(fcntl.flock, file, fcntl.LOCK_SH)
            yield
        return
    held = asyncio.Event()
    keeping, waiting = asyncio.create_task(_keep_place(database, held)), asyncio.create_task(held.wait())
    try:
        await asyncio.wait({keeping, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if keeping.done():
            await keeping  # what kept us from it
        yield
    finally:
        await end(keeping, waiting)


async def _keep_place(database: Database, held: asyncio.Event) -> None:
    """A lock lasts as long as its connection: one that the server dropped is taken again, or the next to start would
    believe that nobody is at work here."""
    while True:
        try:
            await _hold_place(database, held)
        except UNUSABLE:
            if not held.is_set():
                raise
            await asyncio.sleep(LOOK)


async def _hold_place(database: Database, held: asyncio.Event) -> None:
    """Until the connection breaks, or for ever. It goes back to no pool: where it cannot unlock, its end does."""
    async with database.writer.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        try:
            await connection.execute(text(f"SELECT pg_advisory_lock_shared({SENDERS})"))
            held.set()
            while True:
                await asyncio.sleep(LOOK)
                await connection.execute(text("SELECT 1"))
        finally:
            await _let_go(connection, f"SELECT pg_advisory_unlock_shared({SENDERS})")
            await connection.invalidate()


@asynccontextmanager
async def nobody_beside(database: Database) -> AsyncIterator[bool]:
    """For the runner: whether nobody sends beside it. While this lasts nobody begins to."""
    async with tried(database, SENDERS) as held:
        yield held


@asynccontextmanager
async def tried(database: Database, lock: int) -> AsyncIterator[bool]:
    """Whether the lock could be had; it is held until the end."""
    if database.is_sqlite:
        with _file(database, lock).open("w") as file:
            yield _flocked(file.fileno())
        return
    async with database.writer.connect() as connection:
        held = bool((await connection.execute(text(f"SELECT pg_try_advisory_lock({lock})"))).scalar())
        await connection.commit()
        try:
            yield held
        finally:
            if held:
                await _let_go(connection, f"SELECT pg_advisory_unlock({lock})")


async def _let_go(connection: AsyncConnection, statement: str) -> None:
    """A lost connection has taken its lock with it: no reason to keep whoever is being stopped from ending."""
    try:
        await connection.execute(text(statement))
        await connection.commit()
    except (*UNUSABLE, SQLAlchemyError):
        await connection.invalidate()


def _file(database: Database, lock: int) -> Path:
    return Path(f"{database.writer.url.database}.{ENDINGS[lock]}")


def _flocked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
