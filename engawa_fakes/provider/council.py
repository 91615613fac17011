"""The council, which knows by a house's address who keeps its history."""

import json
from typing import Any

from aiohttp import web

from engawa_fakes.platform import Platform


class FakeCouncil(Platform):
    """``known`` holds, by address, who keeps a house's history and under which common ID."""

    token = "council-token"

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, list[dict[str, Any]]] = {}

    @property
    def host(self) -> str:
        return self.url.partition("//")[2]

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/v1/lookups", self._look_up)]

    async def _look_up(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.json_response({"message": "who are you"}, status=401)
        told = json.loads(await request.read())
        if not told.get("address") or not (told.get("consent") or {}).get("on"):
            return web.json_response({"message": "address and consent are needed"}, status=422)
        return web.json_response({"found": self.known.get(told["address"], [])})
