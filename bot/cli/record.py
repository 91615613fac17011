"""`engawa record`: everything that is on record about one house, on paper and as a file that needs no program."""

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.layout import show
from bot.cli.opening import with_service
from bot.config import SettingsError
from bot.core.book.section import Book
from bot.core.book.whole import book
from bot.core.days import civil
from main import Service
from storage.book import book_sources
from templates.book.file import book_json
from templates.book.paper import book_pdf
from templates.book.spoken import Spoken
from templates.catalogue import LANGUAGES

STDOUT = "-"
Pdf = Annotated[str, typer.Option("--pdf", help="a PDF for printing on A4; - is the standard output")]
AsJson = Annotated[str, typer.Option("--json", help="JSON as docs/record.md says; - is the standard output")]
At = Annotated[str, typer.Option("--at", help="as it stood at the end of that day, such as 2027-04-01")]
Language = Annotated[str, typer.Option("--language", help="of the PDF and of the terminal: ja or en")]


def command(house_id: str, pdf: Pdf = "", as_json: AsJson = "", at: At = "", language: Language = "ja") -> None:
    """The record of a house, in the order of the law's list. Without --pdf and --json it is shown here."""
    if language not in LANGUAGES:
        raise SettingsError(f"--language must be {' or '.join(LANGUAGES)}")
    on = _day(at)
    found, spoken = with_service(lambda service: _book(service, house_id, on))
    if pdf:
        _write(pdf, book_pdf(found, spoken[language]))
    if as_json:
        _write(as_json, book_json(found, spoken).encode())
    if not pdf and not as_json:
        show(_shown(found, spoken[language]))


async def _book(service: Service, house_id: str, on: date | None) -> tuple[Book, dict[str, Spoken]]:
    """Raises SettingsError for a house that is not there, or was not by then."""
    async with service.store.read() as connection:
        sources = await book_sources(connection, house_id)
    if sources is None:
        raise SettingsError(f"no house {house_id}")
    spoken = {tongue: Spoken(tongue, service.catalogue.words[tongue]) for tongue in LANGUAGES}
    try:
        return book(sources, civil(service.clock.now()), on), spoken
    except ValueError:
        raise SettingsError(f"{house_id} was taken in on {sources.house['taken_in_on']}: nothing before") from None


def _day(at: str) -> date | None:
    try:
        return date.fromisoformat(at) if at else None
    except ValueError:
        raise SettingsError("--at must be a date such as 2027-04-01") from None


def _write(where: str, data: bytes) -> None:
    """Raises SettingsError where it cannot be written."""
    if where == STDOUT:
        sys.stdout.buffer.write(data)
        return
    try:
        Path(where).write_bytes(data)
    except OSError as error:
        raise SettingsError(f"{where} cannot be written: {error.strerror}") from error
    typer.echo(where)


def _shown(found: Book, spoken: Spoken) -> dict[str, object]:
    """For a terminal: every section by its name, and every column."""
    lists = {
        spoken.title(section): [
            {spoken.column(section, name): spoken.value(found, row[name]) for name in section.columns}
            for row in section.rows
        ]
        for section in found.sections
    }
    return {spoken.said["title"]: found.house_id, **lists}
