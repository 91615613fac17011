"""The two clocks. Nothing else in the program reads one.

Civil now is what people mean by today: everything about the plan, the ladder, quiet hours and the record goes by it,
and it can be set. Machine time serves leases, waits and timeouts and is never set.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


def machine_now() -> datetime:
    """The machine's instant, aware, in UTC."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Seconds that never go back, for timeouts and pools."""
    return time.monotonic()


@dataclass(slots=True)
class Clock:
    """Civil now: the machine's, a fixed instant, or one that is wound by hand (as in the demo)."""

    fixed: datetime | None = None

    def now(self) -> datetime:
        return self.fixed if self.fixed is not None else machine_now()

    def wind(self, by: timedelta) -> datetime:
        """Winds a clock that is set; it never goes back."""
        if self.fixed is None:
            raise ValueError("this clock follows the machine")
        self.fixed += max(by, timedelta())
        return self.fixed
