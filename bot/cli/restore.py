"""`engawa restore`: after a copy of the database was put back. It observes until people have reconciled it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import typer
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cli.instant import given_instant, in_japan
from bot.cli.layout import show
from bot.cli.opening import OBSERVING, print_json, rehearse_with_service, with_service
from bot.config import SettingsError
from bot.core.people import STAFF_DESK
from bot.core.restored import COMMAND, Restored
from main import Service
from scheduler.restoring import mark_restored, take_stock
from storage.outbox import HELD, PAPER, WAITING
from storage.pending import waiting
from storage.restored import Decision, count_of, decide, held_messages, reconcile, restored
from storage.store import rehearse

OPERATOR = STAFF_DESK  # whoever may run this command speaks for the desk
# By whether it is only shown; the numbers are those of what is listed below it.
RECONCILED = {
    False: "reconciled: {dropped} held messages dropped, {let_go} let go; the service sends again,"
    " first what has come due since ({since})",
    True: "dry run: nothing was dropped, nothing was sent, and the database still observes.\n"
    "Without --dry-run: {dropped} held messages would be dropped, {let_go} let go, and the service would send again,"
    " first what has come due since ({since}).",
}

LostAt = Annotated[
    str, typer.Option("--lost-at", help="when the lost database last worked; otherwise its mark, or now")
]
Reconcile = Annotated[bool, typer.Option("--reconcile", help="shows what would have been said, drops it, sends again")]
Send = Annotated[
    list[int] | None, typer.Option("--send", help="with --reconcile: this held message goes out after all")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="only show it; nothing changes")]
AsJson = Annotated[bool, typer.Option("--json", help="answer as one line of JSON")]


def command(
    lost_at: LostAt = "",
    reconcile: Reconcile = False,
    send: Send = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Marks the database as put back from a copy: it observes and sends nothing. With --reconcile it sends again."""
    instant, ids = given_instant(lost_at, "--lost-at"), tuple(send or ())
    if ids and not reconcile:
        raise typer.BadParameter("only with --reconcile", param_hint="--send")
    opened = rehearse_with_service if dry_run else with_service

    async def work(service: Service) -> dict[str, Any]:
        if not dry_run:
            return await (_reconcile(service, ids) if reconcile else _mark(service, instant))
        async with rehearse(service.database, service.store.pins) as store:
            dry = service.on(store)
            return await (_reconcile(dry, ids) if reconcile else _mark(dry, instant))

    answer = opened(work)
    print_json(answer) if as_json else _show(answer, _said(answer, dry_run) if reconcile else OBSERVING)


async def _mark(service: Service, lost_at: datetime | None) -> dict[str, Any]:
    """Raises SettingsError for a moment to come: what was lost worked before now."""
    now, watch = service.clock.now(), service.watch
    if lost_at is not None and lost_at > now:
        raise SettingsError(f"--lost-at {in_japan(lost_at)} is still to come: give when the lost database last worked")
    mark = await watch.read()
    until = min(lost_at or (mark.at if mark is not None else now), now)
    await mark_restored(watch, Restored(COMMAND, since=now, until=until))
    async with service.store.read() as connection:
        return await _state(connection, now)


async def _reconcile(service: Service, ids: Sequence[int]) -> dict[str, Any]:
    """What is decided here is decided by the list that is shown with it, so both are one transaction."""
    now, seal = service.clock.now(), service.store.pins.seal
    async with service.store.read() as connection:
        state = await restored(connection)
    if state is None:
        return {"observing": False, "held": [], "since": []}
    await take_stock(service.watch, state)
    async with service.store.write() as connection:
        told = await _state(connection, now)
        known = {message["id"] for message in told["held"]}
        if not known.issuperset(ids):
            raise typer.BadParameter(f"not held: {sorted(set(ids) - known)}", param_hint="--send")
        let_go = await decide(connection, seal, Decision(send=True, by=OPERATOR, ids=ids), now) if ids else 0
        dropped = await reconcile(connection, seal, OPERATOR, now)
        return told | {"observing": False, "dropped": dropped, "let_go": let_go}


async def _state(connection: AsyncConnection, now: datetime) -> dict[str, Any]:
    """What the desk has to know to decide."""
    state = await restored(connection)
    if state is None:
        return {"observing": False, "held": [], "since": []}
    count = await count_of(connection, HELD)
    later = [message for message in await waiting(connection, now) if not message["why"].startswith("held")]
    return {
        "observing": True,
        "why": state.why,
        "marked_at": in_japan(state.since),
        "lost_at": in_japan(state.until),
        "not_known_here": {name: list(ids) for name, ids in state.gap.items()},
        "waiting": await count_of(connection, WAITING, PAPER),
        "held": [_message(row) for row in await held_messages(connection, count)],
        "since": later,
    }


def _message(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "to": row.person_id,
        "channel": row.channel,
        "houses": sorted({part["house"] for part in row.parts if part["house"]}),
        "kinds": [part["kind"] for part in row.parts],
        "written": in_japan(row.written_at),
    }


def _said(answer: dict[str, Any], dry_run: bool) -> str:
    """What was done, or what would be and was not."""
    if "why" not in answer:
        return ""
    counts = {name: answer[name] for name in ("dropped", "let_go")}
    return RECONCILED[dry_run].format(**counts, since=len(answer["since"]))


def _show(answer: dict[str, Any], said: str) -> None:
    if "why" not in answer:
        typer.echo("the database is an ordinary one: nothing is to be reconciled")
        return
    typer.echo(said)
    show({name: value for name, value in answer.items() if name not in ("observing", "dropped", "let_go")})
