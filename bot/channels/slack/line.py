"""The line to Slack's Web API: one session for all calls, opened with the first."""

from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.answers import answered
from bot.channels.slack.settings import SlackSettings
from bot.core.delivery import Receipt

PATIENCE = aiohttp.ClientTimeout(total=15.0, connect=5.0)
Answered = tuple[Receipt, Mapping[str, Any]]


class Line:
    """The few methods that we call. slack_sdk repeats nothing by itself: a repeat may be a second message."""

    def __init__(self, settings: SlackSettings, patience: aiohttp.ClientTimeout = PATIENCE) -> None:
        self._settings = settings
        self._patience = patience
        self._client: AsyncWebClient | None = None

    def client(self) -> AsyncWebClient:
        """Made when it is wanted, because a session belongs to the loop that runs."""
        if self._client is None or self._client.session is None or self._client.session.closed:
            self._client = AsyncWebClient(
                token=self._settings.bot_token,
                base_url=self._settings.api_base,
                session=aiohttp.ClientSession(timeout=self._patience),
                retry_handlers=[],
            )
        return self._client

    async def post(self, channel: str, text: str, blocks: Sequence[Block], thread: str = "") -> Answered:
        """https://docs.slack.dev/reference/methods/chat.postMessage"""
        said = self.client().chat_postMessage(
            channel=channel,
            text=text,
            blocks=[block.to_dict() for block in blocks],
            thread_ts=thread or None,
            unfurl_links=False,
            unfurl_media=False,
        )
        return await answered(said)

    async def whisper(self, channel: str, user: str, text: str, blocks: Sequence[Block]) -> Answered:
        """Seen by one person only: https://docs.slack.dev/reference/methods/chat.postEphemeral"""
        drawn = [block.to_dict() for block in blocks]
        return await answered(self.client().chat_postEphemeral(channel=channel, user=user, text=text, blocks=drawn))

    async def update(self, channel: str, stamp: str, text: str, blocks: Sequence[Block]) -> Answered:
        """https://docs.slack.dev/reference/methods/chat.update"""
        drawn = [block.to_dict() for block in blocks]
        return await answered(self.client().chat_update(channel=channel, ts=stamp, text=text, blocks=drawn))

    async def open(self, trigger: str, view: View) -> Answered:
        """https://docs.slack.dev/reference/methods/views.open"""
        return await answered(self.client().views_open(trigger_id=trigger, view=view.to_dict()))

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None and client.session is not None:
            await client.session.close()
