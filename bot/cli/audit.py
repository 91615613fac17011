"""`engawa audit`: is the record unbroken, and is no obligation without a holder?"""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.opening import print_json, with_service
from bot.config import SettingsError
from main import Service
from storage.audit import Finding, as_of_one_moment, audit
from storage.audits import note_whole
from storage.places import PlaceUrlError, open_place
from storage.sealed import against_seals

SEALS = "another place with the daily seals, such as a copy kept elsewhere: a folder, or an address that fsspec knows"
Seals = Annotated[str, typer.Option("--seals", help=SEALS)]
AsJson = Annotated[bool, typer.Option("--json", help="answer as one line of JSON")]


def command(as_json: AsJson = False, seals: Seals = "") -> None:
    """Checks the record's chain, the daily seals and the one promise. Exit status 0 when all is well, 1 when not."""
    findings = with_service(lambda service: audited(service, seals))
    if as_json:
        print_json({"clean": not findings, "findings": [_row(finding) for finding in findings]})
    else:
        for finding in findings:
            typer.echo(f"{finding.kind}: {finding.where} {finding.detail}".rstrip())
        typer.echo("all is well" if not findings else f"{len(findings)} findings")
    raise typer.Exit(1 if findings else 0)


def _row(finding: Finding) -> dict[str, str]:
    return {"kind": finding.kind, "where": finding.where, "detail": finding.detail}


async def audited(service: Service, seals: str) -> list[Finding]:
    """What it finds is kept as the daily run's is. Raises SettingsError where the seals cannot be read."""
    seal, now = service.store.pins.seal, service.clock.now()
    try:
        place = open_place(seals, Path(seals)) if seals else service.post.seals
        async with service.store.read() as connection:
            await as_of_one_moment(connection)
            found = [finding async for finding in audit(connection, seal, now)]
            if place is not None:
                found += [finding async for finding in against_seals(connection, seal, place, now)]
        async with service.store.write() as connection:
            await note_whole(connection, found, now)
        return found
    except (PlaceUrlError, OSError) as error:
        raise SettingsError(f"the seals cannot be read: {error}") from error
