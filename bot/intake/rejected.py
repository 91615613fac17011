"""The refused rows of a file, written beside it, to be mended and sent again.

The first column, 理由, says why, and is ignored when the file comes back; the others are the cells as they were
written. A cell that a spreadsheet would take for a formula gets an apostrophe in front, so that opening the list
runs nothing; reading the mended file takes the apostrophe off again, and only there.
"""

import csv
import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from bot.intake.cells import Cell, Odd, shown
from bot.intake.tables import REASON_HEADER

_FORMULA = re.compile(r"'*\s*[=+\-@\t\r＝＋－＠]")
_GUARDED = re.compile(r"''*\s*[=+\-@\t\r＝＋－＠]")


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return "'" + text if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """What was written before it was guarded."""
    return text[1:] if _GUARDED.match(text) else text


def rejected_path(file: Path, table: str | None = None, number: int = 1) -> Path:
    """``NAME.rejected.csv`` beside the file; with the table's name for a file of several."""
    several = f".{table}" if table else ""
    again = f"-{number}" if number > 1 else ""
    return file.with_name(f"{file.stem}{several}{again}.rejected.csv")


class RejectedRows:
    """A list of refused rows in the making. Nothing is at ``path`` until ``finish``, and nothing if no row came.

    Raises OSError where the folder cannot be written.
    """

    def __init__(self, path: Path, headers: Sequence[str]) -> None:
        self.path = path
        self._headers = headers
        self._file: IO[str] | None = None

    def add(self, cells: Sequence[Cell], reason: str) -> None:
        if self._file is None:
            self._file = self._begin()
        csv.writer(self._file).writerow([guarded(reason), *(guarded(_written(cell)) for cell in cells)])

    def finish(self) -> None:
        """Puts the list in its place, whole."""
        if self._file is not None:
            self._file.close()
            os.replace(self._file.name, self.path)
            self._file = None

    def drop(self) -> None:
        """Forgets the list."""
        if self._file is not None:
            self._file.close()
            Path(self._file.name).unlink(missing_ok=True)
            self._file = None

    def _begin(self) -> IO[str]:
        file = tempfile.NamedTemporaryFile(  # noqa: SIM115 - it stays open from row to row
            "w",
            encoding="utf-8-sig",
            errors="replace",
            newline="",
            dir=self.path.parent,
            prefix=".rejected-",
            delete=False,
        )
        csv.writer(file).writerow([REASON_HEADER, *(guarded(header) for header in self._headers)])
        return file


def _written(cell: Cell) -> str:
    """A cell as it was written; a formula without a value has nothing to show."""
    return "" if isinstance(cell, Odd) and cell.reason == "formula_without_value" else shown(cell)
