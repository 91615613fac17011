"""What somebody did on a page is understood and answered while they wait."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from scheduler.clock import Clock
from scheduler.dispatch import ANSWERS, Tally, dispatch
from scheduler.post import Post

log = structlog.get_logger()
PATIENCE = 3.0  # seconds for which the page waits; what takes longer goes on behind it


@dataclass(frozen=True, slots=True)
class Answering:
    """Handles one stored event, then sends: an answer is the most urgent message there is, so it goes first.

    Answers only: otherwise as many batches would be on the wire as there are people at their pages, and a crash would
    repeat them all.

    ``handle`` understands one inbound row. ``bell`` wakes the rounds for whatever else the event has made due.
    """

    post: Post
    handle: Callable[[int, datetime], Awaitable[None]]
    clock: Clock
    bell: asyncio.Event
    _going: set[asyncio.Task[Tally]] = field(default_factory=set)

    async def __call__(self, row_id: int) -> None:
        now = self.clock.now()
        await self.handle(row_id, now)
        sending = asyncio.create_task(dispatch(self.post, now, ANSWERS))
        self._going.add(sending)
        sending.add_done_callback(self._done)
        await asyncio.wait({sending}, timeout=PATIENCE)
        self.bell.set()

    async def finish(self) -> None:
        """Waits for what is still being sent."""
        if self._going:
            await asyncio.wait(self._going)

    def _done(self, sending: asyncio.Task[Tally]) -> None:
        self._going.discard(sending)
        error = None if sending.cancelled() else sending.exception()
        if error is not None:  # the row is in the outbox: the next round sends it
            log.error("answer_not_sent", error=type(error).__name__)
