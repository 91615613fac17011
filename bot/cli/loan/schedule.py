"""`engawa loan schedule`: every payment of a loan, with its day where the first one's is known."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated

import typer

from bot.cli.loan.edition import At, Language, say_status, spoken, status_of
from bot.cli.loan.gathered import gathers
from bot.cli.loan.table import rows, show_table, write_csv
from bot.cli.loan.terms import FORMS, WITH_RESIDUAL, Given, Of, Together, Wanted, day_of, loan_of, loans_on_stdin
from bot.cli.opening import print_json
from bot.config import SettingsError
from bot.programmes.repayment import Payment, schedule, together
from templates.loan_chart import yen_of
from templates.loan_sums import sum_words

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
    language: Language = "ja",
) -> None:
    """Every payment: its interest, its principal, and what is owed after it. A day that a month lacks is its last."""
    language = spoken(language)
    first = day_of(first_payment, "--first-payment") if first_payment else None
    found = [loan_of(given)] if given or not (wanted.as_json or wanted.as_csv) else loans_on_stdin()
    schedules = [schedule(loan) for loan in found]
    if side_by_side:
        schedules = [together(schedules)]
    if wanted.as_csv and len(schedules) > 1:
        raise SettingsError("--csv takes one loan, or several with --together")
    head = status_of(edition, at)
    if not wanted.as_json:
        say_status(head, language)
    for payments in schedules:
        if not _written(head, payments, first, wanted):
            _show(payments, first, language)


def _written(head: dict[str, str], payments: Sequence[Payment], first: date | None, wanted: Wanted) -> bool:
    """Whether it was wanted in a form for programs, in which it is answered."""
    if wanted.as_json:
        print_json(head | {"payments": list(rows(payments, first))})
    elif wanted.as_csv:
        write_csv(payments, first)
    return wanted.as_json or wanted.as_csv


def _show(payments: Sequence[Payment], first: date | None, language: str) -> None:
    words = sum_words(language)
    number, *sums = words["schedule"]
    show_table((number, *((words["day"],) if first else ()), *sums), list(_lines(payments, first)))
    typer.echo(words["total"].format(total=yen_of(sum(one.yen for one in payments), language)))


def _lines(payments: Sequence[Payment], first: date | None) -> Iterator[Sequence[str]]:
    for row in rows(payments, first):
        yield (
            str(row["payment"]),
            *((row["on"],) if first else ()),
            *(f"{row[column]:,}" for column in ("yen", "interest", "principal", "balance")),
        )
