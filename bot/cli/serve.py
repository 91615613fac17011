"""`engawa serve`: pages, rounds and sending in one process, until it is told to stop."""

import asyncio
import signal
import socket
from contextlib import AsyncExitStack
from enum import StrEnum
from typing import Annotated

import typer
import uvicorn

from bot.cli.attending import asking, beating, looking, tell_state
from bot.cli.opening import enter_shadow, with_service
from bot.core.people import STAFF_DESK
from main import Service, pages
from scheduler.answering import Answering
from scheduler.bell import Bell, redis_at
from scheduler.restoring import marking, observe
from scheduler.run import run_for_ever, take_over
from storage.exclusive import BusyError, alone, beside
from templates.catalogue import LANGUAGES
from templates.consent import consent_text

EVERYWHERE, LOOPBACK = "0.0.0.0", "127.0.0.1"
GRACE = 10  # seconds for requests that are under way when we are told to stop
LAST_ROUND = 20  # seconds for the batch in hand; what is not finished then is taken up at the next start


class Role(StrEnum):
    ALL = "all"  # the whole service
    WEB = "web"  # the pages alone; the rounds run elsewhere


Host = Annotated[str, typer.Option(help="the address to listen on")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="the port to listen on; 0 takes any free one")]
What = Annotated[Role, typer.Option("--role", help="all: the whole service; web: the pages alone")]


def command(host: Host = "127.0.0.1", port: Port = 8000, role: What = Role.ALL) -> None:
    """Runs the service. SIGTERM or Ctrl-C ends it when the batch in hand is finished."""
    try:
        listening = socket.create_server((host, port), reuse_port=False)
    except OSError as error:
        typer.echo(f"engawa: cannot listen on {host}:{port}: {error.strerror}", err=True)
        raise typer.Exit(1) from None
    try:
        with_service(lambda service: serve(service, listening, role), listening=reached_at(listening))
    except BusyError:
        typer.echo("engawa: the service or another run is at work on this database", err=True)
        raise typer.Exit(5) from None
    finally:
        listening.close()


async def serve(service: Service, listening: socket.socket, role: Role) -> None:
    """The service on a socket that listens, until a signal ends it. Raises BusyError."""
    bell = service.understanding.bell
    answering = Answering(service.post, service.understanding.one, service.clock, bell)
    server = _server(service, answering)
    async with AsyncExitStack() as stack:
        if role is Role.WEB:
            await stack.enter_async_context(beside(service.database))
            state = await observe(service.watch, service.clock.now())
            await _wake_workers(service, stack)
        else:
            await stack.enter_async_context(alone(service.database))
            await enter_shadow(service, service.clock.now())
            state = await observe(service.watch, service.clock.now())
            await stack.enter_async_context(marking(service.watch, service.clock.now))
            await take_over(service.post, service.database, service.clock.now())
            await stack.enter_async_context(asking(service))
            await stack.enter_async_context(looking(service))
            heart = await stack.enter_async_context(beating(service))
            rounds = asyncio.create_task(run_for_ever(service.post, service.understanding, service.clock, heart))
            rounds.add_done_callback(lambda _: setattr(server, "should_exit", True))
            stack.push_async_callback(_finish, service, rounds, bell)
        stack.push_async_callback(answering.finish)
        stack.push_async_callback(service.understanding.stop)
        _say_where(service, listening)
        tell_state(service, state)
        await server.serve(sockets=[listening])


async def _wake_workers(service: Service, stack: AsyncExitStack) -> None:
    """Where others do the rounds, what is stored here wakes them at once."""
    url = service.settings.redis_url.get_secret_value()
    if not url:
        return
    bell = Bell(redis_at(url))
    passing_on = asyncio.create_task(bell.pass_on(service.understanding.bell))
    stack.push_async_callback(bell.close)
    stack.callback(passing_on.cancel)


def _server(service: Service, answering: Answering) -> uvicorn.Server:
    """Without an access log: links are keys, and keys have no place in a log."""
    config = uvicorn.Config(
        pages(service, answering),
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
    )
    server = uvicorn.Server(config)

    def stop() -> None:
        server.should_exit = True

    # The server raises the signal again when it has stopped; with a handler of ours that does not end the process
    # before the batch in hand is finished.
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    return server


async def _finish(service: Service, rounds: asyncio.Task[None], bell: asyncio.Event) -> None:
    service.post.closing.set()
    bell.set()
    await asyncio.wait({rounds}, timeout=LAST_ROUND)
    if rounds.done():
        rounds.result()  # rounds that broke down end the service with their error
    rounds.cancel()


def reached_at(listening: socket.socket) -> str:
    """The address for a browser on this machine: one that listens everywhere is reached on loopback as well."""
    host, port = listening.getsockname()[:2]
    return f"http://{LOOPBACK if host == EVERYWHERE else host}:{port}"


def _say_where(service: Service, listening: socket.socket) -> None:
    """The addresses, once. The entrance is a key: whoever has it is the staff desk."""
    host, port = listening.getsockname()[:2]
    typer.echo(f"engawa: listening on http://{host}:{port}, known to people as {service.settings.public_url}")
    typer.echo(f"engawa: staff enter at {service.links.entrance(STAFF_DESK.partition(':')[2])}")
    if any(consent_text(language).draft for language in LANGUAGES):
        typer.echo("engawa: the text that owners consent to is a draft: have it checked before anybody real agrees")
