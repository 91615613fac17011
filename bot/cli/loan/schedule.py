"""`engawa loan schedule`: every payment of a loan, with its day where the first one's is known."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated

import typer

from bot.cli.loan.table import rows, show_table, write_csv
from bot.cli.loan.terms import (
    AsCsv,
    AsJson,
    By,
    Given,
    Months,
    Only,
    Principal,
    Rate,
    Residual,
    Steps,
    Together,
    Years,
    day_of,
    loan_of,
    loans_on_stdin,
)
from bot.cli.opening import print_json
from bot.config import SettingsError
from bot.programmes.loan import Method
from bot.programmes.repayment import Payment, schedule, together

First = Annotated[str, typer.Option("--first-payment", help="the day of the first payment, such as 2027-04-27")]


def command(
    principal: Principal = "",
    years: Years = 0,
    months: Months = 0,
    rate: Rate = "",
    step: Steps = None,
    method: By = Method.LEVEL,
    residual: Residual = "",
    interest_only_from: Only = 0,
    first_payment: First = "",
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    side_by_side: Together = False,
) -> None:
    """Every payment: its interest, its principal, and what is owed after it. A day that a month lacks is its last."""
    given = Given(principal, years, months, rate, tuple(step or ()), method, residual, interest_only_from)
    if as_json and as_csv:
        raise SettingsError("--json and --csv do not go together")
    first = day_of(first_payment, "--first-payment") if first_payment else None
    found = [loan_of(given)] if given or not (as_json or as_csv) else loans_on_stdin()
    schedules = [schedule(loan) for loan in found]
    if side_by_side:
        schedules = [together(schedules)]
    if as_csv and len(schedules) > 1:
        raise SettingsError("--csv takes one loan, or several with --together")
    for payments in schedules:
        _say(payments, first, as_json=as_json, as_csv=as_csv)


def _say(payments: Sequence[Payment], first: date | None, *, as_json: bool, as_csv: bool) -> None:
    if as_json:
        print_json({"payments": list(rows(payments, first))})
    elif as_csv:
        write_csv(payments, first)
    else:
        _show(payments, first)


def _show(payments: Sequence[Payment], first: date | None) -> None:
    columns = ("payment", *(("on",) if first else ()), "yen", "interest", "principal", "balance")
    show_table(columns, list(_lines(payments, first)))
    typer.echo(f"all together {sum(one.yen for one in payments):,} yen")


def _lines(payments: Sequence[Payment], first: date | None) -> Iterator[Sequence[str]]:
    for row in rows(payments, first):
        yield (
            str(row["payment"]),
            *((row["on"],) if first else ()),
            *(f"{row[column]:,}" for column in ("yen", "interest", "principal", "balance")),
        )
