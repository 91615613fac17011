"""`engawa worker`: one of several that do the rounds and send, on PostgreSQL and Redis."""

import asyncio
import signal
import socket
from contextlib import AsyncExitStack
from typing import Annotated

import typer
from arq.connections import RedisSettings

from bot.cli.attending import asking, beating, looking, tell_state
from bot.cli.opening import enter_shadow, environment, with_service
from bot.cli.serve import LAST_ROUND
from bot.config import SettingsError
from main import Service, read_settings
from scheduler.bell import Called, is_alive, redis_at
from scheduler.listening import in_turn
from scheduler.restoring import observe
from scheduler.run import take_over
from scheduler.shift import Shift
from storage.exclusive import BusyError, alone, beside

Name = Annotated[str, typer.Option("--name", help="of this worker among all; the host's name if not said")]
Check = Annotated[bool, typer.Option("--check", help="only say whether the worker of that name is alive")]


def command(name: Name = "", check: Check = False) -> None:
    """Does the rounds and sends, as one of several. SIGTERM or Ctrl-C ends it when the batch in hand is finished."""
    called, settings = name or socket.gethostname(), _redis()
    if check:
        alive = asyncio.run(is_alive(settings, called))
        typer.echo(f"engawa: the worker {called} {'is at work' if alive else 'gives no sign of life'}", err=not alive)
        raise typer.Exit(0 if alive else 1)
    with_service(lambda service: _work(service, settings, called))


def _redis() -> RedisSettings:
    settings = read_settings(environment())
    url = settings.redis_url.get_secret_value()
    if not url:
        raise SettingsError("ENGAWA_REDIS_URL must be set: without Redis, `engawa serve` does all of it in one process")
    if settings.database_url.startswith("sqlite"):
        raise SettingsError("ENGAWA_DATABASE_URL must be PostgreSQL: several workers cannot share a file")
    return redis_at(url)


async def _work(service: Service, settings: RedisSettings, name: str) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    state = await _begin(service)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(service.understanding.stop)
        heart = await stack.enter_async_context(beating(service))
        shift = Shift(service.watch, service.database, service.clock, heart)
        await stack.enter_async_context(beside(service.database))
        await stack.enter_async_context(in_turn(service.database, lambda: asking(service)))
        await stack.enter_async_context(looking(service))
        heeding = asyncio.create_task(shift.heed(service.understanding.bell))
        stack.callback(heeding.cancel)
        typer.echo(f"engawa: the worker {name} is at work")
        tell_state(service, state)
        working = asyncio.create_task(Called(shift, settings, name).work(stop))
        await asyncio.wait({working, asyncio.create_task(stop.wait())}, return_when=asyncio.FIRST_COMPLETED)
        service.post.closing.set()
        await shift.finish(LAST_ROUND)
        await working
    typer.echo(f"engawa: the worker {name} is done")


async def _begin(service: Service) -> object:
    """Before anything is sent: a database that was put back is known, and what a dead worker held is taken back."""
    now = service.clock.now()
    await enter_shadow(service, now)
    state = await observe(service.watch, now)
    try:
        async with alone(service.database):
            await take_over(service.post, service.database, now)
    except BusyError:  # another one is at work, and does so
        pass
    return state
