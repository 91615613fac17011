"""Dates as builders write them, read without ever guessing.

Standard is ``YYYY-MM-DD``. Also understood: year-first dates with four-digit years (``2026/4/1``, ``2026年4月1日``,
``2026.4.1``), full-width digits, era dates (``令和8年4月1日``, ``R8.4.1``, ``元年``) and spreadsheet serial numbers. A
two-digit year without an era, day-first and month-first dates have more than one reading and are refused.
Eras begin on the days of the succession (元号法); a date after its era ended is what old plans carry, and is kept.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from bot.core import eras

OLDEST = date(1900, 1, 1)  # no house, consent or company date of this service is older
_ONE_WIDTH = str.maketrans(
    {0xFF10 + n: str(n) for n in range(10)}
    | dict(zip("／．－\u3000", "/.- ", strict=True))
    | {wide + n: chr(ord("A") + n) for wide in (0xFF21, 0xFF41, ord("a")) for n in range(26)}
)
_PADDING = re.compile(r"(?<=[^0-9])\s+|\s+(?=[^0-9])")
_DAY_KANJI = r"年(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})日"
_DAY_SIGNS = r"(?P<sign>[/.-])(?P<month>[0-9]{1,2})(?P=sign)(?P<day>[0-9]{1,2})"
_MONTH = r"(?:年(?P<month>[0-9]{1,2})月|[/.-](?P<month2>[0-9]{1,2}))"
_WESTERN = tuple(re.compile(r"(?P<year>[0-9]{4})" + rest) for rest in (_DAY_KANJI, _DAY_SIGNS))
_WESTERN_MONTH = re.compile(r"(?P<year>[0-9]{4})" + _MONTH)
_STANDARD_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_MANY_READINGS = re.compile(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{1,4}|[0-9]{1,2}年[0-9]{1,2}月[0-9]{1,2}日?")
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class DateRead:
    """What a text says: a day, with the reason to report (empty where it stood in standard form), or only a reason."""

    day: date | None
    reason: str = ""


def read_date(text: str) -> DateRead:
    """The date in a cell's text."""
    if len(text) == 10 and text[4] == text[7] == "-" and text.isascii() and text.replace("-", "").isdigit():
        return _checked(text[:4], text[5:7], text[8:], "")
    plain = _one_width(text)
    for pattern in _WESTERN:
        if found := pattern.fullmatch(plain):
            return _checked(found["year"], found["month"], found["day"], "date_form")
    for pattern in _of_eras(eras.ERAS)[:2]:
        if found := pattern.fullmatch(plain):
            return _in_era(found, found["month"], found["day"])
    if _SERIAL.fullmatch(plain):
        return from_serial(float(plain))
    return DateRead(None, "date_ambiguous" if _MANY_READINGS.fullmatch(plain) else "date_unreadable")


def from_serial(serial: float, from_1904: bool = False) -> DateRead:
    """The day of a bare number in a date column.

    Only five-digit numbers (1927 to 2173) are taken for serials: 2026 would be a year, 20260401 a date run together.
    """
    if not 10_000 <= serial < 100_000:
        return DateRead(None, "date_unreadable")
    return DateRead(serial_day(serial, from_1904), "date_form")


def serial_day(serial: float, from_1904: bool = False) -> date | None:
    """The day of a spreadsheet's date cell, in either date system; None for what no calendar has.

    In the 1900 system day 60 is a 29 February that never was, so that nothing up to it can be trusted.
    """
    first = date(1904, 1, 1) if from_1904 else date(1899, 12, 30)
    if not (0 if from_1904 else 61) <= serial < 2_958_466:
        return None
    try:
        return first + timedelta(days=int(serial))
    except OverflowError:
        return None


def read_month(text: str) -> tuple[str | None, str]:
    """A month as ``YYYY-MM``, and the reason to report."""
    if _STANDARD_MONTH.fullmatch(text) and text >= "1900":
        return text, ""
    plain = _one_width(text)
    for pattern in (_WESTERN_MONTH, _of_eras(eras.ERAS)[2]):
        found = pattern.fullmatch(plain)
        if found is None:
            continue
        month = found["month"] or found["month2"]
        era = "era" in pattern.groupindex
        read = _in_era(found, month, "1") if era else _checked(found["year"], month, "1", "month_form")
        if read.day is None:
            return None, read.reason if era else "month_unreadable"
        return read.day.isoformat()[:7], "month_form" if read.reason == "date_form" else read.reason
    return None, "month_unreadable"


@cache
def _of_eras(known: tuple[eras.Era, ...]) -> tuple[re.Pattern[str], ...]:
    """A day in kanji, a day in signs, and a month, in any era of the table."""
    names = "|".join(name for era in known for name in era.names)
    era = rf"(?P<era>{names})(?P<year>[0-9]{{1,3}}|元)"
    return tuple(re.compile(era + rest) for rest in (_DAY_KANJI, _DAY_SIGNS, _MONTH))


def _one_width(text: str) -> str:
    """ASCII digits and signs, spelled-out eras, and no spaces except between two digits (where they mean something)."""
    plain = text.translate(_ONE_WIDTH)
    for era in eras.ERAS:
        plain = plain.replace(era.square, era.name) if era.square else plain
    return _PADDING.sub("", plain)


def _checked(year: str, month: str, day: str, reason: str) -> DateRead:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return DateRead(None, "date_impossible")
    return DateRead(found, reason) if found >= OLDEST else DateRead(None, "date_impossible")


def _in_era(found: re.Match[str], month: str, day: str) -> DateRead:
    era = eras.era_named(found["era"])
    year = 1 if found["year"] == "元" else int(found["year"])
    if year == 0:
        return DateRead(None, "date_impossible")
    read = _checked(str(era.base + year), month, day, "date_form")
    if read.day is None:
        return read
    if read.day < era.since:
        return DateRead(None, "date_before_era")
    ended = eras.last_day(era)
    return DateRead(read.day, "era_ended") if ended and read.day > ended else read
