"""Ending what goes on for ever: a task is broken off until it is over."""

import asyncio
from typing import Any

AGAIN = 1.0  # seconds of machine time


async def end(*tasks: asyncio.Task[Any], again: float = AGAIN) -> None:
    """Breaks these off, and again after so many seconds until they are over; what they end with stays in them.

    Once is not enough: a library may keep the first break to itself, as `asyncio.wait_for` did before Python 3.12 where
    what it waits for comes in the same moment. A worker on Redis that was told to end was seen going on for ever.
    """
    going = set(tasks)
    while going:
        for task in going:
            task.cancel()
        _, going = await asyncio.wait(going, timeout=again)
