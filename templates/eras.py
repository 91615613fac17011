"""The Japanese eras: a new one is a new line at the top of this table, and nothing else.

An era is set by cabinet order on a succession (元号法). Dates are kept in the western calendar everywhere; an era is
only how a date is written for people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Era:
    """``since`` is the era's first day; its first year, 元年, ends with that calendar year."""

    name: str
    since: date


ERAS = (
    Era("令和", date(2019, 5, 1)),
    Era("平成", date(1989, 1, 8)),
    Era("昭和", date(1926, 12, 25)),
    Era("大正", date(1912, 7, 30)),
)


def era_of(day: date, eras: Sequence[Era] = ERAS) -> Era | None:
    """The era a day lies in; None for a day before the table begins."""
    return next((era for era in eras if day >= era.since), None)


def day_in_era(day: date, eras: Sequence[Era] = ERAS) -> str:
    """2026-11-21 → 令和8年（2026年）11月21日."""
    era = era_of(day, eras)
    if era is None:
        return f"{day.year}年{day.month}月{day.day}日"
    year = day.year - era.since.year + 1
    return f"{era.name}{'元' if year == 1 else year}年（{day.year}年）{day.month}月{day.day}日"
