"""What an edition prints, beside what we compute."""

from datetime import date
from typing import Any

import typer

from bot.cli.loan.edition import told
from bot.cli.loan.table import show_table
from bot.cli.opening import print_json
from bot.programmes.edition import Edition
from bot.programmes.printed import Figure, Printed, printed


def show_examples(edition: Edition, on: date, *, as_json: bool) -> None:
    """The results that an edition prints, and whether ours are the same, as one line of JSON or as tables."""
    answer = told(edition, on) | {"printed": [_example(each) for each in printed(edition)]}
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
