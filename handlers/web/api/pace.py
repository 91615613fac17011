"""How many requests a key may make, over all processes of the service together.

What a key may still do is counted in the database. A process takes some of it at a time and spends that by itself, so
that few requests write anything; what it has not spent after a while is not made good to it.
"""

import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.core.pace import Store as Level
from storage.paces import take
from storage.store import Store

BURST, A_SECOND = 60, 2.0
AT_A_TIME = 10  # requests that a process takes on itself
HELD = 10.0  # seconds after which it lets go of what it has not spent
KNOWN = 5000


@dataclass(slots=True)
class Share:
    """What a process has of a key: requests in hand since when, and until when there are none; machine seconds."""

    left: int = 0
    since: float = 0.0
    none_until: float = 0.0


class Pace:
    """``elapsed`` is machine time in seconds that never goes back, ``machine_now`` the machine's clock, which is what
    several of them have in common."""

    def __init__(
        self,
        elapsed: Callable[[], float],
        machine_now: Callable[[], datetime],
        burst: int = BURST,
        a_second: float = A_SECOND,
    ) -> None:
        self._elapsed, self._machine_now = elapsed, machine_now
        self._burst, self._a_second = burst, a_second
        self._shares: OrderedDict[int, Share] = OrderedDict()

    async def wait(self, store: Store, key_id: int) -> int:
        """0 for a request that may be made, which is counted; otherwise seconds until the next one may be."""
        share, now = self._share(key_id), self._elapsed()
        if now - share.since > HELD:
            share.left = 0
        if share.left:
            share.left -= 1
            return 0
        if now < share.none_until:
            return math.ceil(share.none_until - now)
        usual = Level(self._burst, self._machine_now().timestamp(), self._burst, self._a_second)
        async with store.write() as connection:
            some, wait = await take(connection, str(key_id), usual, AT_A_TIME)
        if not some:
            share.none_until = now + wait
            return max(1, math.ceil(wait))
        share.left, share.since = share.left + some - 1, now
        return 0

    def _share(self, key_id: int) -> Share:
        share = self._shares[key_id] = self._shares.pop(key_id, Share())
        while len(self._shares) > KNOWN:
            self._shares.popitem(last=False)
        return share
