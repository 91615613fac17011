"""The Bot API through python-telegram-bot, which speaks it; what is asked when is decided here.

Of that library only the bot is used: no application, no job queue, no conversations, no persistence, because all of
them keep in one process's memory what belongs into rows.
"""

import logging
import os
from collections.abc import Mapping
from typing import Any

from telegram import Bot
from telegram.request import HTTPXRequest

from bot.channels.telegram.settings import TelegramSettings

ALLOWED = ("message", "callback_query", "my_chat_member")
AT_ONCE = 30  # connections: what the platform takes in a second
ANSWER = 20.0  # seconds until an answer is given up
PATIENCE = 5.0  # seconds for what is a courtesy, or is waited for by somebody
POLL = 50  # seconds for which the platform holds a question when nothing has happened
# The token stands in every URL, and httpx tells every URL; the library itself tells what could not be read.
QUIET: Mapping[str, int] = {"httpx": logging.WARNING, "httpcore": logging.WARNING, "telegram": logging.CRITICAL}
# As raw objects: the library's own get_updates loses a whole batch over one odd update, and warns whoever asks for the
# method by its usual name.
_UPDATES = "get_Updates"

os.environ.setdefault("PTB_TIMEDELTA", "1")  # the library's switch to what it will do anyway: no warning at each 429


class Api:
    """One bot. Nothing is asked when it is made: its platform being down never keeps us from starting."""

    def __init__(self, settings: TelegramSettings, answer: float = ANSWER) -> None:
        for name, level in QUIET.items():
            logging.getLogger(name).setLevel(level)
        self._settings = settings
        self._asking = HTTPXRequest(connection_pool_size=1, read_timeout=POLL + answer)
        self._telling = HTTPXRequest(connection_pool_size=AT_ONCE, read_timeout=answer, pool_timeout=answer)
        self.bot = Bot(
            settings.token,
            base_url=settings.api,
            base_file_url=settings.files,
            request=self._telling,
            get_updates_request=self._asking,
        )

    async def updates(self, after: int | None) -> list[Any]:
        """What has happened, and with it the word that everything before ``after`` is kept.

        core.telegram.org/bots/api#getupdates: an update is confirmed as soon as a higher offset is asked for.
        """
        asked: dict[str, Any] = {"timeout": POLL, "allowed_updates": list(ALLOWED)}
        if after is not None:
            asked["offset"] = after
        found = await self.bot.do_api_request(_UPDATES, asked)
        if not isinstance(found, list):
            raise ValueError("updates are a list")
        return found

    async def call_us(self) -> None:
        """core.telegram.org/bots/api#setwebhook; the same again changes nothing."""
        url, secret = self._settings.webhook_url, self._settings.secret
        await self.bot.set_webhook(url, allowed_updates=ALLOWED, secret_token=secret)

    async def name(self) -> str:
        """The bot's username (core.telegram.org/bots/api#getme)."""
        return (await self.bot.get_me(read_timeout=PATIENCE)).username or ""

    def scrub(self, text: str) -> str:
        """The platform's word without our secrets, whatever it echoes."""
        for secret in filter(None, (self._settings.token, self._settings.secret)):
            text = text.replace(secret, "…")
        return text

    async def close(self) -> None:
        await self._asking.shutdown()
        await self._telling.shutdown()
