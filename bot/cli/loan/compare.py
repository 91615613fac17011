"""`engawa loan compare`: a loan with a reduction of interest beside the same loan without, or an edition's examples."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from bot.cli.loan.edition import At, named, today, told
from bot.cli.loan.table import show_table, spans
from bot.cli.loan.terms import (
    AsJson,
    By,
    For,
    Given,
    Months,
    Off,
    Principal,
    Rate,
    Steps,
    Years,
    benefit_of,
    benefits_on_stdin,
    per_cent,
)
from bot.cli.opening import print_json
from bot.programmes.benefit import Benefit
from bot.programmes.lines import answer
from bot.programmes.loan import Method
from bot.programmes.printed import Figure, Printed, printed
from bot.programmes.repayment import estimate

From = Annotated[int, typer.Option("--from-payment", help="what is still at stake from this payment on", min=1)]
Named = Annotated[str, typer.Option("--edition", help="instead of a loan: the results an edition prints, beside ours")]
SHOWN = 24  # lines; a loan of level principal has one for each payment


def command(
    principal: Principal = "",
    years: Years = 0,
    months: Months = 0,
    rate: Rate = "",
    step: Steps = None,
    method: By = Method.LEVEL,
    reduction: Off = "",
    for_years: For = 0,
    from_payment: From = 1,
    edition: Named = "",
    at: At = "",
    as_json: AsJson = False,
) -> None:
    """What a reduction of interest is worth, a month and in all, and what is still at stake of it."""
    given = Given(principal, years, months, rate, tuple(step or ()), method)
    if edition:
        _examples(edition, at, as_json)
        return
    found = [benefit_of(given, reduction, for_years)] if given or not as_json else benefits_on_stdin()
    for each in [(one, compared(one, from_payment)) for one in found]:
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


def _show(benefit: Benefit, found: dict[str, Any]) -> None:
    loan = benefit.kept
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


def _examples(name: str, at: str, as_json: bool) -> None:
    edition = named(name)
    answer = told(edition, today(at)) | {"printed": [_example(each) for each in printed(edition)]}
    if as_json:
        print_json(answer)
        return
    typer.echo(f"{edition.name_ja} ({answer['status_ja']})\n{edition.source_ja}")
    for each in printed(edition):
        _show_example(each)
    if not answer["printed"]:
        typer.echo("no result is printed in this edition")


def _example(each: Printed) -> dict[str, Any]:
    return {
        "what_ja": each.what_ja,
        "what_en": each.what_en,
        "basis": each.basis.value,
        "note_ja": each.note_ja,
        "note_en": each.note_en,
        "figures": [_figure(figure) for figure in each.figures],
    }


def _figure(one: Figure) -> dict[str, Any]:
    return {
        "of": one.of,
        "from_payment": one.from_payment,
        "printed": one.yen,
        "rounded_to": one.unit,
        "computed": one.computed,
        "agrees": one.agrees,
    }


def _show_example(each: Printed) -> None:
    typer.echo(f"\n{each.what_ja}")
    if each.note_ja:
        typer.echo(each.note_ja)
    lines = [
        (
            one.of.replace("_", " ") + (f", from payment {one.from_payment}" if one.from_payment else ""),
            ("about " if one.unit > 1 else "") + f"{one.yen:,}",
            "—" if one.computed is None else f"{one.computed:,}",
            {None: "cannot be computed", True: "yes", False: "no"}[one.agrees],
        )
        for one in each.figures
    ]
    show_table(("result", "printed", "computed", "the same"), lines)
