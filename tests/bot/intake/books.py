"""Workbooks for tests: words, reports, and a look at what stands in them."""

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from bot.cli.workbook_words import Language, words_in
from bot.intake.known import MemoryStore
from bot.intake.report import FileReport
from bot.intake.take_in import run, take_in

TODAY = date(2026, 11, 21)
WORDS = words_in(Language.JA)


def taken(*paths: Path, into: MemoryStore | None = None) -> list[FileReport]:
    steps = run(take_in(paths, TODAY, rejected_files=False), into or MemoryStore())
    return [step for step in steps if isinstance(step, FileReport)]


def load(path: Path) -> Any:
    """The workbook, as whatever its cells are."""
    return openpyxl.load_workbook(path)
