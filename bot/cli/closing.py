"""`engawa provider close`: a provider of histories that closes, prepared and looked at before it is signed."""

from datetime import date
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bot.cli.answer import refused, tell
from bot.cli.opening import with_service
from bot.core.people import STAFF_DESK, Role
from main import Service
from scheduler.histories import tend_histories
from storage.closings import approve_closing, prepare_closing, take_back_closing
from storage.providers import houses_of_provider, provider_row
from storage.reviews import HandoverError


def command(
    provider_id: Annotated[str, typer.Argument(metavar="ID", help="the provider's id")],
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="prepares it: its last day, as 2027-03-31")] = "",
    approve: Annotated[bool, typer.Option("--approve", help="signs what was prepared, and begins")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="it goes on after all")] = False,
    by: Annotated[str, typer.Option("--by", help="with --approve: a supervisor, such as staff:sato")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="answer as one line of JSON")] = False,
) -> None:
    """It closes: prepared and shown, then approved by name, and its houses' owners are asked for another one.

    Broken off, it goes on when called again; so does the service by itself. Exit status 3 where houses have another
    provider already, when it is taken back.
    """
    if [bool(on), approve, undo].count(True) != 1 or approve != bool(by):
        raise typer.BadParameter("give --on DATE to prepare it, --approve with --by, or --undo")
    person = by if by.startswith(f"{Role.STAFF}:") else f"{Role.STAFF}:{by}"
    try:
        if on:
            day = day_of(on)
            answer = with_service(lambda service: _prepared(service, provider_id, day))
        elif approve:
            answer = with_service(lambda service: _approved(service, provider_id, person))
        else:
            answer = with_service(lambda service: _taken_back(service, provider_id))
    except HandoverError as error:
        raise refused(error) from error
    tell(answer, as_json=as_json)
    if answer.get("have_another"):
        raise typer.Exit(3)


def day_of(text: str) -> date:
    """A day as it is given to a command; ends it with one plain line for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refused(f"{text} is no date; write it as 2027-03-31") from None


async def _prepared(service: Service, provider_id: str, on: date) -> dict[str, Any]:
    await prepare_closing(service.store, provider_id, on, service.clock.now())
    return await _closing(service, provider_id)


async def _approved(service: Service, provider_id: str, by: str) -> dict[str, Any]:
    await approve_closing(service.store, provider_id, by, service.clock.now())
    await _tended(service, "asking the owners")
    return await _closing(service, provider_id)


async def _taken_back(service: Service, provider_id: str) -> dict[str, Any]:
    have_another = await take_back_closing(service.store, provider_id, STAFF_DESK, service.clock.now())
    await _tended(service, "telling the owners")
    return await _closing(service, provider_id) | {"have_another": have_another}


async def _tended(service: Service, what: str) -> None:
    look = (SpinnerColumn(), TextColumn(what), TimeElapsedColumn())
    with Progress(*look, console=Console(stderr=True), transient=True) as progress:
        progress.add_task("", total=None)
        await tend_histories(service.store, service.clock.now())


async def _closing(service: Service, provider_id: str) -> dict[str, Any]:
    """How far it is, and its houses."""
    async with service.store.read() as connection:
        row, found = await provider_row(connection, provider_id), await houses_of_provider(connection, provider_id)
    assert row is not None
    state = "approved" if row["closed_on"] else "prepared" if row["closing_on"] else "open"
    closes_on = row["closed_on"] or row["closing_on"]
    return {"provider": provider_id, "state": state, "closes_on": closes_on, "houses": found}
