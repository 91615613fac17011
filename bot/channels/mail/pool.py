"""A few lines to the server, each kept open from one mail to the next, fed from one queue."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

from aiosmtplib import SMTPException

from bot.channels.mail.answers import unreachable
from bot.channels.mail.compose import Mail
from bot.channels.mail.connection import Connection, connect
from bot.channels.mail.settings import MailSettings, SmtpServer
from bot.core.delivery import Outcome, Receipt


@dataclass(frozen=True, slots=True)
class Limits:
    """How many connections, and how long each is trusted; times in seconds."""

    connections: int = 4
    mails_each: int = 100
    idle: float = 60.0
    idle_unasked: float = 15.0  # idle for longer, it is asked whether it still lives before it is used
    answer: float = 20.0
    rest: float = 5.0  # after the server could not be used, nobody tries again for so long


Waiting = tuple[Mail, "asyncio.Future[Receipt]"]


class Pool:
    """Carries mails over at most ``limits.connections`` connections, all from the loop that first used it.

    A conversation that has begun is always ended: cancelling ``carry`` gives up the answer, not the mail, because half
    a conversation poisons the connection and leaves a mail of which nobody knows whether it was taken. What has not
    begun when it is cancelled is not sent. ``monotonic`` is machine time in seconds.
    """

    def __init__(
        self, settings: MailSettings, server: SmtpServer, monotonic: Callable[[], float], limits: Limits
    ) -> None:
        self._settings = settings
        self._server = server
        self._monotonic = monotonic
        self._limits = limits
        self._queue: asyncio.Queue[Waiting | None] = asyncio.Queue()
        self._lines: list[asyncio.Task[None]] = []
        self._resting_until = monotonic()
        self._resting_because = Receipt(Outcome.LATER)

    async def carry(self, mail: Mail) -> Receipt:
        """Hand one mail to the server. Never raises for what the server does."""
        if not self._lines:
            self._lines = [asyncio.create_task(self._keep_line()) for _ in range(self._limits.connections)]
        answer: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._queue.put_nowait((mail, answer))
        return await answer

    async def check(self) -> str:
        """A connection of its own, as far as the server's greeting to who has logged in."""
        try:
            connection = await connect(self._settings, self._server, self._limits.answer)
        except (SMTPException, OSError) as error:
            return unreachable(error).detail
        await connection.leave()
        return ""

    async def close(self) -> None:
        """Wait for what is under way (each answer is bounded), then leave every connection."""
        lines, self._lines = self._lines, []
        for _ in lines:
            self._queue.put_nowait(None)
        await asyncio.gather(*lines)

    async def _keep_line(self) -> None:
        """One connection's life: mail after mail, and a new connection where the old one can no longer be trusted."""
        connection: Connection | None = None
        while waiting := await self._queue.get():
            mail, answer = waiting
            if answer.done():
                continue  # whoever asked has gone before it began
            try:
                receipt, connection = await self._converse(mail, connection)
            except Exception as error:  # a line must outlive any bug, or what waits behind it waits for ever
                connection = None
                if not answer.done():
                    answer.set_exception(error)
            else:
                if not answer.done():
                    answer.set_result(receipt)
        if connection:
            await connection.leave()

    async def _converse(self, mail: Mail, connection: Connection | None) -> tuple[Receipt, Connection | None]:
        """The receipt, and the connection if it may be used again."""
        if resting := self._resting():
            return resting, connection
        kept = connection is not None and await self._is_fit(connection)
        if not kept:
            try:
                connection = await connect(self._settings, self._server, self._limits.answer)
            except (SMTPException, OSError) as error:
                return self._rest(unreachable(error)), None
        assert connection is not None
        receipt = await connection.deliver(mail)
        connection.idle_since = self._monotonic()
        if connection.is_open:
            return receipt, connection
        if connection.timed_out:
            return self._rest(receipt), None
        if kept and receipt.outcome is Outcome.LATER:
            return await self._converse(mail, None)  # the server had given up a kept connection: no word on this mail
        return receipt, None

    async def _is_fit(self, connection: Connection) -> bool:
        idle = self._monotonic() - connection.idle_since
        if connection.carried >= self._limits.mails_each or idle > self._limits.idle:
            await connection.leave()
        elif idle > self._limits.idle_unasked:
            await connection.ask()
        return connection.is_open

    def _rest(self, receipt: Receipt) -> Receipt:
        """A server that does not answer, or refuses us, is not tried again at once by everybody else in the queue."""
        outcome = Outcome.CLOSED if receipt.outcome is Outcome.CLOSED else Outcome.LATER
        self._resting_because = replace(receipt, outcome=outcome)
        self._resting_until = self._monotonic() + self._limits.rest
        return receipt

    def _resting(self) -> Receipt | None:
        left = self._resting_until - self._monotonic()
        return replace(self._resting_because, retry_after=left) if left > 0 else None
