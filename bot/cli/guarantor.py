"""`engawa guarantor`: what its core system is told again, and its list of guarantees against ours."""

import csv
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bot.cli.layout import show
from bot.cli.opening import print_json, with_service
from bot.config import SettingsError
from main import Service
from scheduler.reconcile import listing_of, reconcile
from storage.guarantees import unmatched
from storage.guarantor import is_linked, tell_again
from storage.reconciled import COLUMNS, Count, gaps_after

app = typer.Typer(no_args_is_help=True, help="the guarantor's core system: what it is told, and its list against ours")
AsJson = Annotated[bool, typer.Option("--json", help="answer as one line of JSON")]
Since = Annotated[str, typer.Option("--since", metavar="DAY", help="the first day of the span, as 2027-03-01")]
To = Annotated[Path, typer.Option("--to", metavar="FILE", help="a CSV file: what only one of us has")]


@app.command("replay")
def replay(since: Since, as_json: AsJson = False) -> None:
    """Tells all changes since that day once more, with the same ids under new keys; the service sends them."""
    day = _day(since)
    count = with_service(lambda service: _replay(service, day))
    if as_json:
        print_json({"since": day, "told_again": count})
    else:
        typer.echo(f"{count} changes since {day} go out again")


@app.command("reconcile")
def compare(to: To, as_json: AsJson = False) -> None:
    """Holds their list against ours, and writes what only one of us has."""
    try:
        found = with_service(lambda service: _compare(service, to))
    except OSError as error:
        raise SettingsError(str(error)) from error
    told = {"only_with_us": found.ours, "only_with_them": found.theirs, "of_no_house": found.unmatched}
    if as_json:
        print_json(told | {"file": str(to)})
    else:
        typer.echo(
            f"{to}: {found.ours} only with us, {found.theirs} only with them; {found.unmatched} told of no house"
        )


@app.command("list")
def lost(as_json: AsJson = False) -> None:
    """What they told of guarantees for which no house of ours is known, the oldest first."""
    found = with_service(_lost)
    if as_json:
        print_json({"told": found})
    else:
        show({"told": found})


async def _replay(service: Service, since: date) -> int:
    pins, count, after = service.store.pins, 0, ""
    async with service.store.read() as connection:
        if not await is_linked(connection):
            raise SettingsError("ENGAWA_GUARANTOR_URL is not set: there is nobody to be told")
    with Progress(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), transient=True) as progress:
        task = progress.add_task("houses")
        while True:
            async with service.store.write() as connection:
                told, after = await tell_again(connection, pins, (since, after), service.clock.now())
            count += told
            if not after:
                return count
            progress.update(task, description=f"up to {after}")


async def _compare(service: Service, to: Path) -> Count:
    listing = listing_of(service.post)
    if listing is None:
        raise SettingsError("ENGAWA_GUARANTOR_URL is not set: there is no list to compare with")
    count = await reconcile(service.store, listing, service.clock.now())
    after = ""
    with to.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        while True:
            async with service.store.read() as connection:
                page = await gaps_after(connection, after)
            if not page:
                return count
            writer.writerows((gap.guarantee_no, gap.only_with, gap.house_id, gap.since_on) for gap in page)
            after = page[-1].guarantee_no


async def _lost(service: Service) -> list[dict[str, Any]]:
    async with service.store.read() as connection:
        found = await unmatched(connection)
    names = ("id", "kind", "guarantee_no", "on", "common_id", "certificate_no")
    return [{name: getattr(one.told, name) for name in names} | {"told_on": one.told_on} for one in found]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SettingsError("--since must be a day such as 2027-03-01") from None
