"""`engawa loan chart`: payment and balance of a loan over its years, with a reduction of interest and without."""

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.loan.edition import Language, spoken
from bot.cli.loan.gathered import gathers
from bot.cli.loan.terms import PLAIN, For, Given, Off, benefit_of, loan_of
from bot.config import SettingsError
from bot.programmes.benefit import Benefit
from bot.programmes.loan import Loan
from bot.programmes.repayment import estimate
from templates.loan_chart import chart_words, yen_of

To = Annotated[Path, typer.Option("--to", help="the picture to write: .svg, .png or .pdf")]
FORMS = (".svg", ".png", ".pdf")


@gathers(Given, PLAIN)
def command(
    to: To,
    given: Given,
    reduction: Off = "",
    for_years: For = 0,
    language: Language = "ja",
) -> None:
    """Draws payment and balance over the years; with a reduction, beside the same loan without it."""
    if to.suffix not in FORMS:
        raise SettingsError(f"--to must end in {', '.join(FORMS)}")
    words = chart_words(spoken(language))
    if reduction or for_years:
        benefit = benefit_of(given, reduction, for_years)
        lines, below = [("with", benefit.kept), ("without", benefit.lost)], _totals(benefit, language)
    else:
        loan = loan_of(given)
        lines, below = [("each", loan)], _total(loan, language)
    drawing = import_module("bot.cli.loan.drawing")
    try:
        drawing.draw([drawing.Line(words[name], loan) for name, loan in lines], below, language, to)
    except OSError as error:
        raise SettingsError(f"--to: {to} cannot be written: {error.strerror}") from error
    typer.echo(str(to))


def _totals(benefit: Benefit, language: str) -> str:
    kept, lost = estimate(benefit.kept).total, estimate(benefit.lost).total
    sums = {name: yen_of(yen, language) for name, yen in (("kept", kept), ("lost", lost), ("less", kept - lost))}
    return str(chart_words(language)["totals"]).format(**sums)


def _total(loan: Loan, language: str) -> str:
    return str(chart_words(language)["total"]).format(yen=yen_of(estimate(loan).total, language))
