"""Channels that ask their platform by themselves: each listens for as long as the service runs."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

import structlog

from bot.core.arrival import Event, Keep, Listening
from scheduler.clock import Clock
from storage.ending import end
from storage.engine import Database
from storage.exclusive import LISTENER, tried
from storage.inbound import keep
from storage.store import Store

log = structlog.get_logger()
AGAIN = 30.0  # seconds until a channel whose listening broke down is listened to again


@asynccontextmanager
async def hearing(
    channels: Mapping[str, Listening], store: Store, clock: Clock, bell: asyncio.Event
) -> AsyncIterator[None]:
    """Everything that listens, listening. ``bell`` wakes the rounds for what was stored."""

    def keeper(name: str) -> Keep:
        async def stored(event: Event) -> None:
            async with store.write() as connection:
                await keep(connection, name, event.id, event.raw, clock.now())
            bell.set()

        return stored

    async with AsyncExitStack() as stack:
        for name, channel in channels.items():
            task = asyncio.create_task(_for_ever(name, channel, keeper(name)))
            stack.push_async_callback(end, task)
        yield


@asynccontextmanager
async def in_turn(database: Database, hear: Callable[[], AbstractAsyncContextManager[None]]) -> AsyncIterator[None]:
    """Listens while no other process on this database does: when that one dies, it is this one's turn.

    One that lost its place without knowing keeps what it hears under the same ids, so nothing is heard twice.
    """
    task = asyncio.create_task(_in_turn(database, hear))
    try:
        yield
    finally:
        await end(task)


async def _in_turn(database: Database, hear: Callable[[], AbstractAsyncContextManager[None]]) -> None:
    while True:
        try:
            async with tried(database, LISTENER) as held:
                if held:
                    async with hear():
                        await asyncio.Event().wait()
        except Exception:  # the edge of the loop: the database may be back in a moment
            log.exception("listening_failed", channel="")
        await asyncio.sleep(AGAIN)


async def _for_ever(name: str, channel: Listening, stored: Keep) -> None:
    while True:
        try:
            await channel.listen(stored)
        except Exception:  # the edge of the loop: a platform's bad day is not ours
            log.exception("listening_failed", channel=name)
        await asyncio.sleep(AGAIN)
