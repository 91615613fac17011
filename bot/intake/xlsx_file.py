"""xlsx: the sheets of a workbook as tables.

Read here rather than by a general library because the format asks for what such libraries hide: whether a formula
has a value at all (an empty text is one), whether a number is a date in Japanese Excel's own formats and in either
date system, and that nothing of a hidden sheet is read.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bot.intake.cells import Cell, shown
from bot.intake.heading import Heading, normal, read_heading
from bot.intake.part import RawRow, is_blank
from bot.intake.reasons import Fault, Refused
from bot.intake.tables import EXAMPLES_SHEET, RESULT_SHEET, TABLES
from bot.intake.xlsx_cells import Shared, SheetReader, StringsReader
from bot.intake.xlsx_package import Package
from bot.intake.xlsx_styles import date_styles

_SHEET_NAMES = {name for table in TABLES for name in (table.sheet, table.name)}
_OUR_SHEETS = {EXAMPLES_SHEET, RESULT_SHEET}
NO_HEADING = {"unknown_table"}


class Sheet(NamedTuple):
    """A sheet as its workbook lists it."""

    name: str
    hidden: bool
    part: str


class XlsxPart:
    """The table on one sheet: what the sheet is called, and the part of the package it stands in."""

    def __init__(self, package: Package, sheet: Sheet, shared: Shared, heading: tuple[int, list[str]]) -> None:
        self.sheet = sheet
        self._package = package
        self._shared = shared
        self.progress = 0.0
        self.heading_line, headers = heading
        self.heading: Heading
        self.heading, self.faults = read_heading(headers, sheet.name)

    def rows(self) -> Iterator[RawRow]:
        width = self.heading.width
        size = self._package.size(self.sheet.part)
        for line, cells, done in _rows(self._package, self.sheet.part, self._shared):
            if line <= self.heading_line:
                continue
            self.progress = min(1.0, done / size)
            while len(cells) > width and is_blank(cells[-1:]):
                cells.pop()
            cells.extend([""] * (width - len(cells)))
            yield RawRow(line, cells)
        self.progress = 1.0


def open_xlsx(path: Path) -> tuple[list[XlsxPart], list[Fault], Package]:
    """The tables of a workbook, every sheet checked to its end, and what is to be reported about the file.

    The caller closes the package. Raises Refused.
    """
    package = Package(path)
    try:
        parts, faults = _parts(package)
    except Refused:
        package.close()
        raise
    return parts, faults, package


def _parts(package: Package) -> tuple[list[XlsxPart], list[Fault]]:
    shared, sheets = _read_workbook(package)
    parts: list[XlsxPart] = []
    faults: list[Fault] = []
    no_heading: list[Refused] = []
    nearly: list[XlsxPart] = []
    for sheet in sheets:
        if sheet.name in _OUR_SHEETS:
            continue
        if sheet.hidden:
            faults.append(Fault("hidden_sheet", None, sheet.name))
            continue
        try:
            found = _part(package, sheet, shared)
        except Refused as refused:
            if sheet.name in _SHEET_NAMES or not {fault.reason for fault in refused.faults} <= NO_HEADING:
                raise
            no_heading.append(refused)
            found = []
            faults.append(Fault("unknown_sheet", None, sheet.name))
        half = sheet.name not in _SHEET_NAMES and any(part.heading.wrong for part in found)
        (nearly if half else parts).extend(found)
    if parts:
        return parts, [*faults, *(Fault("unknown_sheet", None, part.sheet.name) for part in nearly)]
    if nearly:  # of sheets that nobody calls a table the first that is nearly one is the one that was meant
        return nearly[:1], faults
    raise no_heading[0] if no_heading else Refused(Fault("no_table"), *faults)


def _part(package: Package, sheet: Sheet, shared: Shared) -> list[XlsxPart]:
    """The table on a sheet, once all of the sheet is known to be readable; none where nothing is written on it."""
    heading: tuple[int, list[str]] | None = None
    for line, cells, _done in _rows(package, sheet.part, shared):
        if heading is None and not is_blank(cells):
            heading = line, _without_blank_end([shown(cell) for cell in cells])
    return [] if heading is None else [XlsxPart(package, sheet, shared, heading)]


def _without_blank_end(headers: list[str]) -> list[str]:
    while headers and not normal(headers[-1]):
        headers.pop()
    return headers


def _rows(package: Package, part: str, shared: Shared) -> Iterator[tuple[int, list[Cell], int]]:
    reader = SheetReader(shared)
    for done in package.parse(part, reader.start, reader.end, reader.text):
        for line, cells in reader.take():
            yield line, cells, done


def _read_workbook(package: Package) -> tuple[Shared, list[Sheet]]:
    root = dict(package.relations("").values())
    book = root.get("officeDocument", "xl/workbook.xml")
    targets = package.relations(book)
    by_kind = dict(targets.values())
    shared = Shared(dates=date_styles(package, by_kind.get("styles")))
    sheets: list[Sheet] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "workbookPr":
            shared.from_1904 = attributes.get("date1904", "0") in ("1", "true")
        kind, part = targets.get(attributes.get("id", ""), ("", ""))
        if tag == "sheet" and kind == "worksheet":
            sheets.append(Sheet(attributes.get("name", ""), attributes.get("state", "visible") != "visible", part))

    package.parse_all(book, start, lambda _tag: None, lambda _text: None)
    strings = StringsReader()
    if (part := by_kind.get("sharedStrings")) and part in package:
        package.parse_all(part, strings.start, strings.end, strings.text)
    shared.strings = strings.strings
    return shared, sheets
