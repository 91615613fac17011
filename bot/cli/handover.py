"""`engawa handover`: the papers of one house, and all houses of a company that closes."""

import os
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.cli.answer import refused, tell
from bot.cli.instant import in_japan
from bot.cli.opening import with_service
from bot.config import SettingsError
from bot.core.handover import REASONS
from bot.core.people import STAFF_DESK, Role
from handlers.web.delivery import Delivery, NotGivenError, zipped
from main import Service, office
from scheduler.handover import Closing, carry_on, prepare
from scheduler.taking_back import undo, undo_house
from storage import handovers
from storage.people import load_people
from storage.reviews import HandoverError, approve
from templates.book.spoken import Spoken, pack_words

app = typer.Typer(invoke_without_command=True, help="The papers of one house, and all houses of a company that closes.")
PAGE, SHOWN = 500, 50
House = Annotated[str, typer.Option("--house", help="the papers of this house, for the company that it has now")]
To = Annotated[Path | None, typer.Option("--to", help="with --house: a folder, or a file that ends in .zip; new")]
Servicer = Annotated[str, typer.Option("--servicer", help="prepares the handover of all houses of this company")]
Reason = Annotated[str, typer.Option("--reason", help="with --servicer: closed")]
AsJson = Annotated[bool, typer.Option("--json", help="answer as one line of JSON")]
Batch = Annotated[str, typer.Argument(help="the handover's number", metavar="BATCH")]
By = Annotated[str, typer.Option("--by", help="a named person of the staff, such as staff:sato")]
OneHouse = Annotated[str, typer.Option("--house", help="this house alone")]
Step = Callable[[Service, Callable[[int], None]], Awaitable[Any]]


