"""The door for the platform's own requests (core.telegram.org/bots/api#setwebhook)."""

import hmac
from collections.abc import Mapping

from bot.channels.raw import read_object
from bot.channels.telegram.settings import PATH
from bot.channels.telegram.updates import event_of
from bot.core.arrival import Answer, Webhook

LARGEST = 256 * 1024  # bytes of a request
HEADER = "x-telegram-bot-api-secret-token"


class Door:
    """Lets in whoever knows the secret; one request is one update."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    @property
    def webhook(self) -> Webhook:
        return Webhook(PATH, self.read)

    async def read(self, headers: Mapping[str, str], body: bytes) -> Answer:
        if len(body) > LARGEST:
            return Answer(413)
        given = headers.get(HEADER, "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, self._secret):
            return Answer(401)
        try:
            return Answer(200, (event_of(read_object(body)),))
        except ValueError:
            return Answer(400)
