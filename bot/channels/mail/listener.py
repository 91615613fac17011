"""Listens to the mailbox for as long as the service runs, through whatever the server does."""

import asyncio
from dataclasses import dataclass

import structlog

from bot.channels.mail.line import Line, LineError
from bot.channels.mail.settings import ImapServer
from bot.core.arrival import Keep

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: for any answer, between two looks where the server cannot tell, at the most even where it can, and
    until the next try after it broke down."""

    patience: float = 60.0
    look: float = 60.0
    idle: float = 600.0
    again: float = 30.0


class Listener:
    """Fetches what nobody has read yet, keeps it, and only then marks it as read: a crash between loses nothing."""

    def __init__(self, server: ImapServer, pace: Pace) -> None:
        self._server = server
        self._pace = pace

    async def listen(self, keep: Keep) -> None:
        """Runs until it is cancelled."""
        while True:
            line = Line(self._server, self._pace.patience)
            try:
                await self._converse(line, keep)
            except LineError as error:
                log.warning("mailbox_lost", why=str(error))
            finally:
                line.drop()
            await asyncio.sleep(self._pace.again)

    async def _converse(self, line: Line, keep: Keep) -> None:
        await line.run(line.open)
        while True:
            for uid in await line.run(line.unseen):
                await self._take(line, uid, keep)
            if not await line.run(lambda: line.wait(self._pace.idle)):
                await asyncio.sleep(self._pace.look)

    async def _take(self, line: Line, uid: int, keep: Keep) -> None:
        event = await line.run(lambda: line.read(uid))
        if event is not None:
            await keep(event)
            await line.run(lambda: line.tick(uid))
