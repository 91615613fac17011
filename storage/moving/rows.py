"""The rows of a table as both databases know them, and what tells whether two tables hold the same.

Values are read as they lie there, past the types of storage.tables: JSON stays the text that was written, and NULL
stays apart from a JSON null.
"""

import hashlib
import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Date,
    Float,
    Select,
    Table,
    Text,
    cast,
    select,
    tuple_,
    type_coerce,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import NULLTYPE

from storage.tables import service

MOVING = "moving"  # the value that marks a target as half filled; it is no row of the copy
MODULUS = 2**128
Line = tuple[Any, ...]


@dataclass(slots=True)
class Sum:
    """How many rows there are, and a sum over their digests: in whatever order they come it is the same."""

    rows: int = 0
    total: int = 0

    def add(self, lines: Sequence[Line]) -> None:
        for line in lines:
            self.total += int.from_bytes(hashlib.blake2b(repr(line).encode(), digest_size=16).digest())
        self.total %= MODULUS
        self.rows += len(lines)

    @property
    def hex(self) -> str:
        """The sum as 32 hex digits."""
        return f"{self.total:032x}"


def as_text(value: Any) -> str:
    """JSON as it was written. SQLite keeps what looks like a number as one."""
    return value if isinstance(value, str) else json.dumps(value)


READ: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (Boolean, bool),
    (Date, date.fromisoformat),
    (Float, float),
    (JSON, as_text),
)


async def lines_of(
    connection: AsyncConnection, table: Table, size: int, after: Sequence[Any] = ()
) -> AsyncIterator[list[Line]]:
    """All rows, or those after a key as this database holds it, in the order of their keys, ``size`` at a time."""
    sqlite = connection.dialect.name == "sqlite"
    readers = _readers(table) if sqlite else {}
    query = _query(table, after, _as_it_lies if sqlite else _past_the_driver)
    async for part in (await connection.stream(query)).partitions(size):
        yield [_read(row, readers) for row in part]


async def sum_of(connection: AsyncConnection, table: Table, size: int, told: Callable[[int], None]) -> Sum:
    """The sum over a whole table; ``told`` hears of the rows as they are read."""
    found = Sum()
    async for lines in lines_of(connection, table, size):
        found.add(lines)
        told(len(lines))
    return found


def key_of(table: Table, line: Line) -> list[Any]:
    """The key of a row as SQLite holds it, for JSON."""
    places = [position for position, column in enumerate(table.columns) if column.primary_key]
    return [value.isoformat() if isinstance(value, date) else value for value in (line[place] for place in places)]


def _as_it_lies(column: Column[Any]) -> ColumnElement[Any]:
    return type_coerce(column, NULLTYPE)


def _past_the_driver(column: Column[Any]) -> ColumnElement[Any]:
    """PostgreSQL's driver would read JSON itself; as text it is what was written."""
    return cast(column, Text) if isinstance(column.type, JSON) else _as_it_lies(column)


def _query(
    table: Table, after: Sequence[Any], seen: Callable[[Column[Any]], ColumnElement[Any]]
) -> Select[*tuple[Any, ...]]:
    keys = [_as_it_lies(column) for column in table.columns if column.primary_key]
    query = select(*(seen(column).label(column.name) for column in table.columns))
    if after:
        query = query.where(tuple_(*keys) > tuple_(*after) if len(keys) > 1 else keys[0] > after[0])
    if table is service:
        query = query.where(service.c.name != MOVING)
    return query.order_by(*keys)


def _readers(table: Table) -> dict[int, Callable[[Any], Any]]:
    found = ((position, _reader(column)) for position, column in enumerate(table.columns))
    return {position: reader for position, reader in found if reader is not None}


def _reader(column: Column[Any]) -> Callable[[Any], Any] | None:
    return next((reader for kind, reader in READ if isinstance(column.type, kind)), None)


def _read(row: Sequence[Any], readers: dict[int, Callable[[Any], Any]]) -> Line:
    values = list(row)
    for position, reader in readers.items():
        if values[position] is not None:
            values[position] = reader(values[position])
    return tuple(values)
