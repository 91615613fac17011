"""`engawa loan compare`: a loan with a reduction of interest beside the same loan without, or an edition's examples."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Any

import typer

from bot.cli.loan.edition import At, Language, headed, named, spoken, today, told
from bot.cli.loan.examples import show_examples
from bot.cli.loan.gathered import gathers
from bot.cli.loan.table import show_table
from bot.cli.loan.terms import PLAIN, AsJson, For, Given, Off, benefit_of, benefits_on_stdin, loan_of, per_cent
from bot.cli.opening import print_json
from bot.config import SettingsError
from bot.programmes.benefit import Benefit, reduced
from bot.programmes.edition import Edition
from bot.programmes.lines import answer
from bot.programmes.loan import BadLoan
from bot.programmes.reduction import Reduction
from bot.programmes.reduction import reduction as reduction_for
from bot.programmes.repayment import estimate
from templates.loan_chart import titled, yen_of
from templates.loan_list import list_words
from templates.loan_sums import signed, spans, sum_words

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
    language: Language = "ja",
    as_json: AsJson = False,
) -> None:
    """What a reduction of interest is worth, a month and in all, and what is still at stake of it."""
    language = spoken(language)
    if edition and not (given or benefit):
        show_examples(named(edition), today(at), "" if as_json else language)
        return
    head: dict[str, Any] = {}
    promised = _reduction(named(edition), benefit or []) if edition else None
    if promised is not None:
        head = told(named(edition), today(at)) | {"reduction": _told(promised)}
        found = [_promised(given, promised)]
    else:
        found = [benefit_of(given, reduction, for_years)] if given or not as_json else benefits_on_stdin()
    if promised is not None and not as_json:
        _show_head(named(edition), promised, today(at), language)
    for each in [(one, head | compared(one, from_payment)) for one in found]:
        print_json(each[1]) if as_json else _show(*each, language)


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


def _reduction(edition: Edition, codes: Sequence[str]) -> Reduction:
    """Raises SettingsError for a reduction that the edition does not have."""
    try:
        return reduction_for(edition, codes)
    except BadLoan as bad:
        raise SettingsError(str(bad)) from None


def _promised(given: Given, promised: Reduction) -> Benefit:
    """Raises SettingsError for a loan that cannot be."""
    try:
        return reduced(loan_of(given), promised.off, promised.years * 12)
    except BadLoan as bad:
        raise SettingsError(str(bad)) from None


def _told(promised: Reduction) -> dict[str, Any]:
    """What is taken off the rate, for which reasons, and where that stands in the leaflet."""
    return {
        "benefits": sorted(promised.codes),
        "off_pct": str(promised.off),
        "years": promised.years,
        "source_ja": promised.source.ja,
        "source_en": promised.source.en,
    }


def _show_head(edition: Edition, promised: Reduction, on: date, language: str) -> None:
    words, listed = sum_words(language), list_words(language)
    earned = listed["plus"].join(listed["earned"][code] for code in sorted(promised.codes))
    source = promised.source.ja if language == "ja" else promised.source.en
    typer.echo(headed(edition, on, language))
    off = words["reduction"].format(off=promised.off, years=promised.years)
    typer.echo(f"{earned} {off}\n{words['source'].format(source=source)}")


def _show(benefit: Benefit, found: dict[str, Any], language: str) -> None:
    words = sum_words(language)
    typer.echo(titled(benefit.kept, language))
    show_table(words["compare"], list(_months(benefit, language))[:SHOWN])
    sums = {"kept": found["with"]["total"], "lost": found["without"]["total"], "less": found["total_difference"]}
    typer.echo(words["totals"].format(**{name: yen_of(yen, language) for name, yen in sums.items()}))
    stake = found["at_stake"]
    yen, each = (yen_of(stake[name], language) for name in ("yen", "yen_a_month"))
    typer.echo(words["stake"].format(first=stake["from_payment"], yen=yen, each=each))


def _months(benefit: Benefit, language: str) -> Iterator[tuple[str, ...]]:
    found = benefit.monthly()
    numbers = [each.from_payment for each in found]
    for span, each in zip(spans(numbers, benefit.kept.months, language), found, strict=True):
        rates = (per_cent(loan.rate_at(each.from_payment)) for loan in (benefit.kept, benefit.lost))
        paid = (f"{yen:,} ({rate})" for yen, rate in zip((each.kept, each.lost), rates, strict=True))
        yield span, *paid, signed(each.yen, language)
