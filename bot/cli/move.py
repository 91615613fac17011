"""`engawa move`: from an SQLite file to PostgreSQL, with one command that can be repeated."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from bot.cli.opening import environment, print_json
from bot.config import Settings, SettingsError
from main import read_keys, read_settings
from storage.audit import Finding, Span
from storage.audit.chains import chains, own_chain
from storage.engine import Database, DatabaseUrlError, open_database, reach
from storage.exclusive import BusyError
from storage.migrate import migrate
from storage.moving import Moved, MoveError, Moving, Watch
from storage.record import Seal

BUSY = "engawa: a service or another run is at work on one of the two databases: stop it first"
NEXT = (
    "Next:",
    "- leave ENGAWA_DATABASE_URL as it is now, wherever the service gets its settings",
    "- the key file, the mark file, the files and the seals belong to the new database: leave them, or let every host"
    " have them (docs/deploy.md)",
    "- start the service, and put {file} away: it was not changed, and no service may ever be started on it again",
)

File = Annotated[Path, typer.Argument(metavar="FILE", help="the SQLite file; ENGAWA_DATABASE_URL says where to")]
AsJson = Annotated[bool, typer.Option("--json", help="answer as one line of JSON")]


def command(file: File, as_json: AsJson = False) -> None:
    """Copies FILE into the PostgreSQL of ENGAWA_DATABASE_URL and compares both. Killed, it goes on when repeated."""
    settings = read_settings(environment())
    seal = _seal(settings)
    if not file.is_file():
        raise SettingsError(f"{file} is not there: give the SQLite file that is to be moved")
    try:
        with _progress() as progress:
            moved, findings = asyncio.run(move(file, settings.database_url, seal, Shown(progress)))
    except BusyError:
        typer.echo(BUSY, err=True)
        raise typer.Exit(5) from None
    except MoveError as error:
        typer.echo(f"engawa: {error}", err=True)
        raise typer.Exit(1) from None
    except DatabaseUrlError as error:
        raise SettingsError(str(error)) from error
    if as_json:
        print_json(_answer(moved, findings))
    else:
        _say(moved, findings, file)
    raise typer.Exit(1 if findings else 0)


async def move(file: Path, url: str, seal: Seal, watch: Watch) -> tuple[Moved, list[Finding]]:
    """What was moved, and what is wrong with the record there. Raises as Moving, SettingsError and DatabaseUrlError."""
    async with _opened(f"sqlite:///{file}") as source, _opened(url) as target:
        if target.is_sqlite:
            raise SettingsError("ENGAWA_DATABASE_URL must be the PostgreSQL database to move to")
        await reach(source)
        await reach(target)
        await migrate(target)
        moved = await Moving(source, target, watch)()
        async with target.reader.connect() as connection:
            looks = (own_chain(connection, seal), chains(connection, seal, Span()))
            return moved, [finding for look in looks async for finding in look]


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Database]:
    database = open_database(url)
    try:
        yield database
    finally:
        await database.close()


def _seal(settings: Settings) -> Seal:
    """Only the keys of the source tell whether its record came over whole; none are made here."""
    given = settings.secret_key.get_secret_value() and settings.record_key.get_secret_value()
    if not given and not settings.key_file.exists():
        raise SettingsError(
            f"ENGAWA_KEY_FILE: {settings.key_file} is not there: give the keys of the database to be moved"
        )
    return Seal(read_keys(settings).record)


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
        transient=True,
    )


class Shown:
    """One line, for the table in hand."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID = progress.add_task("", total=None)
        self._about = ("", "")

    def __call__(self, what: str, table: str, more: int, rows: int) -> None:
        if self._about != (what, table):
            self._about = (what, table)
            self._progress.reset(self._task, total=rows, description=f"{what} {table}")
        self._progress.advance(self._task, more)


def _answer(moved: Moved, findings: list[Finding]) -> dict[str, Any]:
    return {
        "moved": True,
        "resumed": moved.resumed,
        "already": moved.already,
        "tables": {name: {"rows": found.rows, "sum": found.hex} for name, found in moved.tables.items()},
        "findings": [{"kind": found.kind, "where": found.where, "detail": found.detail} for found in findings],
    }


def _say(moved: Moved, findings: list[Finding], file: Path) -> None:
    how = (
        " (an earlier run had done it)" if moved.already else " (an earlier run had begun it)" if moved.resumed else ""
    )
    for name, found in moved.tables.items():
        typer.echo(f"{name:<20} {found.rows:>12,}  {found.hex}")
    rows = sum(found.rows for found in moved.tables.values())
    typer.echo(f"moved{how}: {rows:,} rows of {len(moved.tables)} tables, the same on both sides")
    for finding in findings:
        typer.echo(f"{finding.kind}: {finding.where} {finding.detail}".rstrip())
    broken = f"the record's chain has {len(findings)} findings: is the record key that of the old database?"
    typer.echo(broken if findings else "the record's chain is whole")
    for line in NEXT:
        typer.echo(line.format(file=file))
