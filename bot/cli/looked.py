"""What a command prints about somebody is a look like any other: on record, as the operator's, before it is shown.

Which command shows whose data stands here alone. Typer knows what was called and with what; whoever opens the service
puts it down (bot.cli.opening), so that no command has to think of it.
"""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from functools import wraps
from inspect import signature
from typing import Any

import typer
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.people import Role, owner_key, servicer_key
from main import Service
from storage.looks import COMMAND, OPERATOR, Look, note_looks
from storage.tables import cases, works

# By command: which of its arguments names the house, the work or the person whose data it prints.
SHOWS: Mapping[str, str] = {
    "show house": "house_id",
    "show standing": "house_id",
    "show work": "work_id",
    "show servicer": "servicer_id",
    "record": "house_id",
    "export": "person",
    "handover": "house",  # the papers that go to another company
    "provider ask": "house_id",  # the letter has the owner's name
}
_called: ContextVar[tuple[str, str] | None] = ContextVar("called", default=None)


def watched(app: typer.Typer, path: tuple[str, ...] = ()) -> None:
    """From now on the service knows by which of these commands it is opened."""
    for command in app.registered_commands:
        if command.callback is not None:
            command.callback = _watched(command.callback, (*path, command.name or command.callback.__name__))
    for group in app.registered_groups:
        if group.typer_instance is not None:
            watched(group.typer_instance, (*path, str(group.name)))
    if app.registered_callback is not None and app.registered_callback.callback is not None and path:
        app.registered_callback.callback = _watched(app.registered_callback.callback, path)


def _watched(callback: Callable[..., Any], path: tuple[str, ...]) -> Callable[..., Any]:
    name = " ".join(path)
    if name not in SHOWS:
        return callback
    assert SHOWS[name] in signature(callback).parameters, name

    @wraps(callback)
    def called(*args: Any, **given: Any) -> Any:
        token = _called.set((name, str(given.get(SHOWS[name]) or "")))
        try:
            return callback(*args, **given)
        finally:
            _called.reset(token)

    return called


async def note_called(service: Service) -> None:
    """Puts the look of this command on record, if it is one; a command of which nobody is shown is none."""
    name, subject = _called.get() or ("", "")
    if not subject:
        return
    async with service.store.write() as connection:
        house_id, seen = await _subject(connection, SHOWS[name], subject)
        look = Look(OPERATOR, 0, f"engawa {name}", COMMAND, house_id, seen)
        await note_looks(connection, [look], service.clock.now())


async def _subject(connection: AsyncConnection, kind: str, said: str) -> tuple[str, str]:
    """The house, or the person, as it was written where there is none: that somebody tried is a look too."""
    if kind == "person":
        return "", said if said.startswith(f"{Role.OWNER}:") else owner_key(said)
    if kind == "servicer_id":
        return "", servicer_key(said)
    if kind == "work_id":
        case = select(works.c.case_id).where(works.c.id == said).scalar_subquery()
        query = select(cases.c.house_id).where((cases.c.id == case) | (cases.c.id == said))
        return (await connection.execute(query)).scalar() or said, ""
    return said, ""
