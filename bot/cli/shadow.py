"""`engawa shadow`: a run in which everything is decided and shown and nothing leaves, what it shows, and its end."""

from typing import Annotated, Any

import typer
from sqlalchemy import Row

from bot.cli.instant import in_japan
from bot.cli.layout import show
from bot.cli.opening import print_json, with_service
from bot.config import SettingsError
from bot.core.people import STAFF_DESK, staff_key
from main import Service
from scheduler.shadow import end as end_run
from storage.exclusive import BusyError, alone
from storage.people import load_people
from storage.shadow import shadow_since, shown_messages

End = Annotated[bool, typer.Option("--end", help="from now on messages leave; what was only shown is never sent")]
By = Annotated[str, typer.Option("--by", metavar="ID", help="with --end: who of the staff decides it; the desk if not")]
AsJson = Annotated[bool, typer.Option("--json", help="answer as one line of JSON")]
STILL = "ENGAWA_SHADOW is still set: take it away first, or the next start begins another run"


def command(end: End = False, by: By = "", as_json: AsJson = False) -> None:
    """Whether this is a shadow run, and what would have been sent to whom, the newest first. With --end it is over."""
    try:
        answer = with_service(lambda service: _end(service, by) if end else _state(service))
    except BusyError:
        typer.echo("engawa: the service or another run is at work on this database", err=True)
        raise typer.Exit(5) from None
    if as_json:
        print_json(answer)
    elif not answer["shadow"] and "messages" not in answer:
        typer.echo("no shadow run: what is due is sent")
    else:
        show(answer)


async def _state(service: Service) -> dict[str, Any]:
    async with service.store.read() as connection:
        since = await shadow_since(connection)
        rows = await shown_messages(connection)
    told = {"shadow": since is not None, "since": in_japan(since) if since else ""}
    return told | ({"would_have_been_sent": list(map(shown, rows))} if since else {})


async def _end(service: Service, by: str) -> dict[str, Any]:
    """Raises SettingsError while the setting would begin another run, and for somebody who is not of the staff."""
    now, who = service.clock.now(), staff_key(by.removeprefix("staff:")) if by else STAFF_DESK
    async with service.store.read() as connection:
        stands = await shadow_since(connection) is not None
        person = (await load_people(connection, [who])).get(who)
    if service.told_to_shadow:
        raise SettingsError(STILL)
    if person is None or not person.active:
        raise SettingsError(f"--by {by}: nobody of the staff; `engawa staff list` shows who is")
    if not stands:
        return {"shadow": False}
    async with alone(service.database):
        done = await end_run(service.store, who, now)
    counts = {"messages": done.messages, "cases": done.cases} if done else {"messages": 0, "cases": 0}
    return {"shadow": False, "ended": in_japan(now)} | counts


def shown(row: Row[Any]) -> dict[str, Any]:
    """One message that would have been sent, by ids alone."""
    houses = sorted({part["house"] for part in row.parts if part["house"]})
    return {
        "to": row.person_id,
        "channel": row.channel,
        "houses": houses,
        "kinds": [part["kind"] for part in row.parts],
        "on": in_japan(row.send_at),
    }
