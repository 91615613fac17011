"""How often somebody may be wrong, or ask for what costs a lot, before they have to wait: kept in memory, for a few
thousand at most."""

from collections import OrderedDict
from datetime import datetime, timedelta

MOST, SPAN, KNOWN = 10, timedelta(hours=1), 5000


class Tries:
    """Tries by what was tried, by the civil clock; ``most`` of one in a ``SPAN``."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._wrong: OrderedDict[str, list[datetime]] = OrderedDict()

    def wait(self, name: str, now: datetime) -> int:
        """Seconds until another try is allowed; 0 for at once."""
        since = [at for at in self._wrong.get(name, ()) if at > now - SPAN]
        return 0 if len(since) < self._most else int((since[0] + SPAN - now).total_seconds()) + 1

    def tried(self, name: str, now: datetime) -> None:
        since = [at for at in self._wrong.pop(name, ()) if at > now - SPAN]
        self._wrong[name] = [*since, now]
        while len(self._wrong) > KNOWN:
            self._wrong.popitem(last=False)
