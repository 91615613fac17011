"""`engawa loan prepay`: what paying back earlier saves, and what it costs within the ten years of the restriction."""

from datetime import date
from typing import Annotated, Any

import typer

from bot.cli.loan.edition import PRINTING, At, Language, headed, named, spoken, status_of, today
from bot.cli.loan.gathered import gathers
from bot.cli.loan.terms import PLAIN, AsJson, Given, day_of, loan_of, yen
from bot.cli.opening import print_json
from bot.config import SettingsError
from bot.programmes.loan import BadLoan, Loan
from bot.programmes.prepayment import Effect, Prepayment, Restriction, charge, prepaid, restriction
from bot.programmes.repayment import schedule
from bot.programmes.windows import payment_on
from templates.loan_chart import titled
from templates.loan_sums import lines_of

With = Annotated[int, typer.Option("--with-payment", help="the payment together with which it is prepaid")]
Sum = Annotated[str, typer.Option("--yen", help="how much, such as 500万円; without it all that is owed")]
To = Annotated[Effect, typer.Option("--effect", help="shorten: fewer payments, lower: smaller ones")]
Contracted = Annotated[str, typer.Option("--contracted", help="the contract's day, where prepaying was restricted")]
Of = Annotated[str, typer.Option("--edition", help="whose restriction it is, with --contracted")]
First = Annotated[str, typer.Option("--first-payment", help="the day of the first payment, with --contracted")]


@gathers(Given, PLAIN)
def command(
    given: Given,
    with_payment: With = 0,
    sum_: Sum = "",
    effect: To = Effect.SHORTEN,
    contracted: Contracted = "",
    first_payment: First = "",
    edition: Of = PRINTING,
    at: At = "",
    language: Language = "ja",
    as_json: AsJson = False,
) -> None:
    """Interest saved by a prepayment, and its charge: see docs/loans.md for what is assumed."""
    language, loan = spoken(language), loan_of(given)
    days = _days(contracted, first_payment)
    try:
        prepayment = Prepayment(with_payment, _sum(loan, with_payment, sum_), effect)
        answer = _answer(loan, prepayment, days, restriction(named(edition)))
    except BadLoan as bad:
        raise SettingsError(str(bad)) from None
    if as_json:
        print_json(status_of(edition, at) | answer)
        return
    typer.echo(f"{headed(named(edition), today(at), language)}\n{titled(loan, language)}")
    for line in lines_of("prepay", answer, language):
        typer.echo(line)


def _answer(
    loan: Loan, prepayment: Prepayment, days: tuple[date, date] | None, restricted: Restriction
) -> dict[str, Any]:
    before, found = schedule(loan), prepaid(loan, prepayment)
    after = found.payments[prepayment.number :]
    cost = 0
    if days is not None:
        on = payment_on(days[1], prepayment.number)
        cost = charge(prepayment.yen, on, days[0], restricted)
    return {
        "prepaid": prepayment.yen,
        "with_payment": prepayment.number,
        "owed_after": found.payments[prepayment.number - 1].balance,
        "interest_saved": found.saved,
        "charge": cost,
        "payments_before": len(before),
        "payments_after": len(found.payments),
        "payment_before": before[prepayment.number].yen,
        "payment_after": after[0].yen if after else 0,
    }


def _sum(loan: Loan, number: int, text: str) -> int:
    """Without a sum, all that is owed after that payment."""
    if text:
        return yen(text, "--yen")
    payments = schedule(loan)
    return payments[number - 1].balance if 1 <= number <= len(payments) else 0


def _days(contracted: str, first_payment: str) -> tuple[date, date] | None:
    if bool(contracted) != bool(first_payment):
        raise SettingsError("--contracted and --first-payment go together")
    if not contracted:
        return None
    return day_of(contracted, "--contracted"), day_of(first_payment, "--first-payment")
