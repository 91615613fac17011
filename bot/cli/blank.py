"""`engawa blank`: an empty workbook for a builder to fill in."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.drafts import draft_of
from bot.cli.workbook_words import Language, words_in
from bot.intake.workbook.blank import blank_workbook

To = Annotated[Path, typer.Argument(help="the workbook to be written; it must not be there yet", metavar="FILE.xlsx")]
In = Annotated[Language, typer.Option("--language", help="of comments and examples; headings stay as they are")]
ForBuilder = Annotated[bool, typer.Option("--for-builder", help="without the columns that only operators fill in")]


def command(to: To, language: In = Language.JA, for_builder: ForBuilder = False) -> None:
    """Writes a blank workbook with examples, for `engawa import`. Exit status 1 where it cannot be written."""
    if to.suffix.lower() != ".xlsx" or to.exists() or not to.absolute().parent.is_dir():
        typer.echo(f"engawa: {to} is no name of an .xlsx file, is there already, or its folder is not", err=True)
        raise typer.Exit(1)
    try:
        with draft_of(to) as draft:
            draft.write(blank_workbook(words_in(language), for_builder=for_builder))
    except OSError as error:
        typer.echo(f"engawa: {to} cannot be written: {error.strerror}", err=True)
        raise typer.Exit(1) from error
    typer.echo(f"{to}: ready to be filled in")
