"""JSON: one object of up to four lists, read row by row.

The file is held as text (up to the stated size), its rows never all at once. Broken JSON refuses the file; what is
wrong within one row (a key twice, NaN, an object where text belongs) refuses that row.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.intake.cells import Cell, Number, Odd
from bot.intake.heading import Heading, column_names, normal
from bot.intake.part import RawRow
from bot.intake.reasons import Fault, Refused
from bot.intake.tables import IGNORED_HEADERS, TABLES, Table, table_named

LARGEST_JSON = 64 << 20  # bytes
_SPACE = " \t\n\r"
_SPACES = re.compile(r"[ \t\n\r]*")


class _Twice(dict[str, Any]):
    """An object in which a key stands more than once; ``key`` is the first such."""

    key = ""


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    twice = _Twice(found)
    keys = [key for key, _ in pairs]
    twice.key = next(key for key in keys if keys.count(key) > 1)
    return twice


def _number(text: str) -> Number | Odd:
    too_big = any(sign in text for sign in "eE") and abs(float(text)) == float("inf")
    return Odd("not_finite", text) if too_big else Number(text)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs,
    parse_int=_number,
    parse_float=_number,
    parse_constant=lambda text: Odd("not_finite", text),
)


class JsonPart:
    """One list of a JSON file. The text is read anew for every pass, so that only one file is in memory at a time."""

    heading_line = 0

    def __init__(self, path: Path, table: Table) -> None:
        self._path = path
        self.heading = _fixed_heading(table)
        self.faults: list[Fault] = []
        self.progress = 0.0

    def rows(self) -> Iterator[RawRow]:
        text = text_of(self._path)
        seen: set[str] = set()
        for place, (_name, row, end) in enumerate(_rows_of(text, self.heading.table.name), start=1):
            self.progress = end / len(text)
            yield _raw_row(place, row, self.heading, seen)
        self.progress = 1.0


def open_json(path: Path) -> tuple[list[JsonPart], list[Fault]]:
    """The tables of a JSON file, checked to its end, and what is to be reported about the file. Raises Refused."""
    text = text_of(path)
    lists: list[str] = []
    faults: list[Fault] = []
    for name, known in _lists(text):
        if not known:
            faults.append(Fault("unknown_list", None, name[:200]))
        elif name in lists:
            raise Refused(Fault("duplicate_list", None, name), table=name)
        else:
            lists.append(name)
    if not lists:
        raise Refused(Fault("no_table"), *faults)
    return [JsonPart(path, table_named(name)) for name in lists], faults


def text_of(path: Path) -> str:
    """The text of a JSON file. Raises Refused where it is too large or not UTF-8."""
    if path.stat().st_size > LARGEST_JSON:
        raise Refused(Fault("file_too_large", None, f"{LARGEST_JSON >> 20} MiB"))
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(Fault("unknown_encoding")) from None


def _fixed_heading(table: Table) -> Heading:
    """In JSON every object names its own columns; all of the table's stand in one order here."""
    columns = tuple(enumerate(table.columns))
    keys = tuple(column.key for column in table.columns)
    return Heading(table, len(columns), columns, (), (), keys)


def _lists(text: str) -> Iterator[tuple[str, bool]]:
    """The names at the top, in order, and whether each is a table; everything below is read and let go."""
    for name, _row, _end in _rows_of(text, None):
        if name:
            yield name, any(table.name == name for table in TABLES)


def _rows_of(text: str, wanted: str | None) -> Iterator[tuple[str, Any, int]]:
    """The rows of the wanted list. Where none is wanted, each name at the top once, after all of it was read."""
    scan = _Scan(text)
    scan.expect("{", "一番外側がオブジェクトではありません")
    if scan.skip("}"):
        return
    while True:
        name = scan.value()
        if not isinstance(name, str):
            raise scan.broken()
        scan.expect(":", None)
        known = any(table.name == name for table in TABLES)
        for row in scan.list_items(name) if known else scan.one_value():
            if name == wanted:
                yield name, row, scan.at
        if wanted is None:
            yield name, None, scan.at
        if scan.skip(","):
            continue
        scan.expect("}", None)
        if scan.at < len(text):
            raise scan.broken()
        return


class _Scan:
    """A place in a JSON text that moves from value to value."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.at = 0
        self._pass_space()

    def _pass_space(self) -> None:
        if found := _SPACES.match(self._text, self.at):
            self.at = found.end()

    def skip(self, sign: str) -> bool:
        if not self._text.startswith(sign, self.at):
            return False
        self.at += len(sign)
        self._pass_space()
        return True

    def expect(self, sign: str, shape: str | None) -> None:
        """Moves over ``sign``; where another value stands, the shape is wrong, else the JSON is broken."""
        if self.skip(sign):
            return
        if shape is not None and self._text.strip(_SPACE):
            self.value()
            raise Refused(Fault("json_shape", None, shape))
        raise self.broken()

    def value(self) -> Any:
        try:
            found, self.at = _DECODER.raw_decode(self._text, self.at)
        except json.JSONDecodeError as error:
            self.at = error.pos
            raise self.broken() from None
        except RecursionError:
            raise Refused(Fault("broken_json", None, "入れ子が深すぎます")) from None
        self._pass_space()
        return found

    def one_value(self) -> Iterator[Any]:
        yield self.value()

    def list_items(self, name: str) -> Iterator[Any]:
        """Every item of the list that begins here."""
        self.expect("[", f"{name} がリストではありません")
        if self.skip("]"):
            return
        while True:
            yield self.value()
            if self.skip(","):
                continue
            self.expect("]", None)
            return

    def broken(self) -> Refused:
        line = self._text.count("\n", 0, self.at) + 1
        return Refused(Fault("broken_json", None, f"{line}行目"))


def _raw_row(place: int, row: Any, heading: Heading, seen: set[str]) -> RawRow:
    """One object as cells in the order of the columns. Odd keys are reported where they first occur."""
    blank: list[Cell] = [""] * heading.width
    if not isinstance(row, dict):
        return RawRow(place, [_cell(row), *blank[1:]], (Fault("not_an_object"),))
    names = column_names(heading.table)
    order = {column.key: at for at, column in heading.columns}
    faults = [Fault("key_twice", None, row.key)] if isinstance(row, _Twice) else []
    taken: set[str] = set()
    for key, value in row.items():
        name = normal(key)
        column = names.get(name)
        if column is None:
            known = name in IGNORED_HEADERS or key in seen
            faults += [] if known else [Fault("unknown_column", key.strip()[:200], key[:200])]
            faults += [Fault(value.reason, key[:200], value.text)] if isinstance(value, Odd) else []
        else:
            faults += [Fault("key_twice", column.key, key)] if column.key in taken else []
            faults += [Fault("header_form", column.key, key)] if key != name and key not in seen else []
            blank[order[column.key]] = _cell(value)
            taken.add(column.key)
        seen.add(key)
    return RawRow(place, blank, tuple(faults))


def _cell(value: Any) -> Cell:
    if isinstance(value, str | Number | Odd):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return Number("true" if value else "false")
    return Odd("not_text", _written(value))


def _written(value: Any) -> str:
    """A nested value as JSON again, for the list of refused rows."""
    return json.dumps(value, ensure_ascii=False, default=lambda cell: cell.text)[:1000]
