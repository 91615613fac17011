"""A database that was put back from a copy: how that shows, and what is known of what it has forgotten.

Whatever was told to people after the copy was made, this database does not know. So it observes and sends nothing,
until people have looked at what it would say (see storage.restored).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any

from bot.core.business import OFFICE
from bot.core.days import civil
from bot.core.people import STAFF_DESK

COMMAND, BEHIND = "command", "behind"  # why it is taken for restored: somebody said so, or the mark was ahead of it
COUNTED = ("outbox", "attempts", "inbound")  # the tables whose ids only grow, and that people outside know of
APART = 1_000_000_000  # how far beyond all that is known new ids begin: no link of a forgotten message may name them
VERSION = 1


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a database had come: the highest committed id of each counted table, at a civil instant."""

    database: str
    at: datetime
    ids: Mapping[str, int]

    def written(self) -> dict[str, Any]:
        """As JSON."""
        return {"v": VERSION, "database": self.database, "at": self.at.isoformat(), "ids": dict(self.ids)}


def read_mark(known: Mapping[str, Any]) -> Mark:
    """The mark that was written so. Raises KeyError, TypeError or ValueError for anything else."""
    at = datetime.fromisoformat(known["at"])
    if at.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return Mark(str(known["database"]), at, {name: int(known["ids"][name]) for name in COUNTED})


def behind(here: Mark, mark: Mark) -> bool:
    """Whether a database has lost something that its mark knows of. The mark of another database says nothing."""
    return here.database == mark.database and any(here.ids[name] < mark.ids[name] for name in COUNTED)


def gap(here: Mark, mark: Mark | None) -> dict[str, tuple[int, int]]:
    """What the lost database had and this one has not: the first and the last id by table; empty without a mark."""
    if mark is None or mark.database != here.database:
        return {}
    return {name: (here.ids[name] + 1, mark.ids[name]) for name in COUNTED if here.ids[name] < mark.ids[name]}


@dataclass(frozen=True, slots=True)
class Restored:
    """That a database was put back, as it stands until people have reconciled it.

    ``until``: the civil instant up to which the lost one may have spoken. ``held``: what this one would have said up
    to then lies aside. ``day``: when its holder looks at it again.
    """

    why: str
    since: datetime
    until: datetime
    gap: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    held: bool = False
    holder: str = STAFF_DESK
    taken_on: date | None = None

    @property
    def day(self) -> date:
        return OFFICE.after(self.taken_on or civil(self.since), 1)

    def taken(self, by: str, today: date) -> "Restored":
        return replace(self, holder=by, taken_on=today)

    def written(self) -> dict[str, Any]:
        """As JSON."""
        said = asdict(self) | {"v": VERSION, "since": self.since.isoformat(), "until": self.until.isoformat()}
        return said | {"taken_on": self.taken_on.isoformat() if self.taken_on else None}


def read_restored(known: Mapping[str, Any]) -> Restored:
    """What was written so."""
    return Restored(
        why=known["why"],
        since=datetime.fromisoformat(known["since"]),
        until=datetime.fromisoformat(known["until"]),
        gap={name: (first, last) for name, (first, last) in known["gap"].items()},
        held=known["held"],
        holder=known["holder"],
        taken_on=date.fromisoformat(known["taken_on"]) if known["taken_on"] else None,
    )
