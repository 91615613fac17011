"""How many messages the month still holds, and which of them are kept for emergencies."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

SHARE = 0.1  # of a month's messages, kept back: a storm reaches everybody in one night
FRESH = 300.0  # seconds of machine time for which an answer serves: the platform allows 60 such requests an hour
KEPT = "quota kept for emergencies"


@dataclass(frozen=True, slots=True)
class Allowance:
    """What the plan holds in a month (None: as many as there are), and what of it is used."""

    limit: int | None
    used: int


class Quota:
    """Looks now and then, and counts in between what we send ourselves.

    While the platform does not tell, nothing is held back: it refuses by itself what is too much.
    """

    def __init__(self, look: Callable[[], Awaitable[Allowance | None]], monotonic: Callable[[], float]) -> None:
        self._look = look
        self._monotonic = monotonic
        self._looked: float | None = None
        self._allowance = Allowance(limit=None, used=0)
        self._ours = 0
        self._one_at_a_time = asyncio.Lock()

    async def take(self, urgent: bool) -> bool:
        """Counts one message, and says whether it may go. An urgent one waits for nothing and always may."""
        if not urgent and not await self._has_room():
            return False
        self._ours += 1
        return True

    def give_back(self) -> None:
        """The message was not taken, and does not count."""
        self._ours -= 1

    async def _has_room(self) -> bool:
        async with self._one_at_a_time:
            if self._looked is None or self._monotonic() - self._looked >= FRESH:
                await self._renew()
        if self._allowance.limit is None:
            return True
        left = self._allowance.limit - self._allowance.used - self._ours
        return left > self._allowance.limit * SHARE

    async def _renew(self) -> None:
        """What we counted before the look is in the number that it brings."""
        counted = self._ours
        self._looked = self._monotonic()
        found = await self._look()
        if found is not None:
            self._allowance = found
            self._ours -= counted
