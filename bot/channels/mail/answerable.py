"""The mail channel where a mailbox is read too: people answer our mails."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.channels.mail import files, reading
from bot.channels.mail.address import Mailbox
from bot.channels.mail.channel import Carrier, MailChannel
from bot.channels.mail.compose import Composer
from bot.channels.mail.line import Line, LineError
from bot.channels.mail.listener import Listener, Pace
from bot.channels.mail.plus import own_address
from bot.channels.mail.settings import ImapServer
from bot.core.arrival import Inbound, Keep, Remote


class AnswerableMail(MailChannel):
    """Sends as ever, and hears."""

    def __init__(self, outward: tuple[Composer, Carrier, int], server: ImapServer, ours: Mailbox, pace: Pace) -> None:
        super().__init__(*outward)
        self.abilities = replace(self.abilities, answers=True)
        self._server = server
        self._ours = ours
        self._pace = pace

    def parse(self, raw: Mapping[str, Any]) -> Inbound:
        """Raises ValueError for what is no kept mail."""
        return reading.parse(raw, self._ours, self._server.vouching)

    def own_address(self, token: str) -> str:
        """The address at which a company's files come in."""
        return own_address(self._ours, token)

    async def check(self) -> str:
        """The way out, then the mailbox."""
        return await super().check() or await self._mailbox()

    async def _mailbox(self) -> str:
        line = Line(self._server, self._pace.patience)
        try:
            await line.run(line.open)
        except LineError as error:
            return f"mailbox: {error}"
        finally:
            line.drop()
        return ""

    async def listen(self, keep: Keep) -> None:
        """Runs until it is cancelled."""
        await Listener(self._server, self._pace).listen(keep)

    async def fetch(self, remote: Remote) -> bytes:
        """Raises GoneError for what is gone or too large, and OSError for what may come back."""
        return await files.fetch(self._server, self._pace.patience, remote)


def open_answerable(
    outward: tuple[Composer, Carrier, int], server: ImapServer, ours: Mailbox, pace: Pace | None = None
) -> AnswerableMail:
    """Nothing is connected before somebody listens."""
    return AnswerableMail(outward, server, ours, pace or Pace())
