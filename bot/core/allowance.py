"""How many messages a platform lets us send in a month, and how many of them are kept for emergencies."""

from dataclasses import dataclass
from math import ceil

SHARE = 0.1  # of a month's messages, kept back: a storm reaches everybody in one night


@dataclass(frozen=True, slots=True)
class Allowance:
    """What the plan holds in a month (None: as many as there are), and what of it is used."""

    limit: int | None
    used: int

    def going(self, ordinary: int) -> int:
        """How many of so many ordinary messages may go: none of the share that is kept."""
        if self.limit is None:
            return ordinary
        left = self.limit - self.used
        return min(max(ceil(left - self.limit * SHARE), 0), ordinary)
