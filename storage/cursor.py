"""SQLite statements in one hop to their connection's thread.

aiosqlite makes a cursor, runs the statement, fetches and closes, and each of the four waits for the other thread: with
statements as short as ours the waiting is most of the time. Here the first rows come along with the answer.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from aiosqlite import Connection

FIRST = 500  # rows that come along; whoever reads on fetches the others


class OneHop(Connection):
    """aiosqlite's connection with such cursors."""

    def cursor(self) -> "Cursor":  # type: ignore[override]  # theirs is a hop, and hence to be awaited
        return Cursor(self._execute, self._conn)


class Cursor:
    """What SQLAlchemy's adapter asks of a cursor."""

    def __init__(self, in_thread: Callable[..., Any], connection: sqlite3.Connection) -> None:
        self.arraysize = 1
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self._in_thread, self._connection = in_thread, connection
        self._more: sqlite3.Cursor | None = None  # where there are rows beyond those that came along
        self._rows: list[Any] = []

    async def __aenter__(self) -> "Cursor":
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        await self._in_thread(self._run, sql, parameters)

    async def executemany(self, sql: str, parameters: Iterable[Sequence[Any]]) -> None:
        await self._in_thread(self._run_all, sql, parameters)

    async def fetchone(self) -> Any:
        return next(iter(await self.fetchmany(1)), None)

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        wanted = self.arraysize if size is None else size
        if self._more is not None and len(self._rows) < wanted:
            await self._in_thread(self._read, self._more, max(wanted, FIRST))
        rows, self._rows = self._rows[:wanted], self._rows[wanted:]
        return rows

    async def fetchall(self) -> list[Any]:
        while self._more is not None:
            await self._in_thread(self._read, self._more, FIRST)
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        if self._more is not None:
            await self._in_thread(self._more.close)
            self._more = None

    def _run(self, sql: str, parameters: Sequence[Any]) -> None:
        self._answered(self._connection.execute(sql, parameters))

    def _run_all(self, sql: str, parameters: Iterable[Sequence[Any]]) -> None:
        self._answered(self._connection.executemany(sql, parameters))

    def _answered(self, cursor: sqlite3.Cursor) -> None:
        self.description = cursor.description
        if self.description is not None:
            self._read(cursor, FIRST)
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid

    def _read(self, cursor: sqlite3.Cursor, size: int) -> None:
        rows = cursor.fetchmany(size)
        self._rows += rows
        self._more = cursor if len(rows) == size else None


def connect(file: str, **options: Any) -> OneHop:
    """A connection whose thread ends with the process, as SQLAlchemy has it of its own."""
    connection = OneHop(lambda: sqlite3.connect(file, **options), iter_chunk_size=FIRST)
    connection._thread.daemon = True
    return connection
