"""What arrives together is committed together: each knock waits for the one commit that holds all of them.

A commit waits for the disk, and one that holds thirty events waits no longer than one that holds a single one.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.core.arrival import Event
from storage.inbound import keep_all
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Knock:
    """The events of one request, and the rows of those that are new, once they are committed."""

    channel: str
    events: Sequence[Event]
    rows: asyncio.Future[list[int]]


@dataclass(slots=True)
class Keeping:
    """Stores events. While one transaction is written, whoever comes waits for the next."""

    store: Store
    now: Callable[[], datetime]
    _waiting: list[Knock] = field(default_factory=list)
    _going: asyncio.Task[None] | None = None

    async def keep(self, channel: str, events: Sequence[Event]) -> list[int]:
        """The rows of the events that are new, committed. Raises what the database raised, if it was about these."""
        if not events:
            return []
        knock = Knock(channel, events, asyncio.get_running_loop().create_future())
        self._waiting.append(knock)
        if self._going is None or self._going.done():
            self._going = asyncio.create_task(self._write_all())
        return await knock.rows

    async def _write_all(self) -> None:
        while self._waiting:
            together, self._waiting = self._waiting, []
            try:
                await self._write(together)
            except Exception:  # what one of them holds must not take the others along
                for knock in together:
                    await self._alone(knock)

    async def _alone(self, knock: Knock) -> None:
        try:
            await self._write([knock])
        except Exception as error:  # the request's own: it is answered with a failure, and the platform comes again
            if not knock.rows.done():
                knock.rows.set_exception(error)

    async def _write(self, knocks: Sequence[Knock]) -> None:
        async with self.store.write() as connection:
            events = [(knock.channel, event) for knock in knocks for event in knock.events]
            kept = await keep_all(connection, events, self.now())
        for knock in knocks:
            rows = [kept.pop((knock.channel, event.id), None) for event in knock.events]  # twice told is new once
            if not knock.rows.done():  # who knocked may have gone
                knock.rows.set_result([row for row in rows if row is not None])
