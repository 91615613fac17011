"""What an auditor finds, and how it goes on past what it cannot read."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

LATE = timedelta(days=2)  # nothing that is due may lie for longer than this
# What reading raises where a cell holds something else than its column: text for a number, no JSON, a day of no month.
UNREADABLE = (ArithmeticError, AssertionError, AttributeError, LookupError, OSError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it must be, and where."""

    kind: str
    where: str
    detail: str = ""


Look = Callable[[Sequence[str]], Awaitable[list[Finding]]]


def unreadable(where: str, error: Exception) -> Finding:
    return Finding("unreadable", where, f"{type(error).__name__}: {error}")


async def past_unreadable(ids: Sequence[str], look: Look) -> AsyncIterator[Finding]:
    """What is found at all of these together; where one cannot be read, at each by itself."""
    try:
        found = await look(ids)
    except UNREADABLE as error:
        if len(ids) == 1:
            found = [unreadable(ids[0], error)]
        else:
            found = [one for each in ids async for one in past_unreadable([each], look)]
    for finding in found:
        yield finding
