"""`engawa loan schedule`: every payment of a loan, with its day where the first one's is known."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated

import typer

from bot.cli.loan.edition import At, say_status, status_of
from bot.cli.loan.gathered import gathers
from bot.cli.loan.table import rows, show_table, write_csv
from bot.cli.loan.terms import FORMS, WITH_RESIDUAL, Given, Of, Together, Wanted, day_of, loan_of, loans_on_stdin
from bot.cli.opening import print_json
from bot.config import SettingsError
from bot.programmes.repayment import Payment, schedule, together

First = Annotated[str, typer.Option("--first-payment", help="the day of the first payment, such as 2027-04-27")]


@gathers(Given, WITH_RESIDUAL)
@gathers(Wanted, FORMS)
def command(
    given: Given,
    wanted: Wanted,
    first_payment: First = "",
    side_by_side: Together = False,
    edition: Of = "",
    at: At = "",
) -> None:
    """Every payment: its interest, its principal, and what is owed after it. A day that a month lacks is its last."""
    first = day_of(first_payment, "--first-payment") if first_payment else None
    found = [loan_of(given)] if given or not (wanted.as_json or wanted.as_csv) else loans_on_stdin()
    schedules = [schedule(loan) for loan in found]
    if side_by_side:
        schedules = [together(schedules)]
    if wanted.as_csv and len(schedules) > 1:
        raise SettingsError("--csv takes one loan, or several with --together")
    head = status_of(edition, at)
    if not wanted.as_json:
        say_status(head)
    for payments in schedules:
        _say(head, payments, first, wanted)


def _say(head: dict[str, str], payments: Sequence[Payment], first: date | None, wanted: Wanted) -> None:
    if wanted.as_json:
        print_json(head | {"payments": list(rows(payments, first))})
    elif wanted.as_csv:
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
