"""SQLite through aiosqlite, with one trip to the database's thread for most statements.

By itself a statement takes four: for a cursor, for the statement, for its rows and to end the cursor. A trip costs
more than most statements do.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, Self

import aiosqlite

AT_ONCE = 1000  # rows brought along by the statement's own trip; the rest of a longer answer is fetched when wanted


class Connection(aiosqlite.Connection):
    """aiosqlite's connection with a cursor of ours."""

    def cursor(self) -> Any:
        return Cursor(self)

    async def trip(self, work: Callable[..., Any], *parameters: Any) -> Any:
        """Runs ``work`` in the database's thread."""
        return await self._execute(work, *parameters)  # type: ignore[no-untyped-call]

    def run(self, statement: str, parameters: Sequence[Any]) -> sqlite3.Cursor:
        return self._conn.execute(statement, parameters)

    def run_many(self, statement: str, rows: Sequence[Sequence[Any]]) -> sqlite3.Cursor:
        return self._conn.executemany(statement, rows)


class Cursor:
    """What SQLAlchemy wants of a cursor."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self._more: sqlite3.Cursor | None = None
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> Self:
        await self._connection.trip(self._run, self._connection.run, statement, parameters)
        return self

    async def executemany(self, statement: str, rows: Sequence[Sequence[Any]]) -> Self:
        await self._connection.trip(self._run, self._connection.run_many, statement, rows)
        return self

    async def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        if self._more is not None:
            rows += await self._connection.trip(self._more.fetchall)
            await self.close()
        return rows

    async def fetchmany(self, size: int = AT_ONCE) -> list[Any]:
        if len(self._rows) < size and self._more is not None:
            self._rows += await self._connection.trip(self._more.fetchmany, max(size, AT_ONCE))
        rows, self._rows = self._rows[:size], self._rows[size:]
        return rows

    async def fetchone(self) -> Any:
        rows = await self.fetchmany(1)
        return rows[0] if rows else None

    async def close(self) -> None:
        if self._more is not None:
            more, self._more = self._more, None
            await self._connection.trip(more.close)

    def _run(self, work: Callable[..., sqlite3.Cursor], statement: str, parameters: Any) -> None:
        done = work(statement, parameters)
        self.description = done.description
        self._rows = done.fetchmany(AT_ONCE) if done.description else []
        self.rowcount, self.lastrowid = done.rowcount, done.lastrowid
        if len(self._rows) < AT_ONCE:
            done.close()
        else:
            self._more = done


async def connect(path: str) -> Connection:
    """An open connection. Its thread does not hold up the end of the program."""
    connection = Connection(lambda: sqlite3.connect(path, check_same_thread=False), AT_ONCE)
    connection._thread.daemon = True
    try:
        await connection
    except sqlite3.Error:
        # The thread answers once more when it ends; if the loop were closed by then, it would end with a traceback.
        await asyncio.to_thread(connection._thread.join)
        raise
    return connection
