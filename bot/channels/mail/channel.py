"""The mail channel: a neutral message in, a receipt out."""

from typing import Protocol

from bot.channels.mail.address import BadAddress
from bot.channels.mail.compose import Composer, Mail, Unsendable
from bot.core.delivery import Abilities, Envelope, Outcome, Receipt


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
