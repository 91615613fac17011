"""`engawa run-once`: everything that is due at one civil now."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

import typer

from bot.cli.collected import collected
from bot.cli.instant import given_instant, in_japan
from bot.cli.layout import show
from bot.cli.opening import OBSERVING, SHADOWING, enter_shadow, print_json, rehearse_with_service, with_service
from main import Service
from scheduler.restoring import marking, observe
from scheduler.run import Round, run_once, take_over
from storage.exclusive import BusyError, alone
from storage.pending import waiting
from storage.restored import restored
from storage.store import rehearse

At = Annotated[str, typer.Option("--at", help="civil now for this run; a date alone means 10:00 in Tokyo")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="show what would be sent; nothing is sent and nothing stays")]
AsJson = Annotated[bool, typer.Option("--json", help="answer as one line of JSON")]


def command(at: At = "", dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Everything that is due: the watched folder, sweep, escalate, dispatch, until nothing more can be sent."""
    instant = given_instant(at, "--at")
    opened = rehearse_with_service if dry_run else with_service
    try:
        answer = opened(lambda service: _run(service, instant, dry_run))
    except BusyError:
        typer.echo("engawa: the service or another run is at work on this database", err=True)
        raise typer.Exit(5) from None
    if as_json:
        print_json(answer)
    else:
        _show(answer)


async def _run(service: Service, instant: datetime | None, dry_run: bool) -> dict[str, Any]:
    now = instant or service.clock.now()
    async with alone(service.database):
        if not dry_run:
            return await _really(service, now)
        async with rehearse(service.database, service.store.pins) as store:
            dry = service.on(store)
            dry = replace(dry, post=replace(dry.post, shadow=True))
            await observe(dry.watch, now)
            return await _answer(dry, await run_once(dry.post, dry.understanding, now), now)


async def _really(service: Service, now: datetime) -> dict[str, Any]:
    watch = service.watch
    await enter_shadow(service, now)
    await observe(watch, now)
    async with marking(watch, lambda: now):
        await take_over(service.post, service.database, now)
        came = await collected(service, now)
        answer = await _answer(service, await run_once(service.post, service.understanding, now), now)
        return answer | {"collected": came}


async def _answer(service: Service, done: Round, now: datetime) -> dict[str, Any]:
    async with service.store.read() as connection:
        left, state = await waiting(connection, now), await restored(connection)
    return {
        "at": in_japan(now),
        "shadow": service.post.shadow,  # nothing left: what is told as sent would have been
        "observing": state is not None,  # put back from a copy: nothing is sent until it is reconciled
        "shadow_run": service.settings.shadow,
        "houses": done.houses,
        "cases": done.cases,
        "sent": [
            {
                "to": claimed.person.id,
                "channel": claimed.channel,
                "houses": sorted({part["house"] for part in claimed.parts if part["house"]}),
                "kinds": [part["kind"] for part in claimed.parts],
                "key": claimed.key,
            }
            for claimed, _ in done.tally.sent
        ],
        "not_sent": [
            {"to": claimed.person.id, "channel": claimed.channel, "answer": receipt.outcome, "detail": receipt.detail}
            for claimed, receipt in done.tally.failed
        ],
        "waiting": left,
    }


def _show(answer: dict[str, Any]) -> None:
    typer.echo(f"{answer['at']}: {answer['houses']} houses looked at, {answer['cases']} cases moved on")
    if answer["observing"]:
        typer.echo(OBSERVING)
    if answer["shadow_run"]:
        typer.echo(SHADOWING)
    sent = "would be sent" if answer["shadow"] else "sent"
    show(
        {
            "collected": answer.get("collected", []),
            sent: answer["sent"],
            "not sent": answer["not_sent"],
            "waiting": answer["waiting"],
        }
    )
