"""Moving from SQLite to PostgreSQL: every row as it lies there, repeated until both hold the same.

A batch of rows and how far it came are one transaction of the target, so whoever kills it loses a batch at most, and
the same command goes on from there. It is done when every table was read again on both sides and is the same. Until
then the target is marked, and no command opens it as a service. The source is read and locked, never written.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import asyncpg
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine import Database
from storage.exclusive import BusyError, alone, nobody_beside
from storage.high_water import NAME
from storage.moving.rows import MOVING, Sum, lines_of, sum_of
from storage.moving.target import (
    ORDER,
    Filled,
    MoveError,
    empty,
    fill,
    filled,
    holds_nothing,
    keep,
    number_on,
    orders_alike,
)
from storage.record import get_value
from storage.tables import events, service

__all__ = ["COPYING", "VERIFYING", "MoveError", "Moved", "Moving", "Sum", "Watch", "is_half_filled"]
BATCH = 5000  # rows in one transaction
COPYING, VERIFYING = "copying", "verifying"
UNFINISHED = (
    "an event is being gone through house by house, and PostgreSQL sorts in another order: let the service finish"
    " (`engawa run-once`), or make the target with createdb --template=template0 --locale=C"
)
OLD = "the SQLite database is of another version: run `engawa check` on it once with this one"
OTHER = "the target holds other data, and nothing was changed: give an empty database"
GONE_ON = "the target was moved to and has gone on since, and nothing was changed: table {table} differs"
DIFFERS = "{tables}: not the same on both sides; nothing may be started on the target. Run the same command again"


class Watch(Protocol):
    """Hears how it goes: copying or verifying, at which table, and how many rows more of how many."""

    def __call__(self, what: str, table: str, more: int, rows: int) -> None: ...


class DifferentError(Exception):
    """The tables that are not the same on both sides."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What was moved: each table's rows and their sum, the same on both sides."""

    tables: dict[str, Sum]
    resumed: bool = False  # an earlier run had begun it
    already: bool = False  # an earlier run had finished it


@dataclass(frozen=True, slots=True)
class Moving:
    """From one database to another; ``batch`` rows at a time. The schema of the target stands already."""

    source: Database
    target: Database
    watch: Watch
    batch: int = BATCH

    async def __call__(self) -> Moved:
        """Raises BusyError where a service is at work on either, MoveError where it cannot be moved so."""
        async with self._locked() as source:
            await self._look(source)
            name = await get_value(source, NAME) or ""
            async with self.target.writer.begin() as connection:
                state = await filled(connection)
                if state is None and not await holds_nothing(connection):
                    return await self._again(source, connection, name)
                if state is None:
                    await empty(connection, Filled(name))
                elif state.source != name:
                    raise MoveError(OTHER)
            return await self._from(source, state or Filled(name), resumed=state is not None)

    @asynccontextmanager
    async def _locked(self) -> AsyncIterator[AsyncConnection]:
        """Nobody runs what is due on either, and nobody writes to the source. Raises BusyError."""
        async with AsyncExitStack() as stack:
            for database in (self.source, self.target):
                await stack.enter_async_context(alone(database))
                if not await stack.enter_async_context(nobody_beside(database)):
                    raise BusyError
            connection = await stack.enter_async_context(self.source.writer.connect())
            try:
                await connection.begin()  # SQLite's BEGIN IMMEDIATE: what is not sent to it is taken back by nobody
            except OperationalError as error:
                raise BusyError from error
            stack.push_async_callback(connection.rollback)
            yield connection

    async def _look(self, source: AsyncConnection) -> None:
        """Raises MoveError for what no copy could mend."""
        version = text("SELECT version_num FROM alembic_version")
        async with self.target.reader.connect() as connection:
            here, alike = (await connection.execute(version)).scalar(), await orders_alike(connection)
        try:
            there = (await source.execute(version)).scalar()
        except OperationalError as error:
            raise MoveError("the SQLite file is no database of Engawa") from error
        if there != here:
            raise MoveError(OLD)
        going = select(events.c.id).where(events.c.reached != "", events.c.next_at.is_not(None)).limit(1)
        if not alike and (await source.execute(going)).first() is not None:
            raise MoveError(UNFINISHED)

    async def _from(self, source: AsyncConnection, state: Filled, *, resumed: bool) -> Moved:
        """What an earlier run copied may have changed in the source since: then all of it is copied anew, once."""
        try:
            await self._copy(source, state)
            return Moved(await self._verified(source), resumed)
        except (DifferentError, asyncpg.IntegrityConstraintViolationError) as error:
            if not resumed:
                raise MoveError(DIFFERS.format(tables=error if isinstance(error, DifferentError) else "keys")) from None
        state = Filled(state.source)
        async with self.target.writer.begin() as connection:
            await empty(connection, state)
        return await self._from(source, state, resumed=False)

    async def _copy(self, source: AsyncConnection, state: Filled) -> None:
        for table in ORDER:
            if table.name in state.done:
                continue
            rows = (await source.execute(select(func.count()).select_from(table))).scalar_one()
            self.watch(COPYING, table.name, 0, rows)
            after = state.after if state.table == table.name else ()
            async for lines in lines_of(source, table, self.batch, after):
                state = state.at(table, lines[-1])
                async with self.target.writer.begin() as connection:
                    await keep(connection, state)
                    await fill(connection, table, lines)
                self.watch(COPYING, table.name, len(lines), rows)
            state = state.beyond(table.name)
        async with self.target.writer.begin() as connection:
            await keep(connection, state)
            await number_on(connection)

    async def _verified(self, source: AsyncConnection) -> dict[str, Sum]:
        """Every table is read on both sides, and then the target is an ordinary database. Raises DifferentError."""
        sums, different = {}, []
        async with self.target.writer.begin() as connection:
            async for name, here, there in self._sums(source, connection):
                sums[name] = here
                if here != there:
                    different.append(name)
            if different:
                raise DifferentError(", ".join(different))
            await connection.execute(delete(service).where(service.c.name == MOVING))
        return sums

    async def _again(self, source: AsyncConnection, target: AsyncConnection, name: str) -> Moved:
        """A target that is not empty may be what the same command has filled before. Raises MoveError."""
        if not name or await get_value(target, NAME) != name:
            raise MoveError(OTHER)
        sums = {}
        async for table, here, there in self._sums(source, target):
            if here != there:
                raise MoveError(GONE_ON.format(table=table))
            sums[table] = here
        return Moved(sums, already=True)

    async def _sums(self, source: AsyncConnection, target: AsyncConnection) -> AsyncIterator[tuple[str, Sum, Sum]]:
        for table in ORDER:
            rows = (await source.execute(select(func.count()).select_from(table))).scalar_one()
            self.watch(VERIFYING, table.name, 0, 2 * rows)
            told = partial(self.watch, VERIFYING, table.name, rows=2 * rows)
            yield (
                table.name,
                await sum_of(source, table, self.batch, told),
                await sum_of(target, table, self.batch, told),
            )


async def is_half_filled(connection: AsyncConnection) -> bool:
    """Whether a database is being moved to: it lacks rows, and nothing may be decided on it."""
    return await get_value(connection, MOVING) is not None
