"""`engawa import`: takes in houses, plans, records, servicers and contacts."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cli.copies import write_copies
from bot.cli.opening import rehearse_with_service, with_service
from bot.cli.workbook_words import Language, words_in
from bot.core.days import civil
from bot.core.outcome import Mode, Outcome, Say
from bot.core.people import STAFF_DESK, servicer_key
from bot.intake.cells import cleaned
from bot.intake.known import Ask, Contacts, Known, KnownHouse, KnownPlan
from bot.intake.report import FileReport, exit_status
from bot.intake.rows import PlanRow, RecordRow, Row
from bot.intake.take_in import Batch, take_in
from main import Service
from storage.commit import commit
from storage.guarantor import tell_guarantor
from storage.intake import known as stored
from storage.intake.batch import Arrival
from storage.intake.houses import take_houses
from storage.intake.plans import take_plans, take_records
from storage.intake.servicers import take_servicers
from storage.store import rehearse

TAKE = {"servicers": take_servicers, "houses": take_houses, "plan": take_plans, "records": take_records}
Files = Annotated[list[Path], typer.Argument(help="CSV, XLSX or JSON", metavar="FILE…")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="check only; nothing is stored")]
AsJson = Annotated[bool, typer.Option("--json", help="one line of JSON per file")]
MarkedTo = Annotated[
    Path | None, typer.Option("--marked", help="a folder for copies of the files, as Excel, with the problems marked")
]
MarkedIn = Annotated[Language, typer.Option("--language", help="of the marked copies")]
Watch = Callable[[Batch], None]


def command(
    files: Files,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    marked: MarkedTo = None,
    language: MarkedIn = Language.JA,
) -> None:
    """Takes in files; in any order. Exit status 0, 3 when rows were refused, 4 when a file was."""
    reports = _with_progress(files, dry_run)
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


def _with_progress(files: Sequence[Path], dry_run: bool) -> list[FileReport]:
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

        opened = rehearse_with_service if dry_run else with_service
        return opened(lambda service: _import(service, files, dry_run, watch))


async def _import(service: Service, files: Sequence[Path], dry_run: bool, watch: Watch) -> list[FileReport]:
    if not dry_run:
        return await take_files(service, files, watch)
    async with rehearse(service.database, service.store.pins) as store:
        return await take_files(service.on(store), files, watch, rejected_files=False)


async def take_files(
    service: Service, files: Sequence[Path], watch: Watch = lambda batch: None, *, rejected_files: bool = True
) -> list[FileReport]:
    """Takes files into the service's store, a transaction per batch; a report per file, in their order."""
    now = service.clock.now()
    steps = take_in(files, civil(now), rejected_files)
    reports: list[FileReport] = []
    file, renewed = "", set[str]()
    step = next(steps, None)
    while step is not None:
        answer: Known | None = None
        match step:
            case Ask():
                async with service.store.read() as connection:
                    answer = await _answer(connection, step)
            case Batch():
                if step.file != file:
                    file, renewed = step.file, set()
                await _keep(service, step, renewed)
                watch(step)
            case FileReport():
                reports.append(step)
        try:
            step = steps.send(answer)
        except StopIteration:
            break
    return reports


async def _keep(service: Service, batch: Batch, renewed: set[str]) -> None:
    if not batch.rows:
        return
    now = service.clock.now()
    async with service.store.write() as connection:
        source = Path(batch.file).name or "guide"
        arrival = Arrival(source, now, civil(now), service.store.pins.seal, renewed)
        await TAKE[batch.table](connection, arrival, [_mapping(row) for row in batch.rows])
        deeds, pins = arrival.deeds, service.store.pins
        await arrival.write(connection)
        await tell_guarantor(connection, pins, deeds, now)
        told = [deed.data["servicer"] for _, deed in deeds if deed.kind == "servicer_differs"]
        await commit(connection, pins, [Outcome(says=tuple(map(_note, told)))], now)


def _note(servicer_id: str) -> Say:
    """To the staff: the file has a company in business that one of them has closed."""
    params = {"who": servicer_key(servicer_id), "reason": "closed_in_file", "house": ""}
    return Say(STAFF_DESK, "staff_note", params, Mode.PROMPT)


def _mapping(row: Row) -> dict[str, Any]:
    found = asdict(row)
    return found | {"statutory": row.statutory} if isinstance(row, PlanRow) else found


async def _answer(connection: AsyncConnection, ask: Ask) -> Known:
    """What is stored of what the importer asks about; what it does not ask is not looked up."""
    houses = await stored.house_facts(connection, ask.houses) if ask.houses else {}
    owners = await stored.owners(connection, ask.owners) if ask.owners else {}
    plans = await stored.plans(connection, ask.plans) if ask.plans else {}
    rows = await stored.stored_records(connection, ask.records) if ask.records else []
    return Known(
        servicers=frozenset(await stored.servicer_ids(connection, ask.servicers)) if ask.servicers else frozenset(),
        closed=frozenset(await stored.closed_by_handover(connection, ask.closed)) if ask.closed else frozenset(),
        houses={house_id: KnownHouse(*facts) for house_id, facts in houses.items()},
        common_ids=await _holders(connection, "common_id", ask.common_ids),
        guarantee_nos=await _holders(connection, "guarantee_no", ask.guarantee_nos),
        owners={own: Contacts(**found | {"addresses": tuple(found["addresses"])}) for own, found in owners.items()},
        plans={house_id: KnownPlan(frozenset(codes), guide) for house_id, (codes, guide) in plans.items()},
        records={
            (row.house_id, row.code, row.done_on): RecordRow(
                row.house_id, row.code, row.done_on, row.performer or None, row.result or None, row.note or None
            )
            for row in rows
        },
    )


async def _holders(connection: AsyncConnection, column: str, values: frozenset[str]) -> dict[str, str]:
    return await stored.holders_of(connection, column, values) if values else {}


def _show(report: FileReport) -> None:
    typer.echo(f"{report.file}: {report.verdict.name}, {report.rows_accepted} of {report.rows_total} rows")
    for found in report.problems:
        place = f"row {found.row}" if found.row else "file"
        typer.echo(f"  {place} {_shown(found.field or '')} [{found.severity}] {_shown(found.message)}")


def _shown(text: str) -> str:
    """Text of a stranger's file in one line, with nothing in it that a terminal would obey."""
    return " ".join(cleaned(text).split("\n"))
