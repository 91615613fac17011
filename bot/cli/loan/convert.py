"""`engawa loan convert`: the options of a residual-value loan: smaller payments from a month on, or the house sold."""

from typing import Annotated, Any

import typer

from bot.cli.layout import show
from bot.cli.loan.table import write_csv
from bot.cli.loan.terms import AsCsv, By, Given, Months, Only, Principal, Rate, Residual, Steps, Years, loan_of, yen
from bot.cli.opening import print_json
from bot.config import SettingsError
from bot.programmes.conversion import Reduced, buy_back, converted
from bot.programmes.lines import rate_of
from bot.programmes.loan import BadLoan, Loan, Method
from bot.programmes.repayment import Payment, schedule

After = Annotated[int, typer.Option("--after", help="the payment after which the loan changes")]
Until = Annotated[int, typer.Option("--until", help="the last payment of all, counted from the first loan's first")]
Then = Annotated[str, typer.Option("--then-rate", help="per cent a year of the second loan")]
AsJson = Annotated[bool, typer.Option("--json", help="answer as one line of JSON")]


def command(
    principal: Principal = "",
    years: Years = 0,
    months: Months = 0,
    rate: Rate = "",
    step: Steps = None,
    method: By = Method.LEVEL,
    after: After = 0,
    until: Until = 0,
    then_rate: Then = "",
    residual: Residual = "",
    interest_only_from: Only = 0,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Payments before and after the change, what is owed then, and what is repaid at once in the end."""
    loan = loan_of(Given(principal, years, months, rate, tuple(step or ()), method))
    try:
        left = yen(residual, "--residual") if residual else 0
        terms = Reduced(after, until, rate_of(then_rate, "--then-rate"), left, interest_only_from or None)
        found = converted(loan, terms)
    except BadLoan as bad:
        raise SettingsError(str(bad)) from None
    if as_csv:
        write_csv(found)
        return
    answer = _answer(loan, terms, found)
    print_json(answer) if as_json else show(answer)


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
