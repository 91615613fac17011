"""The desk's morning: what lies with the staff, whose it is, what is oldest, and what is due today."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.core.business import OFFICE
from bot.core.days import TOKYO, civil
from bot.core.outcome import Mode, Say
from bot.core.people import QUIET_FROM, STAFF_DESK

NAMED = 10  # cases that are named one by one


@dataclass(frozen=True, slots=True)
class Lying:
    """One case that lies with the staff. ``holder`` is the name of whoever took it, or the desk's."""

    case_id: str
    holder: str
    reason: str
    since: date
    next_on: date | None


def digest_day(now: datetime) -> date | None:
    """The day whose digest may be told now: an office day, from nine o'clock on."""
    local = now.astimezone(TOKYO)
    return local.date() if local.hour >= QUIET_FROM and OFFICE.is_open(local.date()) else None


def digest(lying: Sequence[Lying], now: datetime) -> Say | None:
    """The message, or nothing where nothing lies with them."""
    if not lying:
        return None
    today = civil(now)
    oldest = min(lying, key=lambda one: (one.since, one.case_id))
    due = [one.case_id for one in lying if one.next_on is not None and one.next_on <= today]
    told = {
        "count": len(lying),
        "by_reason": [{"reason": reason, "count": n} for reason, n in _counted(one.reason for one in lying)],
        "by_holder": [{"holder": holder, "count": n} for holder, n in _counted(one.holder for one in lying)],
        "oldest": {"case": oldest.case_id, "since": oldest.since.isoformat()},
        "today": due[:NAMED],
        "more_today": len(due) - len(due[:NAMED]),
    }
    return Say(STAFF_DESK, "staff_digest", told, Mode.PROMPT)


def _counted(words: Iterable[str]) -> list[tuple[str, int]]:
    return sorted(Counter(words).items(), key=lambda pair: (-pair[1], pair[0]))
