"""What came in is understood: in the order of arrival, and beside the rounds whatever has to ask its platform first.

A platform that hangs, or a place for files that cannot be reached, holds up nobody but the one who sent the file.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import structlog

from storage.ending import end
from storage.inbound import next_new, read
from storage.store import Store

log = structlog.get_logger()
AT_ONCE = 4  # events that ask one platform at the same time


class Inbox(Protocol):
    """What understands one stored event, whatever goes wrong with it."""

    async def asks(self, channel: str, raw: Mapping[str, Any], now: datetime) -> bool: ...

    async def handle(self, row_id: int, now: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Understanding:
    """Takes up every event that nobody has understood yet. ``bell`` rings for what was understood beside a round."""

    store: Store
    inbox: Inbox
    bell: asyncio.Event = field(default_factory=asyncio.Event)
    _going: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    _asking: defaultdict[str, asyncio.Semaphore] = field(
        default_factory=lambda: defaultdict(lambda: asyncio.Semaphore(AT_ONCE))
    )

    async def __call__(self, now: datetime) -> int:
        """Every event of now; how many were taken up. Those that ask their platform go on after this returns."""
        seen, last = 0, 0
        while True:
            async with self.store.read() as connection:
                row = await next_new(connection, last, now)
            if row is None:
                return seen
            last, seen = row.id, seen + 1
            if await self.inbox.asks(row.channel, row.raw, now):
                self._begin(row.id, row.channel, now)
            else:
                await self.inbox.handle(row.id, now)

    async def one(self, row_id: int, now: datetime) -> None:
        """An event that has just come in. One that asks its platform goes on after this returns."""
        async with self.store.read() as connection:
            row = await read(connection, row_id)
        if row is None:
            return
        if await self.inbox.asks(row.channel, row.raw, now):
            self._begin(row_id, row.channel, now)
        else:
            await self.inbox.handle(row_id, now)

    async def finish(self) -> None:
        """Waits for what goes on beside the rounds."""
        while self._going:
            await asyncio.wait(self._going.values())

    async def stop(self) -> None:
        """What goes on beside the rounds is broken off; it is taken up again at the next start."""
        await end(*self._going.values())

    def _begin(self, row_id: int, channel: str, now: datetime) -> None:
        if row_id in self._going:
            return
        self._going[row_id] = asyncio.create_task(self._beside(row_id, channel, now))
        self._going[row_id].add_done_callback(lambda _: self._ended(row_id))

    async def _beside(self, row_id: int, channel: str, now: datetime) -> None:
        async with self._asking[channel]:
            await self.inbox.handle(row_id, now)

    def _ended(self, row_id: int) -> None:
        task = self._going.pop(row_id)
        error = None if task.cancelled() else task.exception()
        if error is not None:  # the event is stored: the next round takes it up
            log.error("not_understood", inbound=row_id, error=type(error).__name__)
        self.bell.set()
