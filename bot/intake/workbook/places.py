"""Places on a sheet, as spreadsheets write them."""

from bot.intake.xlsx_cells import column_letters


def reference(line: int, at: int) -> str:
    """A cell by its row, counted from 1, and its column, counted from 0: (5, 2) is C5."""
    return f"{column_letters(at)}{line}"


def on_sheet(sheet: str, line: int, at: int) -> str:
    """A cell of some sheet, as a link inside a workbook names it."""
    return "'" + sheet.replace("'", "''") + f"'!{reference(line, at)}"
