"""Payments as a table: for people on a terminal, for programs as CSV or JSON."""

import csv
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.core.days import add_months
from bot.programmes.repayment import Payment

COLUMNS = ("payment", "yen", "interest", "principal", "balance")
ON = "on"  # the day of a payment, where the first one's is known


def rows(payments: Sequence[Payment], first_payment: date | None = None) -> Iterator[dict[str, Any]]:
    """Payments as plain values, with their days where the first is known; a day that a month lacks is its last."""
    for one in payments:
        day = {ON: add_months(first_payment, one.number - 1).isoformat()} if first_payment else {}
        yield dict(zip(COLUMNS, (one.number, one.yen, one.interest, one.principal, one.balance), strict=True)) | day


def write_csv(payments: Sequence[Payment], first_payment: date | None = None) -> None:
    """Every payment on stdout, below the names of the columns; the balance is what is owed after it."""
    columns = [*COLUMNS, ON] if first_payment else [*COLUMNS]
    writer = csv.DictWriter(sys.stdout, columns)
    writer.writeheader()
    writer.writerows(rows(payments, first_payment))


def show_table(columns: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    """A table on the terminal; what is a number stands to the right."""
    table = Table()
    for column in columns:
        table.add_column(column, justify="right", overflow="fold")
    for line in lines:
        table.add_row(*line)
    Console().print(table)


def show_words(columns: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    """A table of words on the terminal; the first column is a name to copy, others are folded at need."""
    table = Table()
    for number, column in enumerate(columns):
        table.add_column(column, overflow="fold", no_wrap=number == 0)
    for line in lines:
        table.add_row(*line)
    Console(markup=False, highlight=False).print(table)
