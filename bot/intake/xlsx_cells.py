"""The cells of a worksheet, from the events of its XML."""

import re
from dataclasses import dataclass, field
from datetime import date
from math import isfinite

from bot.intake.cells import Cell, DateCell, Number, Odd
from bot.intake.dates import serial_day

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile("([A-Z]{1,3})[0-9]+")
_COLUMNS = 16_384  # what a worksheet has
_STRINGS = 4_000_000  # more than a workbook within its size would share
_PIECES = 100  # of up to 64 KiB each: many times the 32,767 characters a cell can hold
_MIDNIGHT = ("", "T00:00:00", "T00:00:00Z", "T00:00:00.000", "T00:00:00.000Z")


@dataclass(slots=True)
class Shared:
    """What the cells of all sheets of a workbook refer to."""

    strings: list[str] = field(default_factory=list)
    dates: list[bool] = field(default_factory=list)  # by cell style: is it shown as a date
    from_1904: bool = False


def unescaped(text: str) -> str:
    """Text with the ``_x000D_`` of spreadsheets turned into the characters they stand for."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class StringsReader:
    """Collects the shared strings of a workbook, without the readings (ふりがな) that Japanese Excel adds."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self._text: list[str] = []
        self._open = False
        self._in_reading = False

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        if tag == "si":
            self._text.clear()
        elif tag == "rPh":
            self._in_reading = True
        self._open = tag == "t" and not self._in_reading

    def end(self, tag: str) -> None:
        self._open = False
        if tag == "rPh":
            self._in_reading = False
        elif tag == "si":
            self.strings.append(unescaped("".join(self._text)))
            if len(self.strings) > _STRINGS:
                raise ValueError("too many strings")

    def text(self, text: str) -> None:
        if self._open:
            self._text.append(within_limit(self._text, text))


class SheetReader:
    """Collects the rows of one sheet as (line, cells); ``take`` hands over those that are complete."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._rows: list[tuple[int, list[Cell]]] = []
        self._line = 0
        self._cells: list[Cell] = []
        self._type = self._style = ""
        self._at = 0
        self._value: list[str] | None = None
        self._formula = self._open = self._in_reading = False

    def take(self) -> list[tuple[int, list[Cell]]]:
        rows, self._rows = self._rows, []
        return rows

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._open = tag == "v" or (tag == "t" and not self._in_reading)
        if tag == "c":
            self._begin_cell(attributes)
        elif self._open and self._value is None:
            self._value = []
        elif tag == "f":
            self._formula = True
        elif tag == "rPh":
            self._in_reading = True
        elif tag == "row":
            self._line = int(attributes.get("r", self._line + 1))
            self._cells = []

    def end(self, tag: str) -> None:
        self._open = False
        if tag == "c":
            self._cells.extend([""] * (self._at + 1 - len(self._cells)))
            self._cells[self._at] = self._cell()
        elif tag == "rPh":
            self._in_reading = False
        elif tag == "row":
            self._rows.append((self._line, self._cells))

    def text(self, text: str) -> None:
        if self._open and self._value is not None:
            self._value.append(within_limit(self._value, text))

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        found = _REFERENCE.fullmatch(attributes.get("r", ""))
        self._at = column_number(found[1]) if found else len(self._cells)
        if self._at >= _COLUMNS:
            raise ValueError("too many columns")
        self._type, self._style = attributes.get("t", "n"), attributes.get("s", "0")
        self._value = None
        self._formula = False

    def _cell(self) -> Cell:
        text = None if self._value is None else "".join(self._value)
        if self._formula and (text is None or (text == "" and self._type != "str")):
            return Odd("formula_without_value", "")
        if not text:
            return ""
        if self._type == "s":
            return self._shared.strings[int(text)]
        if self._type in ("str", "inlineStr"):
            return unescaped(text)
        if self._type == "b":
            return Number("TRUE" if text == "1" else "FALSE")
        if self._type == "d":
            return _iso_cell(text)
        return Odd("error_value", text) if self._type == "e" else self._number_cell(text)

    def _number_cell(self, text: str) -> Cell:
        if not text.strip():
            return ""
        number = float(text)
        if not isfinite(number):
            return Odd("not_finite", text)
        style = int(self._style)
        if not (style < len(self._shared.dates) and self._shared.dates[style]):
            return Number(number_text(number), self._shared.from_1904)
        day = serial_day(number, self._shared.from_1904)
        return DateCell(day, day.isoformat() if day else number_text(number), number.is_integer())


def within_limit(pieces: list[str], piece: str) -> str:
    """The piece, if the text of one cell may still grow by it. Raises ValueError."""
    if len(pieces) > _PIECES:
        raise ValueError("too long a cell")
    return piece


def number_text(number: float) -> str:
    """A number as a person sees it: whole ones without a point."""
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def column_number(letters: str) -> int:
    """The place of a column, counted from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_letters(at: int) -> str:
    """The letters of a column, counted from 0."""
    letters = ""
    while at >= 0:
        at, letter = divmod(at, 26)
        letters = chr(65 + letter) + letters
        at -= 1
    return letters


def _iso_cell(text: str) -> DateCell:
    try:
        return DateCell(date.fromisoformat(text[:10]), text[:10], text[10:] in _MIDNIGHT)
    except ValueError:
        return DateCell(None, text)
