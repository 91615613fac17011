"""`engawa loan compare`: a loan with a reduction of interest beside the same loan without, or an edition's examples."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer

from bot.cli.loan.edition import At, named, today, told
from bot.cli.loan.examples import show_examples
from bot.cli.loan.gathered import gathers
from bot.cli.loan.table import show_table, spans
from bot.cli.loan.terms import PLAIN, AsJson, For, Given, Off, benefit_of, benefits_on_stdin, loan_of, per_cent
from bot.cli.opening import print_json
from bot.config import SettingsError
from bot.programmes.benefit import Benefit, reduced
from bot.programmes.edition import Edition
from bot.programmes.lines import answer
from bot.programmes.loan import BadLoan
from bot.programmes.reduction import reduction as reduction_for
from bot.programmes.repayment import estimate

From = Annotated[int, typer.Option("--from-payment", help="what is still at stake from this payment on", min=1)]
Named = Annotated[str, typer.Option("--edition", help="whose reduction it is; without a loan, what the edition prints")]
Earned = Annotated[
    list[str] | None,
    typer.Option("--benefit", help="what earns the edition's reduction, such as long_life or plan_a; may be repeated"),
]
SHOWN = 24  # lines; a loan of level principal has one for each payment


@gathers(Given, PLAIN)
def command(
    given: Given,
    reduction: Off = "",
    for_years: For = 0,
    from_payment: From = 1,
    edition: Named = "",
    benefit: Earned = None,
    at: At = "",
    as_json: AsJson = False,
) -> None:
    """What a reduction of interest is worth, a month and in all, and what is still at stake of it."""
    if edition and not (given or benefit):
        show_examples(named(edition), today(at), as_json=as_json)
        return
    head: dict[str, Any] = {}
    if edition:
        head = told(named(edition), today(at))
        found = [_promised(given, named(edition), benefit or [])]
    else:
        found = [benefit_of(given, reduction, for_years)] if given or not as_json else benefits_on_stdin()
    for each in [(one, head | compared(one, from_payment)) for one in found]:
        print_json(each[1]) if as_json else _show(*each)


def compared(benefit: Benefit, number: int) -> dict[str, Any]:
    """Both loans, their differences (below nothing where the benefit saves), and what is at stake from a payment on."""
    differences = [{"from_payment": each.from_payment, "yen": each.yen} for each in benefit.monthly()]
    return {
        "with": answer(estimate(benefit.kept)),
        "without": answer(estimate(benefit.lost)),
        "differences": differences,
        "total_difference": benefit.total,
        "at_stake": {
            "from_payment": number,
            "yen": benefit.at_stake(number),
            "yen_a_month": benefit.monthly_at_stake(number),
        },
    }


def _promised(given: Given, edition: Edition, codes: Sequence[str]) -> Benefit:
    """Raises SettingsError for a reduction that the edition does not print."""
    try:
        promised = reduction_for(edition, codes)
        return reduced(loan_of(given), promised.off, promised.years * 12)
    except BadLoan as bad:
        raise SettingsError(str(bad)) from None


def _show(benefit: Benefit, found: dict[str, Any]) -> None:
    loan = benefit.kept
    if "edition" in found:
        typer.echo(f"{found['name_ja']} ({found['status_ja']})\n{found['source_ja']}")
    typer.echo(f"{loan.principal:,} yen, {loan.months} payments, {loan.method}")
    show_table(("payments", "with", "without", "difference a month"), list(_months(benefit))[:SHOWN])
    kept, lost = found["with"]["total"], found["without"]["total"]
    typer.echo(f"all together {kept:,} yen with, {lost:,} yen without: {found['total_difference']:+,} yen")
    stake = found["at_stake"]
    typer.echo(f"still at stake from payment {stake['from_payment']} on: {stake['yen']:,} yen in all, ", nl=False)
    typer.echo(f"{stake['yen_a_month']:,} yen a month")


def _months(benefit: Benefit) -> Iterator[tuple[str, ...]]:
    found = benefit.monthly()
    numbers = [each.from_payment for each in found]
    for span, each in zip(spans(numbers, benefit.kept.months), found, strict=True):
        rates = (per_cent(loan.rate_at(each.from_payment)) for loan in (benefit.kept, benefit.lost))
        paid = (f"{yen:,} ({rate})" for yen, rate in zip((each.kept, each.lost), rates, strict=True))
        yield span, *paid, f"{each.yen:+,}"
