"""Rows that show how a workbook is filled in."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files

from bot.intake.tables import Column, Kind, Table

Filled = str | int | float | date | None


@cache
def _all() -> Mapping[str, Sequence[Mapping[str, str]]]:
    return tomllib.loads((files("bot.intake.workbook") / "examples.toml").read_text("utf-8"))


def example_rows(table: Table) -> list[list[Filled]]:
    """The examples of a table, a cell for each of its columns, as a spreadsheet holds them."""
    return [[filled(row.get(column.key), column) for column in table.columns] for row in _all()[table.name]]


def filled(text: str | None, column: Column) -> Filled:
    """A value as a person's spreadsheet would hold it: dates and numbers as such, everything else as text."""
    if text is None:
        return None
    if column.kind is Kind.DATE:
        return date.fromisoformat(text)
    if column.kind is Kind.WHOLE:
        return int(text)
    return float(text) if column.kind is Kind.DECIMAL else text
