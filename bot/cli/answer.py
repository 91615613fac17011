"""How a command answers whoever ran it, or says why not."""

from typing import Any

import typer

from bot.cli.layout import show
from bot.cli.opening import print_json


def tell(answer: dict[str, Any], *lines: str, as_json: bool) -> None:
    """As one line of JSON where that is wanted; else these lines, or all of it laid out where there are none."""
    if as_json:
        print_json(answer)
    elif lines:
        typer.echo("\n".join(lines))
    else:
        show(answer)


def refused(why: object) -> typer.Exit:
    """Says why; what it answers is to be raised (exit status 1)."""
    typer.echo(f"engawa: {why}", err=True)
    return typer.Exit(1)
