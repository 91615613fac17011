"""What an edition prints, beside what we compute."""

from datetime import date
from typing import Any

import typer

from bot.cli.loan.edition import headed, told
from bot.cli.loan.table import show_table
from bot.cli.opening import print_json
from bot.programmes.edition import Edition
from bot.programmes.printed import Figure, Printed, printed
from templates.loan_sums import signed, sum_words


def show_examples(edition: Edition, on: date, language: str) -> None:
    """The results that an edition prints, and whether ours are the same: tables, or without a language JSON."""
    found = printed(edition)
    if not language:
        print_json(told(edition, on) | {"printed": [_example(each) for each in found]})
        return
    typer.echo(headed(edition, on, language))
    for each in found:
        _show_example(each, language)
    if not found:
        typer.echo(sum_words(language)["none_printed"])


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


def _show_example(each: Printed, language: str) -> None:
    ja = language == "ja"
    typer.echo(f"\n{each.what_ja if ja else each.what_en}")
    if each.note_ja:
        typer.echo(each.note_ja if ja else each.note_en)
    show_table(sum_words(language)["examples"], [_line(one, language) for one in each.figures])


def _line(one: Figure, language: str) -> tuple[str, ...]:
    words = sum_words(language)
    named, differs = words["figure"][one.of], one.of.endswith("difference")
    printed_yen, computed = (
        "" if yen is None else signed(yen, language) if differs else f"{yen:,}" for yen in (one.yen, one.computed)
    )
    return (
        words["from_payment"].format(of=named, first=one.from_payment) if one.from_payment else named,
        words["about"].format(yen=printed_yen) if one.unit > 1 else printed_yen,
        computed or words["unknown"],
        {None: words["cannot"], True: words["yes"], False: words["no"]}[one.agrees],
    )
