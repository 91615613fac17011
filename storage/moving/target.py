"""The database that is moved to: what it holds, how far it has been filled, and filling it."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import asyncpg
from sqlalchemy import Table, delete, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.guarantee import GUARANTOR
from bot.core.people import STAFF_DESK
from storage.moving.rows import MOVING, Line, key_of
from storage.record import get_value, set_value
from storage.tables import metadata, people, service

VERSION = 1
ORDER = tuple(metadata.sorted_tables)  # whatever a row points to comes before it
# What a first start, `engawa check` and `engawa audit` leave behind: it is made anew, and nobody misses it.
MADE_BY_A_START = ("addresses", "audit_findings", "audits", "people", "service")
BINARY = ("C", "POSIX", "C.UTF-8", "C.utf8")  # orders of text that are SQLite's


class MoveError(ValueError):
    """It cannot be moved so; the message is one plain line and names tables only, never what lies in them."""


@dataclass(frozen=True, slots=True)
class Filled:
    """How far a target has been filled: tables that are done, and the last key of the one in hand."""

    source: str  # the name by which the source knows its own mark
    done: tuple[str, ...] = ()
    table: str = ""
    after: Sequence[Any] = field(default=())

    def beyond(self, table: str) -> "Filled":
        """When that table is done."""
        return Filled(self.source, (*self.done, table))

    def at(self, table: Table, line: Line) -> "Filled":
        """When the table has been filled up to that row."""
        return Filled(self.source, self.done, table.name, key_of(table, line))


async def filled(connection: AsyncConnection) -> Filled | None:
    """None where nothing is being moved."""
    kept = await get_value(connection, MOVING)
    if not kept:
        return None
    known = json.loads(kept)
    return Filled(known["source"], tuple(known["done"]), known["table"], known["after"])


async def keep(connection: AsyncConnection, state: Filled) -> None:
    await set_value(connection, MOVING, json.dumps({"v": VERSION} | asdict(state)))


async def holds_nothing(connection: AsyncConnection) -> bool:
    """Whether it is as a first start leaves it: nobody's house, no fact, and nobody but ourselves."""
    for table in ORDER:
        query = select(1).select_from(table).limit(1)
        if table is people:
            query = query.where(people.c.id.not_in((STAFF_DESK, GUARANTOR)))
        elif table.name in MADE_BY_A_START:
            continue
        if (await connection.execute(query)).first() is not None:
            return False
    return True


async def empty(connection: AsyncConnection, state: Filled) -> None:
    """Nothing is left but that it is to be filled."""
    for table in reversed(ORDER):
        await connection.execute(delete(table))
    await connection.execute(insert(service).values(name=MOVING, value=""))
    await keep(connection, state)


async def fill(connection: AsyncConnection, table: Table, lines: list[Line]) -> None:
    """Adds rows by COPY, in the transaction that is under way. Raises MoveError for what PostgreSQL does not take."""
    raw = (await connection.get_raw_connection()).driver_connection
    assert isinstance(raw, asyncpg.Connection)
    try:
        await raw.copy_records_to_table(table.name, records=lines, columns=[column.name for column in table.columns])
    except asyncpg.IntegrityConstraintViolationError:
        raise  # where it was begun before, the source may have gone on since
    except (asyncpg.PostgresError, asyncpg.InterfaceError, ValueError, TypeError, OverflowError) as error:
        # The driver's own message shows the value.
        raise MoveError(f"{table.name}: PostgreSQL does not take a row of it ({type(error).__name__})") from None


async def number_on(connection: AsyncConnection) -> None:
    """New rows get ids beyond those that were copied."""
    for table in ORDER:
        column = table.autoincrement_column
        if column is None:
            continue
        last = (await connection.execute(select(func.max(column)))).scalar()
        values = {"table": table.name, "last": last or 1, "used": last is not None}
        await connection.execute(text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :last, :used)"), values)


async def orders_alike(connection: AsyncConnection) -> bool:
    """Whether text comes in the same order as on SQLite."""
    query = text("SELECT datcollate FROM pg_database WHERE datname = current_database()")
    return (await connection.execute(query)).scalar() in BINARY
