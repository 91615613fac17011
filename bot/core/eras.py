"""The Japanese eras: a new one is a new line at the top of this table, and nothing else.

An era is set by cabinet order on a succession (元号法). Dates are kept in the western calendar everywhere; an era is
only how a date is written for people, and by them. What reads and writes looks the table up each time.
"""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Era:
    """``since`` is the era's first day; its first year, 元年, ends with that calendar year.

    ``letter`` is how it is cut short in figures (R8.4.1); ``square`` the one character that holds its whole name,
    where there is one.
    """

    name: str
    letter: str
    since: date
    square: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """How people write it, the longest first."""
        return (self.name, self.name[0], self.letter)

    @property
    def base(self) -> int:
        """The western year before its first."""
        return self.since.year - 1


ERAS = (
    Era("令和", "R", date(2019, 5, 1), "㋿"),
    Era("平成", "H", date(1989, 1, 8), "㍻"),
    Era("昭和", "S", date(1926, 12, 25), "㍼"),
    Era("大正", "T", date(1912, 7, 30), "㍽"),
)


def era_of(day: date) -> Era | None:
    """The era a day lies in; None for a day before the table begins."""
    return next((era for era in ERAS if day >= era.since), None)


def era_named(name: str) -> Era:
    """The era of one of its names, in either case. Raises StopIteration for none of them."""
    return next(era for era in ERAS if name.upper() in era.names)


def last_day(era: Era) -> date | None:
    """The day before the next era's first; None while it lasts."""
    later = [other.since for other in ERAS if other.since > era.since]
    return min(later) - timedelta(days=1) if later else None
