"""How often somebody may be wrong before they have to wait: kept in memory, for a few thousand at most."""

from collections import OrderedDict
from datetime import datetime, timedelta

MOST, SPAN, KNOWN = 10, timedelta(hours=1), 5000


class Tries:
    """Wrong tries by what was tried, by the civil clock."""

    def __init__(self) -> None:
        self._wrong: OrderedDict[str, list[datetime]] = OrderedDict()

    def wait(self, name: str, now: datetime) -> int:
        """Seconds until another try is allowed; 0 for at once."""
        since = [at for at in self._wrong.get(name, ()) if at > now - SPAN]
        return 0 if len(since) < MOST else int((since[0] + SPAN - now).total_seconds()) + 1

    def missed(self, name: str, now: datetime) -> None:
        since = [at for at in self._wrong.pop(name, ()) if at > now - SPAN]
        self._wrong[name] = [*since, now]
        while len(self._wrong) > KNOWN:
            self._wrong.popitem(last=False)
