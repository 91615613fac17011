"""What runs everything that happens by itself: once, or over and over."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from scheduler.clock import Clock
from scheduler.dispatch import Post, Tally, dispatch, recover
from scheduler.due import open_due
from scheduler.escalate import escalate

log = structlog.get_logger()
PAUSE = 15.0  # seconds between two rounds of the service
Understand = Callable[[datetime], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did."""

    houses: int
    cases: int
    tally: Tally


async def run_once(post: Post, understand_new: Understand, now: datetime) -> Round:
    """Everything that is due at this civil now: what came in, the sweep, the ladder, and the sending."""
    await understand_new(now)
    houses = await open_due(post.store, now)
    cases = await escalate(post.store, now)
    return Round(houses, cases, await dispatch(post, now))


async def run_for_ever(post: Post, understand_new: Understand, clock: Clock, bell: asyncio.Event) -> None:
    """Rounds until the post is closing. ``bell`` wakes it at once, for an answer that waits to be sent."""
    await recover(post, all_dead=True)
    while not post.closing.is_set():
        bell.clear()
        try:
            await run_once(post, understand_new, clock.now())
            await recover(post, all_dead=False)
        except Exception:  # the edge of the loop: tomorrow must not fail because of today
            log.exception("round_failed")
        try:
            await asyncio.wait_for(bell.wait(), PAUSE)
        except TimeoutError:
            continue
