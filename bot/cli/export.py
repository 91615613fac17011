"""`engawa export`: all of one owner's data, in one file, for them."""

import os
import tempfile
from pathlib import Path
from typing import IO, Annotated

import typer

from bot.cli.opening import with_service
from bot.core.people import STAFF_DESK, Role, owner_key
from handlers.web.archive import Archive
from main import Service

Who = Annotated[str, typer.Argument(help="the owner, as O1 or owner:O1", metavar="PERSON")]
To = Annotated[Path, typer.Option("--to", help="the ZIP to be written; it must not be there yet")]


def command(person: Who, to: To) -> None:
    """Writes everything that is kept about an owner, and notes it in the record. Exit status 1 for nobody known."""
    person_id = person if person.startswith(f"{Role.OWNER}:") else owner_key(person)
    if to.exists() or not to.absolute().parent.is_dir():
        typer.echo(f"engawa: {to} is there already, or its folder is not", err=True)
        raise typer.Exit(1)
    if not _written(person_id, to):
        typer.echo(f"engawa: no owner {person}", err=True)
        raise typer.Exit(1)
    typer.echo(f"{to}: everything about {person_id}; that it was given out is on record")


def _written(person_id: str, to: Path) -> bool:
    """Readable by us only, and under its name only when it is whole; False for nobody known."""
    with tempfile.NamedTemporaryFile(dir=to.absolute().parent, suffix=".part", delete=False) as draft:
        try:
            known = with_service(lambda service: _write(service, person_id, draft))
            draft.flush()
            os.fsync(draft.fileno())
            if known:
                Path(draft.name).replace(to)
        finally:
            Path(draft.name).unlink(missing_ok=True)
    return known


async def _write(service: Service, person_id: str, into: IO[bytes]) -> bool:
    archive = Archive(service.store, service.inbox.files, service.post.renderer)
    return await archive.write(person_id, STAFF_DESK, service.clock.now(), into)
