"""`engawa loan estimate`: what is paid each month and in all."""

from collections.abc import Sequence

import typer

from bot.cli.loan.edition import At, Language, say_status, spoken, status_of
from bot.cli.loan.gathered import gathers
from bot.cli.loan.table import show_table, write_csv
from bot.cli.loan.terms import FORMS, WITH_RESIDUAL, Given, Of, Together, Wanted, loan_of, loans_on_stdin, per_cent
from bot.cli.opening import print_json
from bot.programmes.lines import answer
from bot.programmes.loan import Loan
from bot.programmes.repayment import Estimate, estimate, schedule, summed, together
from templates.loan_chart import titled, yen_of
from templates.loan_sums import spans, sum_words

SHOWN = 24  # levels; a loan of level principal has one for each payment, which --csv tells


@gathers(Given, WITH_RESIDUAL)
@gathers(Wanted, FORMS)
def command(
    given: Given,
    wanted: Wanted,
    side_by_side: Together = False,
    edition: Of = "",
    at: At = "",
    language: Language = "ja",
) -> None:
    """What a loan comes to, to the yen, as the leaflets compute it: docs/loans.md says how it is rounded."""
    language = spoken(language)
    found = [loan_of(given)] if given or not wanted.as_json else loans_on_stdin()
    head = status_of(edition, at)
    if wanted.as_json and side_by_side:
        print_json(head | answer(summed(together(map(schedule, found)))))
    elif wanted.as_json:
        for each in [head | answer(estimate(loan)) for loan in found]:  # all of them are right before one is answered
            print_json(each)
    elif wanted.as_csv:
        say_status(head, language)
        write_csv(schedule(found[0]))
    else:
        say_status(head, language)
        _show(found[0], estimate(found[0]), language)


def _show(loan: Loan, found: Estimate, language: str) -> None:
    words = sum_words(language)
    typer.echo(titled(loan, language))
    show_table(words["estimate"], list(_levels(loan, found, language))[:SHOWN])
    if len(found.levels) > SHOWN:
        typer.echo(words["more"].format(count=len(found.levels) - SHOWN))
    sums = {"last": found.last_payment, "total": found.total, "interest": found.total - loan.principal}
    typer.echo(words["last"].format(**{name: yen_of(yen, language) for name, yen in sums.items()}))


def _levels(loan: Loan, found: Estimate, language: str) -> Sequence[tuple[str, str, str]]:
    firsts = [each.from_payment for each in found.levels]
    return [
        (span, per_cent(loan.rate_at(each.from_payment)), f"{each.yen:,}")
        for span, each in zip(spans(firsts, loan.months, language), found.levels, strict=True)
    ]
