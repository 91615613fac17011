"""The Telegram channel: a neutral message in, a receipt out; updates in, what they mean out."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import structlog
from telegram import LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.channels.telegram.answers import receipt_for
from bot.channels.telegram.api import ANSWER, AT_ONCE, PATIENCE, Api
from bot.channels.telegram.door import Door
from bot.channels.telegram.form import Form, form_of
from bot.channels.telegram.listening import Listener, Pause
from bot.channels.telegram.settings import TelegramSettings
from bot.channels.telegram.updates import NAME, parse, read_ticket
from bot.core.arrival import GoneError, Inbound, Keep, Remote, Webhook
from bot.core.delivery import Abilities, Envelope, Outcome, Receipt

log = structlog.get_logger()
LARGEST = 10 * 1024 * 1024  # bytes of a file; the platform itself gives up to 20 MB
INVITATION = "https://t.me/{}?start={}"  # core.telegram.org/bots/features#deep-linking
_PRIVATE = re.compile(r"[1-9][0-9]{0,15}")  # groups are negative, and a name would be a public channel
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_LARGE = "too big"


class Telegram:
    """One bot. Telegram has no idempotency key, so an answer that never came is not asked for again.

    core.telegram.org/bots/faq#my-bot-is-hitting-limits: 30 messages in a second, and one in a second to one chat.
    """

    name = NAME

    def __init__(
        self,
        settings: TelegramSettings,
        words: Mapping[str, Mapping[str, Any]],
        pause: Pause = asyncio.sleep,
        answer: float = ANSWER,
    ) -> None:
        self.abilities = Abilities(repeatable=False, answers=True, at_once=AT_ONCE, per_second=30, rest=1)
        self.webhooks: tuple[Webhook, ...] = (Door(settings.secret).webhook,) if settings.secret else ()
        self._api = Api(settings, answer)
        self._listener = Listener(self._api, pause)
        self._words = words
        self._username = ""  # of the bot, once it is known

    async def send(self, envelope: Envelope) -> Receipt:
        """Quietens the button that this answers, if any, and sends."""
        if not _PRIVATE.fullmatch(envelope.address):
            return Receipt(Outcome.DEAD, detail="no private chat")
        form = form_of(envelope, self._words)
        await self._quieten(envelope)
        try:
            return Receipt(Outcome.SENT, provider_id=await self._sent(int(envelope.address), form))
        except Exception as error:  # the library lets answers that it cannot read through as whatever it ran into
            receipt = receipt_for(error)
        return replace(receipt, detail=self._api.scrub(receipt.detail))

    async def _sent(self, chat_id: int, form: Form) -> str:
        message = await self._api.bot.send_message(
            chat_id,
            form.text,
            parse_mode=ParseMode.HTML,
            link_preview_options=_NO_PREVIEW,
            reply_markup=form.keyboard,
        )
        return str(message.message_id)

    async def _quieten(self, envelope: Envelope) -> None:
        """The pressed button stops waiting, and its message offers nothing more. Neither is worth failing for."""
        ticket = read_ticket(envelope.ticket)
        if ticket is None:
            return
        message_id, query_id = ticket
        bot, chat_id = self._api.bot, int(envelope.address)
        await asyncio.gather(
            bot.answer_callback_query(query_id, read_timeout=PATIENCE),
            bot.edit_message_reply_markup(chat_id, message_id, reply_markup=None, read_timeout=PATIENCE),
            return_exceptions=True,
        )

    def parse(self, raw: Mapping[str, Any]) -> Inbound:
        return parse(raw)

    async def listen(self, keep: Keep) -> None:
        """One setting decides: with a secret the platform calls us, without one it is asked."""
        await (self._listener.be_called() if self.webhooks else self._listener.ask(keep))

    async def fetch(self, remote: Remote) -> bytes:
        """core.telegram.org/bots/api#getfile. Errors say what they were, never where: the address holds the token."""
        try:
            file = await self._api.bot.get_file(remote.id)
            if (file.file_size or 0) > LARGEST:
                raise GoneError("large")
            data = bytes(await file.download_as_bytearray())
        except GoneError:
            raise
        except BadRequest as error:
            raise GoneError("large" if _LARGE in error.message.lower() else "gone") from None
        except Exception as error:
            raise OSError(f"a file could not be fetched: {type(error).__name__}") from None
        if len(data) > LARGEST:
            raise GoneError("large")
        return data

    async def invitation(self, code: str) -> str:
        """The bot's chat, which sends the code by Start. While the platform does not tell its name, there is none."""
        if not self._username:
            try:
                self._username = await self._api.name()
            except Exception as error:  # whatever it is, the code is typed instead
                log.warning("bot_unnamed", why=type(error).__name__)
                return ""
        return INVITATION.format(self._username, code) if self._username else ""

    async def check(self) -> str:
        try:
            await self._api.name()
        except Exception as error:  # the library lets answers that it cannot read through as whatever it ran into
            return self._api.scrub(receipt_for(error).detail)
        return ""

    async def close(self) -> None:
        await self._api.close()
