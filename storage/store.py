"""The database as the rest of the program sees it: transactions that write, and reads."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine import Database
from storage.pins import Pins


class Store(Protocol):
    """One transaction at a time: ``write`` commits at its end or leaves nothing behind."""

    @property
    def pins(self) -> Pins: ...

    def write(self) -> AbstractAsyncContextManager[AsyncConnection]: ...

    def read(self) -> AbstractAsyncContextManager[AsyncConnection]: ...


@dataclass(frozen=True, slots=True)
class Live:
    """The real thing."""

    database: Database
    pins: Pins

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        async with self.database.writer.begin() as connection:
            yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        async with self.database.reader.connect() as connection:
            yield connection


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A dry run: everything happens on one connection, and nothing of it stays."""

    connection: AsyncConnection
    pins: Pins
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)  # one connection does one thing at a time

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        async with self._turn, self.connection.begin_nested():
            yield self.connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        async with self._turn:
            yield self.connection


@asynccontextmanager
async def rehearse(database: Database, pins: Pins) -> AsyncIterator[Rehearsal]:
    """A store whose changes are taken back at the end."""
    async with database.writer.connect() as connection:
        transaction = await connection.begin()
        try:
            yield Rehearsal(connection, pins)
        finally:
            await transaction.rollback()


@asynccontextmanager
async def rehearsed(store: Store) -> AsyncIterator[Store]:
    """The same store for a trial, whose changes are taken back at the end."""
    if not isinstance(store, Live):
        raise TypeError("only the real thing is rehearsed")
    async with rehearse(store.database, store.pins) as rehearsal:
        yield rehearsal
