"""An office that keeps the histories of houses, with a machine that others may tell what was done."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from engawa_fakes.platform import Platform

BUSY_SECONDS = 120
KINDS = {"inspection", "repair", "replacement"}


class FakeProvider(Platform):
    """``houses`` are known by their common ID, each with the number of its contract; ``taken`` is what was told."""

    token = "provider-token"

    def __init__(self) -> None:
        super().__init__()
        self.houses: dict[str, str] = {}
        self.records: list[dict[str, Any]] = []
        self.files: dict[str, bytes] = {}
        self._answers: dict[str, tuple[bytes, dict[str, Any]]] = {}

    @property
    def host(self) -> str:
        return self.url.partition("//")[2]

    def routes(self) -> list[web.RouteDef]:
        path = "/v1/houses/{common_id}"
        return [
            web.post(f"{path}/records", self._record),
            web.post(f"{path}/files", self._file),
            web.post(f"{path}/contract", self._contract),
            web.post(f"{path}/list", self._list),
        ]

    def busy(self) -> web.Response:
        body = {"message": "too many requests"}
        return web.json_response(body, status=429, headers={"Retry-After": str(BUSY_SECONDS)})

    async def _record(self, request: web.Request) -> web.Response:
        return await self._once(request, lambda about: self._enter(request, about))

    def _enter(self, request: web.Request, about: Mapping[str, Any]) -> dict[str, Any]:
        works = about.get("works")
        if not isinstance(works, list) or not works or not all(map(_is_work, works)):
            raise web.HTTPUnprocessableEntity(text=_said("works: part, kind, done_on and result are needed"))
        reference = f"R-{len(self.records) + 1:04}"
        self.records.append({"common_id": request.match_info["common_id"], "reference": reference, **about})
        return {"reference": reference}

    async def _file(self, request: web.Request) -> web.Response:
        parts = _parts(request.headers.get("Content-Type", ""), await request.read())
        if not {"about", "file"} <= parts.keys():
            raise web.HTTPUnprocessableEntity(text=_said("a form with about and file is needed"))
        told, data = json.loads(parts["about"]), parts["file"]
        return await self._once(request, lambda _: self._keep(told, data), told)

    def _keep(self, told: Mapping[str, Any], data: bytes) -> dict[str, Any]:
        if hashlib.sha256(data).hexdigest()[:40] != told.get("digest"):
            raise web.HTTPUnprocessableEntity(text=_said("digest: it is not that of the file"))
        self.files[str(told["digest"])] = data
        return {"reference": f"F-{len(self.files):04}"}

    async def _contract(self, request: web.Request) -> web.Response:
        return await self._once(request, lambda about: {"status": self._status(request, about)})

    def _status(self, request: web.Request, about: Mapping[str, Any]) -> str:
        ours = self.houses[request.match_info["common_id"]]
        return "confirmed" if about.get("contract_no") == ours else "differs"

    async def _list(self, request: web.Request) -> web.Response:
        mine = request.match_info["common_id"]
        held = [work for record in self.records if record["common_id"] == mine for work in record["works"]]
        return await self._once(request, lambda about: {"records": held})

    async def _once(self, request: web.Request, answer: Any, about: Any = None) -> web.Response:
        """The same answer to the same key; 409 for the same key with another content."""
        self._allowed(request)
        key, body = request.headers.get("Idempotency-Key", ""), await request.read()
        if not key:
            raise web.HTTPBadRequest(text=_said("Idempotency-Key is missing"), content_type="application/json")
        told = about if about is not None else json.loads(body)
        if key in self._answers:
            before, said = self._answers[key]
            if before != body and about is None:
                return web.json_response({"message": "another content under the same key"}, status=409)
            return web.json_response(said, status=409 if "reference" in said else 200)
        if not isinstance(told, dict) or not (told.get("consent") or {}).get("on"):
            raise web.HTTPUnprocessableEntity(text=_said("consent: on whose word is needed"))
        said = answer(told)
        self._answers[key] = (body, said)
        return web.json_response(said, status=201 if "reference" in said else 200)

    def _allowed(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            raise web.HTTPUnauthorized(text=_said("who are you"), content_type="application/json")
        if request.match_info["common_id"] not in self.houses:
            raise web.HTTPNotFound(text=_said("no such house here"), content_type="application/json")


def _is_work(work: Any) -> bool:
    needed = isinstance(work, dict) and all(work.get(name) for name in ("part", "done_on", "result"))
    return needed and work.get("kind") in KINDS


def _parts(media_type: str, body: bytes) -> dict[str, bytes]:
    """The parts of a form by their names, their bytes as they are."""
    boundary = media_type.partition("boundary=")[2].strip('"').encode()
    found = {}
    for piece in body.split(b"--" + boundary)[1:-1] if boundary else ():
        head, _, content = piece.partition(b"\r\n\r\n")
        name = re.search(rb'; name="([^"]+)"', head)
        if name is not None:
            found[name[1].decode()] = content.removesuffix(b"\r\n")
    return found


def _said(message: str) -> str:
    return json.dumps({"message": message})
