"""`engawa event`: earthquakes and storms, and what the owners say afterwards."""

import csv
import sys
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track

from bot.cli.instant import given_instant
from bot.cli.layout import show as lay_out
from bot.cli.opening import print_json, with_service
from bot.config import SettingsError
from bot.core.event import Bulletin, Event, State, local
from bot.core.people import STAFF_DESK
from bot.intake.bulletin import LARGEST, BulletinError, read_bulletin
from bot.intake.event_told import WHAT, Told, ToldError, bulletin_of
from handlers.events import begins_at, decision
from main import Service
from storage.bulletins import take_bulletin
from storage.commit import commit
from storage.event_list import Line, lines_of
from storage.events import Count, count_concerned, counts_of, event_of, latest_events, load_event

app = typer.Typer(no_args_is_help=True, help="earthquakes and storms, and how the houses are afterwards")
REFUSED = 4  # exit status when a file was no bulletin or an event cannot be, as of a file refused by `engawa import`
STDIN = Path("-")
PAGE = 500
ASKED = ("outside", "inside", "sticker")
OF_A_HOUSE = [one.name for one in fields(Line) if one.name not in ("event_id", "answers")]
HEADING = [*OF_A_HOUSE, *ASKED]

EventId = Annotated[str, typer.Argument(help="as `engawa event list` shows it", metavar="EVENT")]
HazardName = Annotated[str, typer.Option("--hazard", help=WHAT)]
Intensity = Annotated[str, typer.Option("--intensity", help="震度 such as 6弱, for places that name none of their own")]
Wind = Annotated[int, typer.Option("--wind", help="the strongest gust in m/s, for places that name none of their own")]
Where = Annotated[
    list[str],
    typer.Option("--municipalities", help="codes of five to seven digits, or a CSV file of them: code[,level]"),
]
At = Annotated[str, typer.Option("--at", help="when it happened, or was over")]
Name = Annotated[str, typer.Option("--id", help="of an event that is known: this corrects it")]
Files = Annotated[
    list[Path], typer.Argument(help="VXSE53 as XML; a folder of them; - for the standard input", metavar="FILE…")
]
AsJson = Annotated[bool, typer.Option("--json", help="answer as one line of JSON")]


@app.command("add")
def add(
    hazard: HazardName,
    municipalities: Where,
    at: At,
    intensity: Intensity = "",
    wind: Wind = 0,
    event_id: Name = "",
    as_json: AsJson = False,
) -> None:
    """Enters an event by hand. It only proposes: nobody is asked before `engawa event release`."""
    happened = given_instant(at, "--at")
    if happened is None:
        raise SettingsError("--at says when it was")
    places = [pair for text in municipalities for pair in _named(text)]
    told = Told(hazard, happened, places, intensity or (str(wind) if wind else ""), event_id)
    checked = _by_hand(told, happened)

    async def work(service: Service) -> dict[str, Any]:
        now = service.clock.now()
        return await _take(service, replace(checked, told_at=now), now)

    answer = with_service(work)
    _answer(answer, as_json)
    raise typer.Exit(REFUSED if "refused" in answer else 0)


@app.command("import")
def import_(files: Files, as_json: AsJson = False) -> None:
    """Takes in bulletins of the meteorological agency (VXSE53), corrections and cancellations too, in any order."""
    paths = [path for given in files for path in _xml_in(given)]

    bulletins = {str(path): _read(path) for path in paths}

    async def work(service: Service) -> list[dict[str, Any]]:
        steps = track(bulletins.items(), console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())
        return [{"file": name, **await _import(service, read)} for name, read in steps]

    answers = with_service(work)
    for answer in answers:
        _answer(answer, as_json)
    raise typer.Exit(REFUSED if any("refused" in answer for answer in answers) else 0)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """The latest events, newest first."""

    async def work(service: Service) -> dict[str, Any]:
        async with service.store.read() as connection:
            return {"events": [_told(event_of(row)) for row in await latest_events(connection)]}

    _answer(with_service(work), as_json)


@app.command("show")
def show(
    event_id: EventId,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="every house, the most urgent first, as CSV")] = False,
) -> None:
    """One event: what was told, how many houses it is about, and how they are, the most urgent first."""
    if as_csv:
        writer = csv.writer(sys.stdout)
        writer.writerows(with_service(lambda service: _table(service, event_id)))
        return
    _answer(with_service(lambda service: _show(service, event_id)), as_json)


@app.command("release")
def release(event_id: EventId, as_json: AsJson = False) -> None:
    """Lets owners be asked, on the next morning or at once where that is past, as the event stands now."""
    _answer(with_service(lambda service: _decide(service, event_id, State.RELEASED)), as_json)


