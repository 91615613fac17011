"""`engawa loan estimate`: what is paid each month and in all."""

from collections.abc import Sequence

import typer

from bot.cli.loan.edition import At, say_status, status_of
from bot.cli.loan.gathered import gathers
from bot.cli.loan.table import show_table, spans, write_csv
from bot.cli.loan.terms import FORMS, WITH_RESIDUAL, Given, Of, Together, Wanted, loan_of, loans_on_stdin, per_cent
from bot.cli.opening import print_json
from bot.programmes.lines import answer
from bot.programmes.loan import Loan
from bot.programmes.repayment import Estimate, estimate, schedule, summed, together

SHOWN = 24  # levels; a loan of level principal has one for each payment, which --csv tells


@gathers(Given, WITH_RESIDUAL)
@gathers(Wanted, FORMS)
def command(
    given: Given,
    wanted: Wanted,
    side_by_side: Together = False,
    edition: Of = "",
    at: At = "",
) -> None:
    """What a loan comes to, to the yen, as the leaflets compute it: docs/loans.md says how it is rounded."""
    found = [loan_of(given)] if given or not wanted.as_json else loans_on_stdin()
    head = status_of(edition, at)
    if wanted.as_json and side_by_side:
        print_json(head | answer(summed(together(map(schedule, found)))))
    elif wanted.as_json:
        for each in [head | answer(estimate(loan)) for loan in found]:  # all of them are right before one is answered
            print_json(each)
    elif wanted.as_csv:
        say_status(head)
        write_csv(schedule(found[0]))
    else:
        say_status(head)
        _show(found[0], estimate(found[0]))


def _show(loan: Loan, found: Estimate) -> None:
    typer.echo(f"{loan.principal:,} yen, {loan.months} payments, {loan.method}")
    show_table(("payments", "a year", "yen a month"), list(_levels(loan, found))[:SHOWN])
    if len(found.levels) > SHOWN:
        typer.echo(f"… and {len(found.levels) - SHOWN} more: --csv shows every payment")
    typer.echo(f"last payment {found.last_payment:,} yen, all together {found.total:,} yen, ", nl=False)
    typer.echo(f"of which interest {found.total - loan.principal:,} yen")


def _levels(loan: Loan, found: Estimate) -> Sequence[tuple[str, str, str]]:
    firsts = [each.from_payment for each in found.levels]
    return [
        (span, per_cent(loan.rate_at(each.from_payment)), f"{each.yen:,}")
        for span, each in zip(spans(firsts, loan.months), found.levels, strict=True)
    ]
