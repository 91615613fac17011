"""`engawa audit`: is the record unbroken, and is no obligation without a holder?"""

from typing import Annotated

import typer

from bot.cli.opening import print_json, with_service
from main import Service
from storage.audit import Finding, audit

AsJson = Annotated[bool, typer.Option("--json", help="answer as one line of JSON")]


def command(as_json: AsJson = False) -> None:
    """Checks the record's chain and the one promise. Exit status 0 when all is well, 1 when not."""
    findings = with_service(_audit)
    if as_json:
        print_json({"clean": not findings, "findings": [_row(finding) for finding in findings]})
    else:
        for finding in findings:
            typer.echo(f"{finding.kind}: {finding.where} {finding.detail}".rstrip())
        typer.echo("all is well" if not findings else f"{len(findings)} findings")
    raise typer.Exit(1 if findings else 0)


def _row(finding: Finding) -> dict[str, str]:
    return {"kind": finding.kind, "where": finding.where, "detail": finding.detail}


async def _audit(service: Service) -> list[Finding]:
    async with service.store.read() as connection:
        return [finding async for finding in audit(connection, service.store.pins.seal, service.clock.now())]