@app.callback()
def command(
    context: typer.Context,
    house: House = "",
    to: To = None,
    servicer: Servicer = "",
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    if context.invoked_subcommand:
        return
    if house and to and not servicer:
        _write(house, to)
    elif servicer and reason and reason not in REASONS:
        raise SettingsError(f"--reason {reason}: what there is is {', '.join(REASONS)}")
    elif servicer and reason and not house:
        closing = Closing(servicer, reason)
        step: Step = lambda service, more: prepare(service.store, closing, service.clock.now(), more)  # noqa: E731
        _answer(_stepwise("preparing", step), as_json)
    else:
        raise typer.BadParameter("give --house with --to, or --servicer with --reason closed")


@app.command("list")
def list_all(as_json: AsJson = False) -> None:
    """All handovers with their numbers, the newest first."""
    found = with_service(_listed)
    tell({"handovers": found}, *([] if found else ["there is no handover"]), as_json=as_json)


@app.command("show")
def show(batch: Batch, as_json: AsJson = False) -> None:
    """How far a handover is, who is asked for how many houses, and where each house stands."""
    _answer(_number(batch), as_json)


@app.command("approve")
def approved(batch: Batch, by: By, as_json: AsJson = False) -> None:
    """Approves it, and begins: the company's access ends, and other companies are asked, some houses a day each.

    Killed and called again it goes on; so does the service by itself.
    """
    number = _number(batch)
    person = by if by.startswith(f"{Role.STAFF}:") else f"{Role.STAFF}:{by}"

    async def work(service: Service, more: Callable[[int], None]) -> None:
        await approve(service.store, number, person, service.clock.now())
        await carry_on(service.store, service.clock.now(), more)

    _stepwise("asking", work)
    _answer(number, as_json)


@app.command("resume")
def resume(batch: Batch, as_json: AsJson = False) -> None:
    """Goes on with an approved handover where it was broken off."""
    number = _number(batch)
    _stepwise("asking", lambda service, more: carry_on(service.store, service.clock.now(), more))
    _answer(number, as_json)


@app.command("undo")
def taken_back(batch: Batch, house: OneHouse = "", as_json: AsJson = False) -> None:
    """Takes back what no company has accepted yet. Exit status 3 where it was too late for some houses."""

    number = _number(batch)

    async def work(service: Service, more: Callable[[int], None]) -> list[str]:
        now = service.clock.now()
        return await (
            undo_house(service.store, number, house, now) if house else undo(service.store, number, now, more)
        )

    late = _stepwise("taking back", work)
    lines = [f"handover {number}: taken back{' for ' + house if house else ''}"]
    lines += [f"  too late for {each}: a company has accepted it, or has it" for each in late]
    tell({"handover": number, "too_late": late}, *lines, as_json=as_json)
    if late:
        raise typer.Exit(3)


def _stepwise(what: str, step: Step) -> Any:
    """Runs it with a count on the terminal. Exit status 1 for what cannot be."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=None)
        try:
            return with_service(lambda service: step(service, lambda more: progress.advance(task, more)))
        except HandoverError as error:
            raise refused(error) from error


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise SettingsError(f"{text} is no number of a handover; `engawa handover list` shows them")
    return int(text)


def _answer(batch: int, as_json: bool) -> None:
    try:
        found = with_service(lambda service: _standing(service, batch, SHOWN if not as_json else 0))
    except HandoverError as error:
        raise refused(error) from error
    tell(found, as_json=as_json)


async def _listed(service: Service) -> list[dict[str, Any]]:
    async with service.store.read() as connection:
        return [{"handover": row.id, **_told(row)} for row in await handovers.all_handovers(connection)]


def _told(row: Any) -> dict[str, Any]:
    """What stands in the row, with its times as they are in Japan."""
    told = {name: row._mapping[name] for name in ("servicer_id", "reason", "state", "approved_by")}
    times = {name: row._mapping[name] for name in ("prepared_at", "approved_at")}
    return told | {name: at and in_japan(at) for name, at in times.items()}


async def _standing(service: Service, batch: int, most: int) -> dict[str, Any]:
    """The handover with its counts, its companies, and its houses (``most`` of them; 0 for all)."""
    async with service.store.read() as connection:
        row = await handovers.handover(connection, batch)
        if row is None:
            raise HandoverError(f"no handover {batch}")
        shared = await handovers.companies(connection, batch)
        people = await load_people(connection, {company for company, _ in shared if company})
        houses: list[dict[str, Any]] = []
        while page := await handovers.rows_of(connection, batch, houses[-1]["house"] if houses else "", most or PAGE):
            houses += [_house(each, row.servicer_id) for each in page]
            if most:
                break
        return {
            "handover": batch,
            **_told(row),
            "counts": await handovers.counts(connection, batch),
            "companies": [
                {"company": company, "name": people[company].name if company in people else "", "houses": count}
                for company, count in shared
            ],
            "houses": houses,
        }


def _house(row: Any, servicer_id: str) -> dict[str, Any]:
    """Where a house stands: what was decided, and what became of it since."""
    return {
        "house": row.house_id,
        "state": handovers.MOVED if row.servicer_id != servicer_id else row.state,
        "first": row.candidate_id,
        "reasons": " ".join(row.reasons),
        "target": row.target_on.isoformat(),
        "asked_now": row.asked_now or "",
        "case": row.case_id,
        "holder": row.holder or "",
    }


def _write(house: str, to: Path) -> None:
    """A folder or a ZIP, under its name only when it is whole."""
    if to.exists() or not to.absolute().parent.is_dir():
        typer.echo(f"engawa: {to} is there already, or its folder is not", err=True)
        raise typer.Exit(1)
    try:
        files = with_service(lambda service: _packed(service, house, to))
    except NotGivenError as error:
        raise refused(error) from error
    typer.echo(f"{to}: {len(files)} files; that they were given out is on record")


async def _packed(service: Service, house: str, to: Path) -> dict[str, bytes]:
    words, now = service.catalogue.words, service.clock.now()
    spoken = {language: Spoken(language, words[language], pack_words(language)) for language in words}
    delivery = Delivery(service.store, office(service.settings), spoken, service.post.renderer)
    files = await delivery.give(house, STAFF_DESK, now)
    _put(to, {to.name: zipped(files, now)} if to.suffix == ".zip" else files)
    return files


def _put(to: Path, files: dict[str, bytes]) -> None:
    """Readable by us only: it holds a name and a telephone number."""
    folder = Path(tempfile.mkdtemp(dir=to.absolute().parent, prefix=f".{to.name}."))
    for name, data in files.items():
        with os.fdopen(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
    if to.suffix == ".zip":
        (folder / to.name).replace(to)
        folder.rmdir()
    else:
        folder.replace(to)
