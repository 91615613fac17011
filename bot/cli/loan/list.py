"""`engawa loan list`: the editions of the programmes, and every rule that can be asked."""

from typing import Annotated

import typer

from bot.cli.loan.edition import STATUS, At, today
from bot.cli.loan.table import show_words
from bot.cli.opening import print_json
from bot.programmes.described import described, summary
from bot.programmes.edition import editions
from bot.programmes.rule import rules

AsJson = Annotated[bool, typer.Option("--json", help="every rule too, with what it asks for, its limit and source")]


def command(at: At = "", as_json: AsJson = False) -> None:
    """The editions of the loan programmes, and whether one can apply under them."""
    on = today(at)
    if as_json:
        editions_told = [summary(each, on) for each in editions().values()]
        print_json({"editions": editions_told, "rules": [described(each, on) for each in rules().values()]})
        return
    counts = {name: sum(each.edition.id == name for each in rules().values()) for name in editions()}
    show_words(
        ("edition", "制度", "status", "rules"),
        [
            (each.id, each.name_ja, " ".join(STATUS[each.status(on)]), str(counts[each.id]))
            for each in editions().values()
        ],
    )
    typer.echo("engawa loan show EDITION: its rules, rates and offices; engawa loan check EDITION/RULE asks one")
