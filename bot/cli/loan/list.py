"""`engawa loan list`: the editions of the programmes, and every rule that can be asked."""

from typing import Annotated

import typer

from bot.cli.loan.edition import At, Language, spoken, status_said, today
from bot.cli.loan.table import show_words
from bot.cli.opening import print_json
from bot.programmes.described import described, summary
from bot.programmes.edition import editions
from bot.programmes.rule import rules
from templates.loan_list import list_words

AsJson = Annotated[bool, typer.Option("--json", help="every rule too, with what it asks for, its limit and source")]


def command(at: At = "", language: Language = "ja", as_json: AsJson = False) -> None:
    """The editions of the loan programmes, and whether one can apply under them."""
    on, words = today(at), list_words(spoken(language))
    if as_json:
        editions_told = [summary(each, on) for each in editions().values()]
        print_json({"editions": editions_told, "rules": [described(each, on) for each in rules().values()]})
        return
    counts = {name: sum(each.edition.id == name for each in rules().values()) for name in editions()}
    lines = [
        (each.id, each.named(language), status_said(each, on, language), str(counts[each.id]))
        for each in editions().values()
    ]
    show_words(words["editions"], lines)
    typer.echo(words["more"])
