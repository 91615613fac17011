"""What the platform tells about our own account, and gives out for linking others, asked through its SDK."""

import aiohttp
from linebot.v3.messaging import AsyncApiClient, AsyncMessagingApi, Configuration, QuotaType
from linebot.v3.messaging.exceptions import OpenApiException

from bot.channels.line.settings import LineSettings
from bot.core.allowance import Allowance

# The SDK lets bodies that are no text, and answers that fit no model, through as errors of Python's own.
_TROUBLE = (OpenApiException, aiohttp.ClientError, OSError, ValueError, TypeError, AttributeError)


class Plan:
    """The SDK's client is opened in the loop that first uses it."""

    def __init__(self, settings: LineSettings, patience: float) -> None:
        self._settings = settings
        self._patience = aiohttp.ClientTimeout(total=patience)  # the SDK would wait for five minutes
        self._client: AsyncApiClient | None = None

    async def allowance(self) -> Allowance | None:
        """The month's messages; None where no answer came that makes sense.

        https://developers.line.biz/en/reference/messaging-api/#get-quota and #get-consumption
        """
        api = self._api()
        try:
            quota = await api.get_message_quota(_request_timeout=self._patience)
            if quota.type == QuotaType.NONE:
                return Allowance(limit=None, used=0)
            used = await api.get_message_quota_consumption(_request_timeout=self._patience)
            return Allowance(limit=int(quota.value), used=used.total_usage)
        except _TROUBLE:
            return None

    async def basic_id(self) -> str:
        """The account's name among friends, such as @216ru; empty where no answer came that makes sense.

        https://developers.line.biz/en/reference/messaging-api/#get-bot-info
        """
        try:
            return str((await self._api().get_bot_info(_request_timeout=self._patience)).basic_id)
        except _TROUBLE:
            return ""

    async def check(self) -> str:
        """Empty where our token is taken; otherwise the status, or what kind of answer came."""
        try:
            await self._api().get_bot_info(_request_timeout=self._patience)
        except _TROUBLE as error:
            return str(getattr(error, "status", "") or type(error).__name__)
        return ""

    async def link_token(self, user: str) -> str:
        """For the page on which this person gives their code: once, for ten minutes; empty where none came.

        https://developers.line.biz/en/reference/messaging-api/#issue-link-token
        """
        try:
            return str((await self._api().issue_link_token(user, _request_timeout=self._patience)).link_token)
        except _TROUBLE:
            return ""

    def _api(self) -> AsyncMessagingApi:
        if self._client is None:
            self._client = AsyncApiClient(Configuration(access_token=self._settings.token, host=self._settings.api))
        return AsyncMessagingApi(self._client)

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.close()
