"""The line to Slack's Web API: one session for all calls, opened with the first."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.download import downloaded
from bot.channels.slack.answers import answered
from bot.channels.slack.settings import SlackSettings
from bot.core.arrival import GoneError
from bot.core.delivery import Receipt

FILES = "files.slack.com"  # where Slack keeps what people send
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

    async def file(self, file_id: str) -> Answered:
        """https://docs.slack.dev/reference/methods/files.info"""
        return await answered(self.client().files_info(file=file_id))

    async def download(self, url: str, limit: int) -> tuple[int, bytes]:
        """Status and bytes; of a file longer than ``limit``, more than ``limit`` of them. Raises OSError.

        The bot's token goes along, so it is for Slack alone: no other address is asked, and no redirect followed.
        """
        if not self._is_slacks(url):
            raise GoneError("gone")
        session, token = self.client().session, {"Authorization": f"Bearer {self._settings.bot_token}"}
        assert session is not None
        return await downloaded(session.get(url, headers=token, allow_redirects=False), limit)

    def _is_slacks(self, url: str) -> bool:
        try:
            parts, base = urlsplit(url), urlsplit(self._settings.api_base)
            same = (parts.scheme, parts.hostname, parts.port) == (base.scheme, base.hostname, base.port)
        except ValueError:
            return False
        return same or (parts.scheme, parts.hostname, parts.port) == ("https", FILES, None)

    async def whoami(self) -> Answered:
        """https://docs.slack.dev/reference/methods/auth.test"""
        return await answered(self.client().auth_test())

    async def user(self, user: str) -> Answered:
        """https://docs.slack.dev/reference/methods/users.info"""
        return await answered(self.client().users_info(user=user))

    async def open(self, trigger: str, view: View) -> Answered:
        """https://docs.slack.dev/reference/methods/views.open"""
        return await answered(self.client().views_open(trigger_id=trigger, view=view.to_dict()))

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None and client.session is not None:
            await client.session.close()
