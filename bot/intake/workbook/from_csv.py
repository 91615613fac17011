"""A CSV file as a workbook: the same rows and columns, every cell a text."""

from collections.abc import Container, Iterator
from itertools import islice
from pathlib import Path
from typing import IO

from openpyxl import Workbook
from openpyxl.cell import Cell as Written
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from bot.intake.cells import Cell, shown
from bot.intake.csv_file import CsvPart, encoding_of, open_csv, records
from bot.intake.heading import Heading, normal
from bot.intake.part import RawRow, is_blank
from bot.intake.reasons import Refused
from bot.intake.workbook.echo import held

MOST_ROWS, MOST_CELLS = 1_048_576, 16_000  # of a sheet, with room for a column of reasons


class TooManyRows(Exception):
    """No sheet has that many."""


def write_as_book(path: Path, to: IO[bytes], lines: Container[int], spoilt: str) -> dict[int, int]:
    """Writes the workbook, and tells the rows in which these lines stand in it.

    A workbook has no row with too few cells: what is ``spoilt`` is written beyond the table, so that such a row is
    refused until somebody has looked at it. Raises Refused, and TooManyRows.
    """
    encoding, heading, heading_line = encoding_of(path), *_heading(path)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(heading.table.sheet if heading else "CSV")
    sheet.freeze_panes = "A2"
    for at in range(heading.width if heading else 0):
        form = sheet.column_dimensions[get_column_letter(at + 1)]
        form.width, form.number_format = 18, "@"
    rows: dict[int, int] = {}
    with open_csv(path, encoding) as file:
        for number, row in enumerate(records(file), 1):
            if number > MOST_ROWS:
                raise TooManyRows
            if row.line in lines:
                rows[row.line] = number
            after = spoilt if heading and row.line > heading_line and _lost_in_a_sheet(row, heading) else ""
            sheet.append(list(_cells(sheet, row, heading, after)))
    book.save(to)
    return rows


def _heading(path: Path) -> tuple[Heading | None, int]:
    try:
        part = CsvPart(path)
    except Refused:
        return None, 0
    return part.heading, part.heading_line


def _lost_in_a_sheet(row: RawRow, heading: Heading) -> bool:
    """Whether a row was refused for what a sheet does not show: missing cells, blank ones too many, odd quotation."""
    if row.faults:
        return True
    beyond = row.cells[_shown_width(heading) :]
    return len(row.cells) != heading.width and not is_blank(row.cells) and is_blank(beyond)


def _shown_width(heading: Heading) -> int:
    """How many columns a sheet's heading has: blank ones at its end are none."""
    last = max((at for at, text in enumerate(heading.cells) if normal(text)), default=0)
    return max(last + len(heading.reasons_at), *heading.reasons_at, 0) + 1


def _cells(sheet: WriteOnlyWorksheet, row: RawRow, heading: Heading | None, after: str) -> Iterator[Written | None]:
    for cell in islice(row.cells, MOST_CELLS):
        yield _text(sheet, cell)
    if heading and after:
        yield from [None] * (heading.width - len(row.cells))
        yield _text(sheet, after)


def _text(sheet: WriteOnlyWorksheet, cell: Cell) -> Written | None:
    """A cell that is text whatever it begins with."""
    if not shown(cell):
        return None
    written = WriteOnlyCell(sheet, held(shown(cell)))
    written.data_type, written.number_format = "s", "@"
    return written
