"""Every row comes from SQLite to PostgreSQL as it lies there, whatever it holds, and nothing else is touched."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    Integer,
    Table,
    Text,
    cast,
    func,
    insert,
    select,
    text,
    type_coerce,
)
from sqlalchemy.types import NULLTYPE

from storage.engine import Database, open_database
from storage.exclusive import BusyError, alone, beside
from storage.high_water import NAME, name_database
from storage.moving import COPYING, MoveError, Moving
from storage.moving.rows import MOVING
from storage.record import get_value, set_value
from storage.tables import Instant, metadata, outbox, people
from tests.counterparts.schema import migrated_file

ORDER, ROWS = metadata.sorted_tables, 4
JSONS = ('{"名": "山田", "x": [1.50, "\\u0000"]}', "null", "5", '"5"', "[]")  # as text: the bytes count


class StoppedError(Exception):
    """Somebody broke it off."""


@dataclass
class Watched:
    """Breaks off after so many batches of copying."""

    after: int = 10**9
    seen: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, what: str, table: str, more: int, rows: int) -> None:
        self.seen.append((what, table))
        if what == COPYING and more:
            self.after -= 1
            if not self.after:
                raise StoppedError


@asynccontextmanager
async def both(file: Path, target_url: str) -> AsyncIterator[tuple[Database, Database]]:
    source, target = open_database(f"sqlite:///{file}"), open_database(target_url)
    try:
        yield source, target
    finally:
        await source.close()
        await target.close()


def value_of(column: Column[Any], number: int) -> Any:
    """Something for a column, other for every row; as SQLite holds it."""
    if column.nullable and number % 2:
        return None
    if isinstance(column.type, Boolean):
        return number % 2
    if isinstance(column.type, Date):
        return date(2026, 1, 1 + number).isoformat()
    if isinstance(column.type, JSON):
        return JSONS[number % len(JSONS)]
    if isinstance(column.type, Float):
        return 0.1 * number
    if isinstance(column.type, Instant):
        return 1_900_000_000_000 + number
    if isinstance(column.type, Integer):
        return number + 1
    length = getattr(column.type, "length", None)
    return f"{number}ｱ𠮷'\\%"[:length] if length else f"{number} {column.name} 𠮷田\n\t\\N'" * (1 + number % 2)


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """An SQLite database with rows in every table; what points to a row points to the one of the same number."""
    path = Path(copy(migrated_file(), tmp_path / "old.db"))
    given: dict[str, list[dict[str, Any]]] = {}
    with closing(sqlite3.connect(path)) as connection:
        for table in ORDER:
            given[table.name] = [_row(table, number, given) for number in range(ROWS)]
            names = ", ".join(f'"{column.name}"' for column in table.columns)
            marks = ", ".join(f":{column.name}" for column in table.columns)
            connection.executemany(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", given[table.name])
        connection.execute("INSERT INTO service VALUES (?, 'abc')", [NAME])
        connection.commit()
    return path


def _row(table: Table, number: int, given: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    row = {column.name: value_of(column, number) for column in table.columns}
    for column in table.columns:
        for key in column.foreign_keys:
            if row[column.name] is not None:
                row[column.name] = given[key.column.table.name][number][key.column.name]
    return row


async def lying_in(database: Database) -> dict[str, set[tuple[Any, ...]]]:
    """Every row of every table, read past all types."""
    found = {}
    async with database.reader.connect() as connection:
        for table in ORDER:
            kinds = (Text if isinstance(column.type, JSON) else None for column in table.columns)
            columns = [
                cast(column, kind) if kind else type_coerce(column, NULLTYPE)
                for column, kind in zip(table.columns, kinds, strict=True)
            ]
            rows = (await connection.execute(select(*columns))).all()
            found[table.name] = {tuple(_plain(value) for value in row) for row in rows}
    return found


def _plain(value: Any) -> Any:
    """What the two drivers give in their own ways: SQLite has neither days nor true, and keeps 5 for a JSON of 5."""
    return str(int(value) if isinstance(value, bool) else value) if value is not None else None


@pytest.mark.parametrize("batch", [1, 1000])
async def test_every_row_of_every_table_is_the_same(filled: Path, migrated_postgres: str, batch: int):
    """Days, instants, JSON to the byte, NULL apart from a JSON null; new rows get the next ids."""
    async with both(filled, migrated_postgres) as (source, target):
        before = await lying_in(source)
        moved = await Moving(source, target, Watched(), batch)()
        assert await lying_in(target) == before == await lying_in(source)
        assert {name: found.rows for name, found in moved.tables.items()} == {n: len(r) for n, r in before.items()}
        assert min(found.rows for found in moved.tables.values()) == ROWS
        async with target.writer.begin() as connection:
            last = (await connection.execute(select(func.max(outbox.c.id)))).scalar_one()
            following = text("SELECT nextval(pg_get_serial_sequence('outbox', 'id'))")
            assert (await connection.execute(following)).scalar_one() == last + 1


async def test_what_is_broken_off_goes_on_where_it_was(filled: Path, migrated_postgres: str):
    """After any batch: what was copied is not copied again, and at the end all of it is there."""
    async with both(filled, migrated_postgres) as (source, target):
        seen: list[tuple[str, str]] = []
        for after in (1, 2, 40):
            watched = Watched(after)
            with pytest.raises(StoppedError):
                await Moving(source, target, watched, batch=1)()
            assert watched.seen[0][1] == (seen[-1][1] if seen else ORDER[0].name)
            seen = watched.seen
        assert (await Moving(source, target, Watched(), batch=1)()).resumed
        assert await lying_in(target) == await lying_in(source)


async def test_a_source_that_went_on_in_between_is_copied_anew(filled: Path, migrated_postgres: str):
    """Rows that were copied and have changed or gone since, and new ones before the place that was reached."""
    async with both(filled, migrated_postgres) as (source, target):
        with pytest.raises(StoppedError):
            await Moving(source, target, Watched(100), batch=1)()
        with closing(sqlite3.connect(filled)) as connection:
            connection.execute("UPDATE people SET name = '別の名'")
            connection.execute("DELETE FROM looks WHERE id = 2")
            connection.commit()
        await Moving(source, target, Watched())()
        assert await lying_in(target) == await lying_in(source)


async def test_the_same_command_once_more_says_that_it_is_done(filled: Path, migrated_postgres: str):
    """And nothing is written over a target that has gone on since."""
    async with both(filled, migrated_postgres) as (source, target):
        await Moving(source, target, Watched())()
        assert (await Moving(source, target, Watched())()).already
        async with target.writer.begin() as connection:
            await set_value(connection, "since", "1")
        with pytest.raises(MoveError, match=r"gone on since.*service differs"):
            await Moving(source, target, Watched())()


async def test_a_database_with_data_of_its_own_is_left_alone(filled: Path, migrated_postgres: str):
    """Even a single person; what a first start leaves behind is no data."""
    async with both(filled, migrated_postgres) as (source, target):
        async with target.writer.begin() as connection:
            await name_database(connection)
            await connection.execute(insert(people).values(id="owner:O1"))
        before = await lying_in(target)
        with pytest.raises(MoveError, match="holds other data"):
            await Moving(source, target, Watched())()
        assert await lying_in(target) == before
        async with target.writer.begin() as connection:
            await connection.execute(people.delete())
        await Moving(source, target, Watched())()
        assert await lying_in(target) == await lying_in(source)


async def test_another_source_cannot_go_on_with_it(filled: Path, migrated_postgres: str):
    """Half of one house book and half of another would be neither."""
    async with both(filled, migrated_postgres) as (source, target):
        with pytest.raises(StoppedError):
            await Moving(source, target, Watched(30), batch=1)()
        with closing(sqlite3.connect(filled)) as connection:
            connection.execute("UPDATE service SET value = 'another' WHERE name = ?", [NAME])
            connection.commit()
        with pytest.raises(MoveError, match="holds other data"):
            await Moving(source, target, Watched())()
        async with target.reader.connect() as connection:
            assert await get_value(connection, MOVING) is not None


async def test_nobody_may_be_at_work_on_either(filled: Path, migrated_postgres: str):
    """A service, one that only shows pages, or somebody who writes."""
    async with both(filled, migrated_postgres) as (source, target):
        for database in (source, target):
            for at_work in (alone, beside):
                async with at_work(database):
                    with pytest.raises(BusyError):
                        await Moving(source, target, Watched())()
        assert (await lying_in(target))["people"] == set()


async def test_what_postgresql_does_not_take_is_told_without_what_it_is(filled: Path, migrated_postgres: str):
    """A null character in a name: the table is named, the name is not."""
    with closing(sqlite3.connect(filled)) as connection:
        connection.execute("UPDATE people SET name = '山' || char(0) || '田'")
        connection.commit()
    async with both(filled, migrated_postgres) as (source, target):
        with pytest.raises(MoveError, match=r"^people: PostgreSQL does not take a row of it \(\w+\)$") as told:
            await Moving(source, target, Watched())()
        assert "田" not in str(told.value)


async def test_only_a_database_of_this_version_is_moved(filled: Path, migrated_postgres: str):
    """An older one is not changed on the way: it is the copy that one can go back to."""
    with closing(sqlite3.connect(filled)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
        connection.commit()
    async with both(filled, migrated_postgres) as (source, target):
        with pytest.raises(MoveError, match="of another version"):
            await Moving(source, target, Watched())()
    with closing(sqlite3.connect(filled)) as connection:
        connection.executescript("DROP TABLE alembic_version")
    async with both(filled, migrated_postgres) as (source, target):
        with pytest.raises(MoveError, match="no database of Engawa"):
            await Moving(source, target, Watched())()