@app.command("cancel")
def cancel(event_id: EventId, as_json: AsJson = False) -> None:
    """There was no such event: nobody else is asked, and those who were asked are told."""
    _answer(with_service(lambda service: _decide(service, event_id, State.CANCELLED)), as_json)


def _by_hand(told: Told, at: datetime) -> Bulletin:
    """Raises SettingsError for what is no event."""
    try:
        return bulletin_of(told, at, "hand")
    except ToldError as error:
        raise SettingsError(f"--{error}") from None


def _named(text: str) -> Iterator[tuple[str, str]]:
    """Codes with their own level, from a file or as they stand."""
    if text[:1].isdigit():
        yield from ((code.strip(), "") for code in text.split(","))
        return
    try:
        rows = list(csv.reader(Path(text).read_text("utf-8-sig").splitlines()))
    except (OSError, UnicodeError) as error:
        raise SettingsError(f"--municipalities: {text} cannot be read") from error
    for row in rows:
        cells = [*(cell.strip() for cell in row), "", ""]
        if cells[0][:1].isdigit():  # not the heading
            yield cells[0], cells[1]


def _xml_in(path: Path) -> list[Path]:
    return sorted(path.glob("*.xml")) if path.is_dir() else [path]


def _read(path: Path) -> Bulletin | str:
    """The bulletin in a file, or why there is none."""
    try:
        raw = sys.stdin.buffer.read(LARGEST + 1) if path == STDIN else path.read_bytes()
        return read_bulletin(raw)
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
    except BulletinError as error:
        return str(error)


async def _import(service: Service, read: Bulletin | str) -> dict[str, Any]:
    return {"refused": read} if isinstance(read, str) else await _take(service, read, service.clock.now())


async def _take(service: Service, bulletin: Bulletin, now: datetime) -> dict[str, Any]:
    async with service.store.write() as connection:
        try:
            event = await take_bulletin(connection, service.store.pins, bulletin, now)
        except ValueError as error:
            return {"refused": str(error)}
        new = event is not None
        event = event or await load_event(connection, bulletin.event)
        assert event is not None
        count = await count_concerned(connection, event, event.bulletin.areas)
    return _told(event) | {"new": new} | _houses(count)


def _told(event: Event) -> dict[str, Any]:
    return {
        "event": event.id,
        "hazard": event.bulletin.hazard,
        "at": local(event.at),
        "state": event.state,
        "undecided": event.undecided,
        "version": event.version,
        "municipalities": len(event.bulletin.areas),
        "asked_on": event.ask_on,
    }


def _houses(count: Count) -> dict[str, Any]:
    asked = {"houses": count.asked, "without_mandate": count.unmandated}
    return asked | {"without_municipality_code": count.unplaced}


async def _show(service: Service, event_id: str) -> dict[str, Any]:
    """Raises SettingsError for an event that nobody knows."""
    event = await _known(service, event_id)
    async with service.store.read() as connection:
        count = await count_concerned(connection, event, event.bulletin.areas)
        counts, lines = await counts_of(connection, event_id), await lines_of(connection, event_id)
    areas = [{"municipality": code, "level": level} for code, level in sorted(event.bulletin.areas.items())]
    return _told(event) | _houses(count) | {"found": counts, "list": [_line(line) for line in lines], "areas": areas}


def _line(line: Line) -> dict[str, Any]:
    return {name: getattr(line, name) for name in OF_A_HOUSE} | {name: line.answers.get(name, "") for name in ASKED}


async def _table(service: Service, event_id: str) -> list[list[Any]]:
    await _known(service, event_id)
    rows: list[list[Any]] = []
    async with service.store.read() as connection:
        while lines := await lines_of(connection, event_id, len(rows), PAGE):
            rows += [list(_line(line).values()) for line in lines]
    return [HEADING, *rows]


async def _known(service: Service, event_id: str) -> Event:
    async with service.store.read() as connection:
        event = await load_event(connection, event_id)
    if event is None:
        raise SettingsError(f"no event {event_id}")
    return event


async def _decide(service: Service, event_id: str, state: State) -> dict[str, Any]:
    """Whoever may run this command speaks for the desk. Raises SettingsError where nothing is to be decided."""
    now = service.clock.now()
    async with service.store.write() as connection:
        event = await load_event(connection, event_id, lock=True)
        if event is None:
            raise SettingsError(f"no event {event_id}")
        decided = decision(event, state, STAFF_DESK)
        if decided is None:
            raise SettingsError(f"{event_id} is {event.state}: nothing is to be decided")
        await commit(connection, service.store.pins, [decided], now)
    begins = {"asked_from": local(begins_at(event, now))} if state is State.RELEASED else {}
    return _told(await _known(service, event_id)) | begins


def _answer(answer: dict[str, Any], as_json: bool) -> None:
    print_json(answer) if as_json else lay_out(answer)
