"""`engawa contract`: the texts that owners and companies agree to, to read, to print and to send to a lawyer."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.layout import show as show_answer
from bot.cli.opening import print_json
from bot.config import SettingsError
from templates.catalogue import LANGUAGES
from templates.contract import NAMES, Contract, contract, versions
from templates.paper.contract import contract_pdf
from templates.paper.words import words

app = typer.Typer(no_args_is_help=True, help="The texts that owners and companies agree to.")
Name = Annotated[str, typer.Argument(metavar="NAME", help=", ".join(NAMES))]
Language = Annotated[str, typer.Option("--language", help="ja or en; what companies conclude is there in ja alone")]
Version = Annotated[str, typer.Option("--version", help="an earlier one; the one in force if not said")]
To = Annotated[Path, typer.Option("--to", help="the PDF to write")]
AsJson = Annotated[bool, typer.Option("--json", help="answer as one line of JSON")]


@app.command("list")
def list_all(as_json: AsJson = False) -> None:
    """Every text with its versions, the newest last: what was agreed to under an older one stays readable."""
    found = {"contracts": list(_listed())}
    print_json(found) if as_json else show_answer(found)


@app.command("show")
def shown(name: Name, language: Language = "ja", version: Version = "", as_json: AsJson = False) -> None:
    """The words that the hash stands for, with the version and what it hashes to."""
    text = _found(name, language, version)
    if as_json:
        print_json(_told(text) | {"title": text.title, "text": text.text})
        return
    if text.draft:
        typer.echo(words(language)["contract"]["draft"])
    typer.echo(f"{text.name} {text.version} ({text.date}) SHA-256 {text.hash}\n")
    typer.echo(text.text, nl=False)


@app.command("pdf")
def pdf(name: Name, to: To, language: Language = "ja", version: Version = "") -> None:
    """The same on A4."""
    text = _found(name, language, version)
    try:
        to.write_bytes(contract_pdf(text))
    except OSError as error:
        raise SettingsError(f"--to: {to} cannot be written: {error.strerror}") from error
    typer.echo(str(to))


def _found(name: str, language: str, version: str) -> Contract:
    """Raises SettingsError for what there is not."""
    try:
        return contract(name, language, version)
    except KeyError:
        raise SettingsError(f"no text {name} {version} in {language}; see `engawa contract list`") from None


def _listed() -> Iterator[dict[str, Any]]:
    yield from (_told(text) for name in NAMES for language in LANGUAGES for text in versions(name, language))


def _told(text: Contract) -> dict[str, Any]:
    known = {"name": text.name, "language": text.language, "version": text.version, "date": text.date.isoformat()}
    return known | {"draft": text.draft, "sha256": text.hash}
