"""How often somebody may come: some at once, then so many a second. A small store that fills while nobody comes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Store:
    """``level`` of at most ``full`` that may come at once, as of ``at`` (machine time, seconds since 1970), and
    how many come back in a second."""

    level: float
    at: float
    full: int
    a_second: float

    def take(self, now: float, wanted: int) -> tuple["Store", int, float]:
        """What is left, how many of those wanted may come, and the seconds until the next one may where none may.

        Clocks of two machines differ a little: what is ahead of us adds nothing, and takes nothing away.
        """
        level = min(float(self.full), self.level + max(now - self.at, 0.0) * self.a_second)
        some = min(int(level), wanted)
        left = Store(level - some, max(now, self.at), self.full, self.a_second)
        return left, some, 0.0 if some else (1.0 - level) / self.a_second
