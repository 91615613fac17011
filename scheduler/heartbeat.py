"""A sign of life for a watch outside, every few minutes: while the rounds go on, and the auditor finds nothing.

It goes out beside the rounds, so that a host that hangs holds up nothing. What does not come is what alarms.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import structlog

from bot.core.findings import is_well
from scheduler.clock import monotonic
from storage.audits import state_of
from storage.ending import end
from storage.store import Store

log = structlog.get_logger()
EVERY = 180.0  # seconds of machine time between two signs


class Outside(Protocol):
    """Where it goes."""

    async def call(self) -> str:
        """Empty where it was heard, otherwise why not; never the address."""
        ...

    async def close(self) -> None: ...


@dataclass(slots=True)
class Heartbeat:
    """Beats when it is told of a whole round, unless it did so a moment ago. ``every``: seconds between two calls."""

    store: Store
    outside: Outside
    every: float = EVERY
    _next: float = 0.0
    _going: asyncio.Task[None] | None = None
    _said: str = field(default="")  # what the log was told last, so that it is told of changes alone

    def round_done(self, now: datetime) -> None:
        """Begins a beat beside the rounds, unless one is under way.

        One that is withheld is tried again with the next round, so that the watch hears soon that it is well again.
        """
        if monotonic() < self._next or (self._going is not None and not self._going.done()):
            return
        self._going = asyncio.create_task(self._undisturbed(now))

    async def close(self) -> None:
        if self._going is not None:
            await end(self._going)
        await self.outside.close()

    async def _undisturbed(self, now: datetime) -> None:
        try:
            await self._beat(now)
        except Exception:  # the edge: no sign of life is a sign too, and ends nothing else
            log.exception("heartbeat_failed")

    async def _beat(self, now: datetime) -> None:
        async with self.store.read() as connection:
            state = await state_of(connection)
        if not is_well(state.last_at, state.findings, now):
            self._tell("heartbeat_withheld", "the auditor is not clean, or has not been through for two days")
            return
        self._next = monotonic() + self.every
        why = await self.outside.call()
        self._tell("heartbeat_unheard" if why else "heartbeat_heard", why)

    def _tell(self, event: str, why: str) -> None:
        if self._said != event:
            (log.info if event == "heartbeat_heard" else log.warning)(event, why=why)
        self._said = event
