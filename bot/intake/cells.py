"""One cell: from what a file holds to a checked value.

Text is kept as written, only trimmed; characters that nobody sees are taken out. Number and address columns are
brought to ASCII. Whatever is not what its column holds is refused, never guessed.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.intake.dates import from_serial
from bot.intake.reasons import Fault, refuses
from bot.intake.tables import Column, Kind
from bot.intake.values import READERS, as_float, number_in_column, whole_text

# Control characters except line breaks, and the zero-width and direction characters of Unicode's class Cf. What
# joins no letters but chooses their shape (variation selectors, used in names) stays.
UNSEEN = re.compile(
    "[\x01-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]"
)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Number:
    """A number cell of a workbook or JSON, as its text; ``from_1904`` tells its workbook's date system."""

    text: str
    from_1904: bool = False


@dataclass(frozen=True, slots=True)
class DateCell:
    """A date cell of a workbook. ``exact`` is false where it carries a time of day too; no day, no such date."""

    day: date | None
    text: str
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Odd:
    """A cell that no column can hold; the reason says what it is."""

    reason: str
    text: str


Cell = str | Number | DateCell | Odd


def shown(cell: Cell) -> str:
    """A cell as a person would read it."""
    return cell if isinstance(cell, str) else cell.text


def cleaned(text: str) -> str:
    """Without the characters nobody sees, and trimmed."""
    return text.strip() if text.isprintable() else UNSEEN.sub("", text).strip()


def read_cell(cell: Cell, column: Column, faults: list[Fault]) -> Any:
    """The value of a cell, or None where it is blank or refused; what is to be reported is added to ``faults``."""
    before = len(faults)
    value = _read_text(cell, column, faults) if isinstance(cell, str) else _read_typed(cell, column, faults)
    if len(faults) > before and refuses(faults[before:]):
        return None
    if value is None and column.required:
        faults.append(Fault("required", column.key))
    return column.default if value is None else value


def _read_text(cell: str, column: Column, faults: list[Fault]) -> Any:
    text = cell.strip()
    if not cell.isprintable():
        text = _cleaned_and_reported(cell, column, faults)
    if not text:
        return None
    if len(text) > column.longest:
        faults.append(Fault("too_long", column.key, text))
        return None
    if column.kind is Kind.TEXT:
        return text
    value, reason = READERS[column.kind](text, column)
    if reason:
        faults.append(Fault(reason, column.key, text))
    return value


def _cleaned_and_reported(cell: str, column: Column, faults: list[Fault]) -> str:
    if "\0" in cell:
        faults.append(Fault("nul_character", column.key, cell))
        return ""
    if _LONE_SURROGATE.search(cell):
        faults.append(Fault("bad_character", column.key, cell))
        return ""
    trimmed = cell.strip()
    text = UNSEEN.sub("", trimmed)
    if text != trimmed:
        faults.append(Fault("characters_removed", column.key, cell))
    return text.strip()


def _read_typed(cell: Number | DateCell | Odd, column: Column, faults: list[Fault]) -> Any:
    """A cell that the file itself says is not text."""
    if isinstance(cell, Odd):
        faults.append(Fault(cell.reason, column.key, cell.text))
        return None
    if column.kind in (Kind.DATE, Kind.MONTH, Kind.WHOLE, Kind.DECIMAL):
        value, reason = _typed_value(cell, column)
        if reason:
            faults.append(Fault(reason, column.key, cell.text))
        return value
    if column.numeric and isinstance(cell, Number):
        return _read_text(whole_text(cell.text), column, faults)
    if column.kind is Kind.ID or (column.kind is Kind.MUNICIPALITY and len(cell.text) < 6):
        faults.append(Fault("number_in_id", column.key, cell.text))
        return None
    faults.append(Fault("number_for_text", column.key, cell.text))
    return _read_text(cell.text, column, faults)


def _typed_value(cell: Number | DateCell, column: Column) -> tuple[Any, str]:
    if column.kind is Kind.DATE:
        if isinstance(cell, DateCell):
            return cell.day, "date_impossible" if cell.day is None else "" if cell.exact else "date_form"
        serial = as_float(cell.text)
        read = from_serial(-1 if serial is None else serial, cell.from_1904)
        return read.day, read.reason
    if isinstance(cell, Number):
        return (None, "month_unreadable") if column.kind is Kind.MONTH else number_in_column(cell.text, column, "")
    if column.kind is Kind.MONTH and cell.day is not None and cell.day.day == 1:
        return cell.day.isoformat()[:7], "month_form"
    return None, "month_unreadable" if column.kind is Kind.MONTH else "not_a_number"
