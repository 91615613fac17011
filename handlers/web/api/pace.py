"""How many requests a key may make: some at once, then so many a second. Kept in memory, so by process; what a
submitter brings in is written down before it is answered, so nothing depends on it."""

import math
from collections import OrderedDict
from collections.abc import Callable

BURST, A_SECOND = 60, 2.0
KNOWN = 5000


class Pace:
    """By key, how many requests it may make now. ``elapsed`` is machine time in seconds that never goes back."""

    def __init__(self, elapsed: Callable[[], float], burst: int = BURST, a_second: float = A_SECOND) -> None:
        self._elapsed, self._burst, self._a_second = elapsed, burst, a_second
        self._left: OrderedDict[int, tuple[float, float]] = OrderedDict()

    def wait(self, key_id: int) -> int:
        """0 for a request that may be made, which is counted; otherwise seconds until the next one may be."""
        now = self._elapsed()
        left, since = self._left.pop(key_id, (float(self._burst), now))
        left = min(float(self._burst), left + (now - since) * self._a_second)
        allowed = left >= 1
        self._left[key_id] = (left - 1 if allowed else left, now)
        while len(self._left) > KNOWN:
            self._left.popitem(last=False)
        return 0 if allowed else max(1, math.ceil((1 - left) / self._a_second))
