"""How updates get here: the platform is told where to call, or it is asked again and again (long polling)."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from telegram.error import Conflict, RetryAfter

from bot.channels.raw import read_object
from bot.channels.telegram.answers import receipt_for, seconds
from bot.channels.telegram.api import Api
from bot.channels.telegram.updates import event_of
from bot.core.arrival import Event, Keep

log = structlog.get_logger()
PAUSE = 5.0  # seconds after something went wrong
Pause = Callable[[float], Awaitable[None]]


class Listener:
    """Runs until it is cancelled, through whatever the platform does. ``pause`` waits for so many seconds."""

    def __init__(self, api: Api, pause: Pause = asyncio.sleep) -> None:
        self._api = api
        self._pause = pause

    async def be_called(self) -> None:
        """Registers our door until the platform has taken it; from then on it calls."""
        while True:
            try:
                await self._api.call_us()
            except Exception as error:  # whatever it is, it is tried again, and seen in the log
                await self._rest(error)
            else:
                await asyncio.Event().wait()

    async def ask(self, keep: Keep) -> None:
        """Asks for updates. One is confirmed by the next question, which is asked once it is kept.

        Where all is confirmed no number is named any more: after a quiet week they begin anew, also below ours
        (core.telegram.org/bots/api#update).
        """
        after: int | None = None
        while True:
            try:
                updates = await self._api.updates(after)
            except Exception as error:  # whatever it is, what was not confirmed comes again
                await self._rest(error)
                continue
            before = after = after if updates else None
            for update in updates:
                after = await self._kept(keep, update, after)
            if updates and after == before:  # nothing that could be confirmed: it would come again at once, for ever
                await self._pause(PAUSE)

    async def _kept(self, keep: Keep, update: Any, after: int | None) -> int | None:
        """The next offset. What cannot be stored is passed over: one poisoned update blocks none behind it."""
        try:
            event = _storable(update)
        except (ValueError, TypeError) as error:
            log.warning("update_unreadable", why=type(error).__name__)
            number = update.get("update_id") if isinstance(update, dict) else None
            return max(after or 0, number + 1) if type(number) is int else after
        await keep(event)
        return max(after or 0, int(event.id) + 1)

    async def _rest(self, error: Exception) -> None:
        """Another instance may be asking, or a webhook from before stands in the way: that one we take down."""
        log.warning("listening_hindered", why=self._api.scrub(receipt_for(error).detail))
        if isinstance(error, Conflict) and "webhook" in error.message.lower():
            try:
                await self._api.bot.delete_webhook()
            except Exception as again:  # the next question tells whether it still stands
                log.warning("webhook_stands", why=type(again).__name__)
            else:
                return
        await self._pause(seconds(error) if isinstance(error, RetryAfter) else PAUSE)


def _storable(update: Any) -> Event:
    """The same checks as at the door. Raises ValueError or TypeError."""
    return event_of(read_object(json.dumps(update, allow_nan=False).encode()))
