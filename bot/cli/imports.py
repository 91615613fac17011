"""`engawa import`: takes in houses, plans, records, servicers and contacts."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bot.cli.copies import write_copies
from bot.cli.opening import rehearse_with_service, with_service
from bot.cli.workbook_words import Language, words_in
from bot.core.submitter import OPERATOR, Submitter
from bot.intake.cells import cleaned
from bot.intake.report import FileReport, Problem, exit_status
from bot.intake.take_in import Batch
from handlers.web.intake.taking import Sending, Watch, reports_of
from handlers.web.intake.taking import take_files as handed_in
from main import Service
from storage.store import rehearse
from storage.submitters import submitter_of

Files = Annotated[list[Path], typer.Argument(help="CSV, XLSX or JSON", metavar="FILE…")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="check only; nothing is stored")]
AsJson = Annotated[bool, typer.Option("--json", help="one line of JSON per file")]
MarkedTo = Annotated[
    Path | None, typer.Option("--marked", help="a folder for copies of the files, as Excel, with the problems marked")
]
MarkedIn = Annotated[Language, typer.Option("--language", help="of the marked copies")]
As = Annotated[str, typer.Option("--as", metavar="COMPANY", help="whose files these are; the operators' if not said")]


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose files, and whether they are only checked."""

    submitter: str = ""
    dry_run: bool = False


def command(
    files: Files,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    marked: MarkedTo = None,
    language: MarkedIn = Language.JA,
    submitter: As = "",
) -> None:
    """Takes in files; in any order. Exit status 0, 3 when rows were refused, 4 when a file was."""
    reports = _with_progress(files, Asked(submitter, dry_run))
    for report in reports:
        if as_json:
            sys.stdout.writelines(report.json_pieces())
            sys.stdout.write("\n")
        else:
            _show(report)
    if marked is not None:
        written = write_copies(zip(files, reports, strict=True), marked, words_in(language))
        for told in written:
            typer.echo(told, err=True)
    raise typer.Exit(exit_status(reports))


def _with_progress(files: Sequence[Path], asked: Asked) -> list[FileReport]:
    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
        transient=True,
    ) as progress:
        task = progress.add_task("", total=1.0)

        def watch(batch: Batch) -> None:
            progress.update(task, description=f"{Path(batch.file).name} {batch.table}", completed=batch.progress)

        opened = rehearse_with_service if asked.dry_run else with_service
        return opened(lambda service: _import(service, files, asked, watch))


async def _import(service: Service, files: Sequence[Path], asked: Asked, watch: Watch) -> list[FileReport]:
    who = await _submitter(service, asked.submitter)
    sending = Sending(who=who, rejected_files=not asked.dry_run, watch=watch)
    if not asked.dry_run:
        return await _take(service, files, sending)
    async with rehearse(service.database, service.store.pins) as store:
        return await _take(service.on(store), files, sending)


async def _submitter(service: Service, servicer_id: str) -> Submitter:
    """Whose files these are; exit status 1 for a company that may bring none."""
    if not servicer_id:
        return OPERATOR
    async with service.store.read() as connection:
        found = await submitter_of(connection, servicer_id)
    if found is None:
        typer.echo(f"engawa: {servicer_id} is no submitter now; see `engawa submitter list`", err=True)
        raise typer.Exit(1)
    return found


async def take_files(
    service: Service,
    files: Sequence[Path],
    watch: Watch = lambda batch: None,
    *,
    rejected_files: bool = True,
    who: Submitter = OPERATOR,
) -> list[FileReport]:
    """Takes files, the operators' if not said, into the service's store; a report per file, in their order."""
    return await _take(service, files, Sending(who=who, rejected_files=rejected_files, watch=watch))


async def _take(service: Service, files: Sequence[Path], sending: Sending) -> list[FileReport]:
    return list(reports_of(await handed_in(service.store, files, sending, service.clock.now())))


def _show(report: FileReport) -> None:
    typer.echo(f"{report.file}: {report.verdict.name}, {report.rows_accepted} of {report.rows_total} rows")
    for found in report.problems:
        typer.echo(f"  {line_of(found)}")


def line_of(found: Problem) -> str:
    """A problem in one line: where, how grave, and the sentence that says what is wrong."""
    place = f"row {found.row}" if found.row else "file"
    return f"{place} {_shown(found.field or '')} [{found.severity}] {_shown(found.message)}"


def _shown(text: str) -> str:
    """Text of a stranger's file in one line, with nothing in it that a terminal would obey."""
    return " ".join(cleaned(text).split("\n"))
