"""A blank workbook to fill in, made from the importer's own tables, so that no column is forgotten."""

import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from bot.intake.tables import EXAMPLES_SHEET, HOUSES, LOANS, PLAN, RECORDS, SERVICERS, Column, Kind, Table
from bot.intake.workbook.examples import Filled, example_rows
from bot.intake.workbook.words import Words

SHEETS = (HOUSES, PLAN, RECORDS, SERVICERS, LOANS)  # in the order in which a person fills them in
_LAST_ROW = 1_048_576
_WIDE = {Kind.DATE: 14, Kind.WHOLE: 11, Kind.DECIMAL: 11}
_FORMATS = {Kind.DATE: "yyyy-mm-dd", Kind.WHOLE: "General", Kind.DECIMAL: "General"}
_LONGEST_TITLE, _LONGEST_PROMPT = 32, 255  # what a spreadsheet shows beside a cell
_BOLD = Font(bold=True)
_REQUIRED = PatternFill("solid", fgColor="FFF8CBAD")
_OPTIONAL = PatternFill("solid", fgColor="FFE2EFDA")
_LINE = Border(bottom=Side("thin", color="FF7F7F7F"))
_AUTHOR = "Engawa"


def blank_workbook(words: Words, *, for_builder: bool = False) -> bytes:
    """The workbook as a file. ``for_builder`` leaves out what only the guarantor's operators fill in."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for table in SHEETS:
        _table_sheet(book.create_sheet(table.sheet), table, _columns(table, for_builder), words)
    _examples_sheet(book.create_sheet(EXAMPLES_SHEET), for_builder, words)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _columns(table: Table, for_builder: bool) -> list[Column]:
    return [column for column in table.columns if not (for_builder and column.operators)]


def _table_sheet(sheet: Worksheet, table: Table, columns: Sequence[Column], words: Words) -> None:
    for at, column in enumerate(columns, 1):
        hint = words.hint(table, column)
        _heading(sheet, (1, at), column, f"{column.header}（{column.key}）\n{hint}")
        _column_form(sheet, at, column)
        sheet.add_data_validation(_entry(column, hint, words, get_column_letter(at)))
    sheet.freeze_panes = "B2"
    sheet.row_dimensions[1].height = 24


def _heading(sheet: Worksheet, place: tuple[int, int], column: Column, told: str) -> None:
    cell = sheet.cell(*place, column.header)
    cell.font, cell.border = _BOLD, _LINE
    cell.fill = _REQUIRED if column.required else _OPTIONAL
    cell.alignment = Alignment(vertical="center")
    cell.comment = Comment(told, _AUTHOR, height=110, width=300)


def _column_form(sheet: Worksheet, at: int, column: Column) -> None:
    """Text stays text, so that zeros in front live, and a date is shown as one."""
    form = sheet.column_dimensions[get_column_letter(at)]
    form.width = max(_WIDE.get(column.kind, 16), 2 * len(column.header) + 4, min(column.longest // 25, 40))
    form.number_format = _FORMATS.get(column.kind, "@")


def _entry(column: Column, hint: str, words: Words, letter: str) -> DataValidation:
    """What is shown beside a cell that is being filled in; where the format names its values, a list of them."""
    rule = DataValidation(showInputMessage=True, promptTitle=column.header[:_LONGEST_TITLE], allow_blank=True)
    rule.prompt = hint[:_LONGEST_PROMPT]
    if column.choices:
        rule.type, rule.formula1 = "list", f'"{",".join(column.choices)}"'
        rule.showErrorMessage, rule.errorTitle, rule.error = True, rule.promptTitle, words.not_listed
    rule.add(f"{letter}2:{letter}{_LAST_ROW}")
    return rule


def _examples_sheet(sheet: Worksheet, for_builder: bool, words: Words) -> None:
    sheet.cell(1, 1, words.examples).font = _BOLD
    row = 3
    for table in SHEETS:
        sheet.cell(row, 1, words.examples_of.format(sheet=table.sheet)).font = _BOLD
        columns = _columns(table, for_builder)
        places = [table.columns.index(column) for column in columns]
        for at, column in enumerate(columns, 1):
            _heading(sheet, (row + 1, at), column, words.hint(table, column))
        for number, example in enumerate(example_rows(table), row + 2):
            _example(sheet, number, columns, [example[place] for place in places])
        row += len(example_rows(table)) + 3
    for at in range(1, sheet.max_column + 1):
        sheet.column_dimensions[get_column_letter(at)].width = 20
    sheet.sheet_properties.tabColor = "FFA6A6A6"


def _example(sheet: Worksheet, row: int, columns: Sequence[Column], cells: Sequence[Filled]) -> None:
    for at, (column, value) in enumerate(zip(columns, cells, strict=True), 1):
        cell = sheet.cell(row, at, value)
        cell.number_format = _FORMATS.get(column.kind, "@")
