"""The mail channel: a neutral message in, a receipt out."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module
from typing import Protocol

from bot.channels.mail.address import BadAddress
from bot.channels.mail.compose import Composer, Mail, Unsendable
from bot.channels.mail.maildir import Maildir
from bot.channels.mail.pool import Limits, Pool
from bot.channels.mail.settings import MailSettings
from bot.channels.mail.words import MailWords
from bot.core.delivery import Abilities, Envelope, Outcome, Receipt

_FILES_AT_ONCE = 4


class Carrier(Protocol):
    """Takes finished mails away: over SMTP, or into a folder."""

    async def carry(self, mail: Mail) -> Receipt: ...

    async def check(self) -> str: ...

    async def close(self) -> None: ...


class MailChannel:
    """Email, outward. The Message-ID comes from the key, so that a repeat folds into one in the reader's mailbox."""

    name = "email"

    def __init__(self, composer: Composer, carrier: Carrier, at_once: int) -> None:
        self.abilities = Abilities(repeatable=True, answers=False, mail=True, at_once=at_once)
        self._composer = composer
        self._carrier = carrier

    async def send(self, envelope: Envelope) -> Receipt:
        """Compose and hand over. What can never be sent comes back as DEAD (the address) or REFUSED (the message)."""
        try:
            mail = self._composer.compose(envelope)
        except BadAddress as reason:
            return Receipt(Outcome.DEAD, detail=str(reason))
        except Unsendable as reason:
            return Receipt(Outcome.REFUSED, detail=str(reason))
        return await self._carrier.carry(mail)

    async def check(self) -> str:
        return await self._carrier.check()

    async def close(self) -> None:
        """Let what is under way end, then close every connection."""
        await self._carrier.close()


def open_channel(
    settings: MailSettings,
    words: Mapping[str, MailWords],
    monotonic: Callable[[], float],
    limits: Limits | None = None,
) -> MailChannel:
    """The channel these settings ask for; nothing is connected or created before the first mail.

    ``words`` by language code, ``monotonic`` machine time in seconds.
    """
    answered = settings.mailbox is not None
    if answered:  # then nobody is told that answers are not read
        words = {language: replace(said, unread="") for language, said in words.items()}
    composer = Composer(settings.sender, words, settings.stop_address, answered=answered)
    limits = limits or Limits()
    carrier: Carrier = Maildir(settings.folder)
    at_once = _FILES_AT_ONCE
    if settings.server is not None:
        carrier = Pool(settings, settings.server, monotonic, limits)
        at_once = limits.connections
    if settings.mailbox is None:
        return MailChannel(composer, carrier, at_once)
    # What reads mail is loaded only where somebody wants it read.
    opener = import_module("bot.channels.mail.answerable").open_answerable
    channel: MailChannel = opener((composer, carrier, at_once), settings.mailbox, settings.sender)
    return channel
