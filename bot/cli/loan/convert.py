"""`engawa loan convert`: the options of a residual-value loan: smaller payments from a month on, or the house sold."""

from typing import Annotated, Any

import typer

from bot.cli.loan.edition import Language, spoken
from bot.cli.loan.gathered import gathers
from bot.cli.loan.table import write_csv
from bot.cli.loan.terms import FORMS, PLAIN, Given, Only, Residual, Wanted, loan_of, yen
from bot.cli.opening import print_json
from bot.config import SettingsError
from bot.programmes.conversion import Reduced, buy_back, converted
from bot.programmes.lines import rate_of
from bot.programmes.loan import BadLoan, Loan
from bot.programmes.repayment import Payment, schedule
from templates.loan_chart import titled
from templates.loan_sums import lines_of

After = Annotated[int, typer.Option("--after", help="the payment after which the loan changes")]
Until = Annotated[int, typer.Option("--until", help="the last payment of all, counted from the first loan's first")]
Then = Annotated[str, typer.Option("--then-rate", help="per cent a year of the second loan")]


@gathers(Given, PLAIN)
@gathers(Wanted, FORMS)
def command(
    given: Given,
    wanted: Wanted,
    after: After = 0,
    until: Until = 0,
    then_rate: Then = "",
    residual: Residual = "",
    interest_only_from: Only = 0,
    language: Language = "ja",
) -> None:
    """Payments before and after the change, what is owed then, and what is repaid at once in the end."""
    language, loan = spoken(language), loan_of(given)
    try:
        left = yen(residual, "--residual") if residual else 0
        terms = Reduced(after, until, rate_of(then_rate, "--then-rate"), left, interest_only_from or None)
        found = converted(loan, terms)
    except BadLoan as bad:
        raise SettingsError(str(bad)) from None
    if wanted.as_csv:
        write_csv(found)
        return
    answer = _answer(loan, terms, found)
    if wanted.as_json:
        print_json(answer)
        return
    for line in (titled(loan, language), *lines_of("convert", answer, language)):
        typer.echo(line)


def _answer(loan: Loan, terms: Reduced, found: list[Payment]) -> dict[str, Any]:
    before = schedule(loan)
    only = terms.interest_only_from
    return {
        "after": terms.after,
        "buy_back": buy_back(loan, terms.after),
        "payment_before": before[terms.after].yen,
        "payment_after": found[terms.after].yen,
        "interest_alone": found[only - 1].yen if only and only < len(found) else None,
        "last_payment": found[-1].yen,
        "total_before": sum(one.yen for one in before),
        "total_after": sum(one.yen for one in found),
    }
