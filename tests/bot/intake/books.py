"""Workbooks for tests: words, reports, marked copies, and a look at what stands in them."""

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from bot.cli.workbook_words import Language, words_in
from bot.intake.known import MemoryStore
from bot.intake.report import FileReport
from bot.intake.take_in import run, take_in
from bot.intake.workbook.marked import write_marked

TODAY = date(2026, 11, 21)
WORDS = words_in(Language.JA)


def taken(*paths: Path, into: MemoryStore | None = None) -> list[FileReport]:
    steps = run(take_in(paths, TODAY, rejected_files=False), into or MemoryStore())
    return [step for step in steps if isinstance(step, FileReport)]


def copied(path: Path, report: FileReport | None = None, language: Language = Language.JA) -> Path | None:
    """The marked copy beside the file; None where there is none."""
    to = path.with_name(f"{path.stem}.marked.xlsx")
    with to.open("wb") as file:
        done = write_marked(path, report or taken(path)[0], words_in(language), file)
    return to if done else None


def marked(path: Path, report: FileReport | None = None, language: Language = Language.JA) -> Path:
    """The marked copy of what can be marked."""
    copy = copied(path, report, language)
    assert copy is not None
    return copy


def load(path: Path) -> Any:
    """The workbook, as whatever its cells are."""
    return openpyxl.load_workbook(path)


def told(report: FileReport) -> list[tuple[Any, ...]]:
    """What a report says, cell by cell."""
    return [(p.table, p.row, p.field, p.value, p.reason, p.severity) for p in report.problems]


def colour(cell: Any) -> str | None:
    return cell.fill.fgColor.rgb if cell.fill.fill_type else None


def book_of(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    """A workbook with these sheets; every text stays text."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for line, row in enumerate(rows, 1):
            for at, value in enumerate(row, 1):
                cell = sheet.cell(line, at, value)
                cell.data_type = "s" if isinstance(value, str) else cell.data_type
    book.save(path)
    return path
