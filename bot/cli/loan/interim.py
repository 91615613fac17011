"""`engawa loan interim`: what is handed over while a house is built, and what is taken off each time."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from bot.cli.loan.edition import PRINTING, At, Language, named, say_status, spoken, status_of
from bot.cli.loan.table import show_table
from bot.cli.loan.terms import Principal, Rate, day_of, yen
from bot.cli.opening import print_json
from bot.config import SettingsError
from bot.programmes.interim import Handed, Stage, Terms, handed_over, shares
from bot.programmes.lines import rate_of
from bot.programmes.loan import BadLoan
from templates.loan_sums import sum_words

Advance = Annotated[str, typer.Option("--advance", help="the day of money before the work begins, under a surety")]
Begun = Annotated[str, typer.Option("--begun", help="the day on which the work begins")]
Roofed = Annotated[str, typer.Option("--roofed", help="the day on which the roof is done")]
Completed = Annotated[str, typer.Option("--completed", help="the day of completion")]
Last = Annotated[str, typer.Option("--contracted", help="the day of the last money, after the contract")]
Fee = Annotated[str, typer.Option("--fee", help="the guarantee company's fee in yen; without it there is none")]
Land = Annotated[str, typer.Option("--land", help="what the land is taken to be worth, where that is the limit")]
Of = Annotated[str, typer.Option("--edition", help="whose shares they are")]
AsJson = Annotated[bool, typer.Option("--json", help="answer as one line of JSON")]


def command(
    principal: Principal = "",
    rate: Rate = "",
    advance: Advance = "",
    begun: Begun = "",
    roofed: Roofed = "",
    completed: Completed = "",
    contracted: Last = "",
    fee: Fee = "",
    land: Land = "",
    edition: Of = PRINTING,
    at: At = "",
    language: Language = "ja",
    as_json: AsJson = False,
) -> None:
    """Each share on its day, less fee and interest: see docs/loans.md for what is assumed."""
    language = spoken(language)
    said = dict(zip(Stage, (advance, begun, roofed, completed, contracted), strict=True))
    days = [(stage, day_of(text, f"--{stage}")) for stage, text in said.items() if text]
    try:
        terms = Terms(
            principal=yen(principal, "--principal"),
            rate=rate_of(rate, "--rate"),
            shares=shares(named(edition)),
            fee=yen(fee, "--fee") if fee else None,
            land=yen(land, "--land") if land else None,
        )
        found = handed_over(terms, days)
    except BadLoan as bad:
        raise SettingsError(str(bad)) from None
    head = status_of(edition, at)
    if as_json:
        print_json(head | {"handed_over": [_told(each) for each in found]})
    else:
        say_status(head, language)
        show_table(sum_words(language)["interim"], list(_lines(found, language)))


def _told(each: Handed) -> dict[str, Any]:
    return {
        "stage": each.stage.value,
        "on": each.on,
        "share": each.share,
        "interest": each.interest,
        "fee": each.fee,
        "received": each.received,
    }


def _lines(found: list[Handed], language: str) -> Iterator[tuple[str, ...]]:
    stages = sum_words(language)["stage"]
    for each in found:
        sums = (each.share, each.interest, each.fee, each.received)
        yield stages[each.stage.value], each.on.isoformat(), *(f"{one:,}" for one in sums)
