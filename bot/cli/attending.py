"""What is attended to beside the rounds, wherever they are done: what is asked, the watched place, the sign of life.

Each lasts for as long as it is entered.
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import typer

from bot.cli.opening import OBSERVING, SHADOWING
from bot.core.arrival import Listening
from main import Service, collector, heartbeat
from scheduler.collecting import collecting
from scheduler.heartbeat import Heartbeat
from scheduler.listening import hearing


def asking(service: Service) -> AbstractAsyncContextManager[None]:
    """Platforms and mailboxes are asked what came."""
    return hearing(listeners(service), service.store, service.clock, service.understanding.bell)


def listeners(service: Service) -> dict[str, Listening]:
    """What is asked of platforms and mailboxes. In shadow mode nothing: an event goes to one asker, and that is the
    living service, whose doors the platforms also call."""
    if service.settings.shadow:
        return {}
    return {name: channel for name, channel in service.post.channels.items() if isinstance(channel, Listening)}


def looking(service: Service) -> AbstractAsyncContextManager[None]:
    """The place where others lay files is looked into, where there is one."""
    found = collector(service)
    return collecting(found.look if found is not None else None, service.clock, service.understanding.bell)


@asynccontextmanager
async def beating(service: Service) -> AsyncIterator[Heartbeat | None]:
    """The sign of life for a watch outside, where one is set."""
    heart = heartbeat(service)
    try:
        yield heart
    finally:
        if heart is not None:
            await heart.close()


def tell_state(service: Service, state: object) -> None:
    """What keeps this installation from sending, if anything does: ``state`` is what scheduler.restoring observed."""
    if state is not None:
        typer.echo(f"engawa: {OBSERVING}")
    if service.settings.shadow:
        typer.echo(f"engawa: {SHADOWING}")
