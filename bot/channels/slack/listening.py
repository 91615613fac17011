"""Slack in Socket Mode: we call it, and need no public address.

https://docs.slack.dev/apis/events-api/using-socket-mode

slack-bolt holds the line. Its one global middleware stores what came; only then is the envelope acknowledged. Where
storing fails Bolt answers 500, nothing is acknowledged, and Slack delivers again. Events are told apart by their own
ids, because Bolt drops the header that says a delivery is a repeat.
"""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse

from bot.channels.registry import Context
from bot.channels.slack.channel import SlackChannel
from bot.channels.slack.doors import split
from bot.channels.slack.settings import SlackSettings
from bot.core.arrival import Keep

LOOK = 10.0  # seconds between two looks at whether the line still holds
MISSES = 3  # looks in a row that find it down
# Bolt writes what it received into its own log when debugging; what people said belongs in no log.
_log = logging.getLogger("engawa.slack")
_log.setLevel(logging.WARNING)


class ListeningSlack(SlackChannel):
    """With a line of its own instead of doors."""

    def __init__(self, settings: SlackSettings, context: Context) -> None:
        super().__init__(settings, context)
        self._app_token = settings.app_token

    def __repr__(self) -> str:
        return "ListeningSlack(…)"

    async def listen(self, keep: Keep) -> None:
        """Runs until it is cancelled. The SDK mends its line itself; one that stays lost ends this, to begin anew."""
        handler: Any = AsyncSocketModeHandler(self._app(keep), self._app_token, logger=_log)
        missed = 0
        try:
            await handler.connect_async()
            while missed < MISSES:
                await asyncio.sleep(LOOK)
                missed = 0 if await handler.client.is_connected() else missed + 1
        finally:
            await handler.close_async()

    def _app(self, keep: Keep) -> AsyncApp:
        """Bolt with nothing to do but this: its own checks of who is who would ask Slack before we have stored."""
        client = self._line.client()
        app = AsyncApp(
            client=client,
            logger=_log,
            authorize=_authorize,
            request_verification_enabled=False,  # what comes through a socket is not signed
            ignoring_self_events_enabled=False,
        )

        async def stored(body: Mapping[str, Any]) -> BoltResponse:
            try:
                answer = split(body, self._machine_now())
            except ValueError:
                return BoltResponse(status=200)  # no event of Slack's: it would only come again
            for event in answer.events:
                await keep(event)
            return BoltResponse(status=answer.status, body=answer.body)

        app.use(stored)
        return app


async def _authorize() -> AuthorizeResult:
    """One workspace, one bot: there is nobody to look up."""
    return AuthorizeResult(enterprise_id=None, team_id=None, bot_token=None)


def open_channel(settings: SlackSettings, context: Context) -> ListeningSlack:
    return ListeningSlack(settings, context)
