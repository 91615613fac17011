"""A receiver of Standard Webhooks: takes what is signed with its secret and young, each message once."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

from aiohttp import web

from engawa_fakes.platform import Platform

BUSY_SECONDS = 90
OLDEST = 300  # seconds


class FakeSubmitter(Platform):
    """``secret`` is what its owner was told when it was registered, ``told`` what it was told, each once by its id.
    ``again`` counts what it had been told before. ``gone``: nobody is here any more. ``moved_to``: where it sends on.
    """

    def __init__(self) -> None:
        super().__init__()
        self.secret = ""
        self.told: dict[str, dict[str, Any]] = {}
        self.again = 0
        self.gone = False
        self.moved_to = ""

    @property
    def hook(self) -> str:
        """Where it is told."""
        return f"{self.url}/engawa"

    @property
    def types(self) -> list[str]:
        """Of what it was told, in turn."""
        return [told["type"] for told in self.told.values()]

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/engawa", self._taken)]

    def busy(self) -> web.Response:
        return web.Response(status=429, headers={"Retry-After": str(BUSY_SECONDS)})

    async def _taken(self, request: web.Request) -> web.Response:
        if self.gone:
            return web.Response(status=410)
        if self.moved_to:
            return web.Response(status=307, headers={"Location": self.moved_to})
        body, message_id = await request.read(), request.headers.get("webhook-id", "")
        if not message_id or not self._genuine(request, message_id, body):
            return web.Response(status=401)
        told = json.loads(body)
        if told.keys() != {"type", "timestamp", "data"}:
            return web.Response(status=422)
        if message_id in self.told:
            self.again += 1
            return web.Response(status=204 if self.told[message_id] == told else 409)
        self.told[message_id] = told
        return web.Response(status=204)

    def _genuine(self, request: web.Request, message_id: str, body: bytes) -> bool:
        stamp, given = request.headers.get("webhook-timestamp", ""), request.headers.get("webhook-signature", "")
        if not stamp.isdigit() or abs(time.time() - int(stamp)) > OLDEST:
            return False
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        mac = hmac.new(key, f"{message_id}.{stamp}.".encode() + body, hashlib.sha256).digest()
        expected = f"v1,{base64.b64encode(mac).decode()}"
        return any(hmac.compare_digest(expected, one) for one in given.split(" "))
