"""Opening the database.

SQLite gets BEGIN IMMEDIATE for everything that may write (its default mode loses updates in silence) and one writer
connection per process; reads go through a pool of their own. What is committed is on the disk: after a power cut nobody
has forgotten a mail that went out, or an answer that was given (it costs mails no speed that can be measured).
"""

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import URL, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util import await_only

from storage.cursor import connect

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}
PATIENCE, REST = 200, 0.05  # tries, and seconds between them, until another process is through with a new file
# What the drivers raise when they cannot connect; TypeError and ValueError: a part of the URL that they cannot take.
UNUSABLE = (DBAPIError, sqlite3.Error, asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TypeError, ValueError)


class DatabaseUrlError(ValueError):
    """The database URL cannot be used; the message is one plain line and never holds the URL: it has a password."""


@dataclass(frozen=True, slots=True)
class Database:
    """Two engines on one database: ``writer`` for every transaction that may write, ``reader`` for pages and lists."""

    writer: AsyncEngine
    reader: AsyncEngine

    @property
    def is_sqlite(self) -> bool:
        return self.writer.dialect.name == "sqlite"

    async def close(self) -> None:
        await self.writer.dispose()
        if self.reader is not self.writer:
            await self.reader.dispose()


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite database; None for another database, and for a URL that open_database refuses."""
    try:
        parsed = _parsed(url)
    except DatabaseUrlError:
        return None
    return Path(parsed.database or "") if parsed.drivername == DRIVERS["sqlite"] else None


def open_database(url: str) -> Database:
    """Engines for a database URL; nothing is connected yet. Raises DatabaseUrlError for one that cannot be used."""
    parsed = _parsed(url)
    if parsed.drivername == DRIVERS["sqlite"]:
        one_hop = {"async_creator_fn": connect}
        writer = create_async_engine(parsed, pool_size=1, max_overflow=0, connect_args=one_hop)
        reader = create_async_engine(parsed, pool_size=4, max_overflow=0, connect_args=one_hop)
        _prepare(writer, "BEGIN IMMEDIATE", read_only=False)
        _prepare(reader, "BEGIN", read_only=True)
        return Database(writer, reader)
    engine = create_async_engine(parsed, pool_pre_ping=True, pool_size=8)
    return Database(engine, engine)


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise DatabaseUrlError("ENGAWA_DATABASE_URL is not a database URL") from error
    scheme = parsed.drivername.partition("+")[0]
    if scheme not in DRIVERS:
        raise DatabaseUrlError("ENGAWA_DATABASE_URL must begin with sqlite:// or postgresql://")
    if parsed.port is not None and not 0 < parsed.port < 65536:
        raise DatabaseUrlError("ENGAWA_DATABASE_URL has a port that cannot be: it must lie between 1 and 65535")
    if scheme == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise DatabaseUrlError("ENGAWA_DATABASE_URL must name a file: two connections share it")
    return parsed.set(drivername=DRIVERS[scheme])


async def reach(database: Database) -> None:
    """Opens the database for writing, once. Raises DatabaseUrlError with the reason where that cannot be."""
    try:
        if database.is_sqlite:
            await asyncio.to_thread(_try, database.writer.url.database or "")
        async with database.writer.begin():
            return
    except UNUSABLE as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        reason = (str(cause) or type(cause).__name__).splitlines()[0]
        raise DatabaseUrlError(f"ENGAWA_DATABASE_URL: the database cannot be opened: {reason}") from error


def _try(file: str) -> None:
    """Opens the file without aiosqlite, whose thread ends with a traceback if it cannot and the loop closes first."""
    sqlite3.connect(file).close()


def _prepare(engine: AsyncEngine, begin: str, *, read_only: bool) -> None:
    pragmas = ["busy_timeout=10000", "foreign_keys=on", "cache_size=-16000"]
    pragmas += ["query_only=on"] if read_only else ["journal_mode=wal", "synchronous=full"]

    def connected(connection: DBAPIConnection, _record: Any) -> None:
        connection.isolation_level = None  # we send BEGIN ourselves
        cursor = connection.cursor()
        for pragma in pragmas:
            _patiently(cursor, f"PRAGMA {pragma}")
        cursor.close()

    def began(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    listeners: tuple[tuple[str, Callable[..., None]], ...] = (("connect", connected), ("begin", began))
    for name, listener in listeners:
        event.listen(engine.sync_engine, name, listener)


def _patiently(cursor: Any, statement: str) -> None:
    """Runs it, again while another process starts on the same file: busy_timeout does not reach there.

    Two that turn a new file to WAL at once would wait for each other, so SQLite refuses one of them instead.
    """
    for _ in range(PATIENCE):
        try:
            cursor.execute(statement)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            await_only(asyncio.sleep(REST))
        else:
            return
    cursor.execute(statement)
