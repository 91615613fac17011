"""The watched folder or bucket is looked into beside the rounds: a slow place holds up nothing else."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import structlog

from scheduler.clock import Clock
from storage.ending import end

log = structlog.get_logger()
PAUSE = 30.0  # seconds between two looks: what is the same in both is no longer being written
Look = Callable[[datetime], Awaitable[int]]


@asynccontextmanager
async def collecting(look: Look | None, clock: Clock, bell: asyncio.Event) -> AsyncIterator[None]:
    """Looks for as long as this lasts; not at all where no place is watched. ``bell`` wakes the rounds."""
    if look is None:
        yield
        return
    task = asyncio.create_task(_for_ever(look, clock, bell))
    try:
        yield
    finally:
        await end(task)


async def _for_ever(look: Look, clock: Clock, bell: asyncio.Event) -> None:
    while True:
        try:
            if await look(clock.now()):
                bell.set()
        except OSError as error:  # it may be back with the next look
            log.warning("trays_not_reached", error=type(error).__name__)
        except Exception:  # the edge of the loop: one bad look ends no other
            log.exception("look_failed")
        await asyncio.sleep(PAUSE)
