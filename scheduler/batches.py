"""What is due, a bounded batch in one transaction after the other, until none is left."""

from collections.abc import Awaitable, Callable

BATCH = 200  # houses or cases in one transaction


async def until_none_is_left(batch: Callable[[], Awaitable[int]]) -> int:
    """Does one batch after the other; each tells how many it found. How many there were in all."""
    seen = 0
    while found := await batch():
        seen += found
    return seen
