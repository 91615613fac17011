"""SQLite's own cursor and ours tell the same, however much is read and in whatever pieces."""

import sqlite3
from pathlib import Path

import pytest
from aiosqlite import Connection
from hypothesis import given
from hypothesis import strategies as st

from storage.cursor import FIRST, Cursor, OneHop, connect

NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT i FROM n WHERE i <= ?"
sizes = st.sampled_from([0, 1, 2, FIRST - 1, FIRST, FIRST + 1, 2 * FIRST, 2 * FIRST + 7])


@pytest.fixture
async def connection(tmp_path: Path):
    opened = await connect(str(tmp_path / "a.db"))
    yield opened
    await opened.close()


def cursor_of(connection: Connection) -> Cursor:
    assert isinstance(connection, OneHop)
    return connection.cursor()


async def read(connection: Connection, rows: int, pieces: list[int]) -> list[list[tuple[int]]]:
    """What each piece brings, and then all that is left."""
    cursor = cursor_of(connection)
    await cursor.execute(NUMBERS, (max(rows, 1), rows))
    got = [await cursor.fetchmany(size) for size in pieces]
    return [*got, await cursor.fetchall()]


@given(rows=sizes, pieces=st.lists(st.integers(1, FIRST + 3), max_size=5))
async def test_it_brings_what_sqlite_brings(rows: int, pieces: list[int]):
    theirs = sqlite3.connect(":memory:").execute(NUMBERS, (max(rows, 1), rows))
    opened = await connect(":memory:")
    try:
        ours = await read(opened, rows, pieces)
    finally:
        await opened.close()
    assert ours == [*(theirs.fetchmany(size) for size in pieces), theirs.fetchall()]


async def test_what_was_changed_is_counted(connection: Connection):
    """Rows that an update changed, rows that came back from an insert, and the id that the last one was given."""
    cursor = cursor_of(connection)
    await cursor.execute("CREATE TABLE houses (id INTEGER PRIMARY KEY, name TEXT)")
    await cursor.executemany("INSERT INTO houses (name) VALUES (?)", [("縁側",), ("離れ",)])
    assert (cursor.rowcount, cursor.description) == (2, None)
    await cursor.execute("INSERT INTO houses (name) VALUES ('蔵') RETURNING id")
    assert (await cursor.fetchone(), await cursor.fetchone(), cursor.rowcount) == ((3,), None, 1)
    assert cursor.lastrowid == 3
    await cursor.execute("UPDATE houses SET name = '門' WHERE id < 3")
    assert cursor.rowcount == 2


async def test_a_cursor_that_is_closed_halfway_keeps_nothing_open(connection: Connection):
    """The rest is not read, and the database can be written to again."""
    cursor = cursor_of(connection)
    await cursor.execute(NUMBERS, (FIRST * 3, FIRST * 3))
    assert await cursor.fetchmany(2) == [(1,), (2,)]
    await cursor.close()
    await cursor.close()
    await cursor_of(connection).execute("CREATE TABLE fresh (id)")
    assert await cursor_of(connection).fetchall() == []


async def test_what_cannot_be_run_says_so(connection: Connection):
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await cursor_of(connection).execute("SELECT * FROM nowhere")
