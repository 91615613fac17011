"""A guarantor's core system: is told what changed, lists what it guarantees, and tells what happened."""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from engawa_fakes.arrival import Request
from engawa_fakes.platform import Platform

BUSY_SECONDS = 90
OLDEST = 300  # seconds
FIELDS = {"standing": {"state", "reasons"}, "owners": set[str]()}
AT_TIMES = {"standing": {"corrects"}, "owners": set[str]()}  # of a lapse that was recorded by mistake
COMMON = {"kind", "guarantee_no", "id", "on", "at", "written_at"}
STATES = {"none", "good", "at_risk", "lapsed"}


class FakeGuarantor(Platform):
    """``guarantees`` are the living numbers, ``told`` is what it was told, each once. ``at``: the second as of which it
    signs; by its own clock where that is None."""

    secret = "a-secret-of-both-sides"

    def __init__(self) -> None:
        super().__init__()
        self.guarantees: set[str] = set()
        self.ended: set[str] = set()
        self.told: list[dict[str, Any]] = []
        self.at: int | None = None
        self._keys: dict[str, bytes] = {}

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/v1/changes", self._change), web.get("/v1/guarantees", self._list)]

    def busy(self) -> web.Response:
        return _said(429, "too many requests", {"Retry-After": str(BUSY_SECONDS)})

    def request(self, deed: Mapping[str, Any], *, again: bool = False) -> Request:
        """One event, signed; a repeat is signed anew."""
        body = json.dumps(deed, ensure_ascii=False).encode()
        return Request(body, {"content-type": "application/json", **self.signed(body)})

    def signed(self, body: bytes) -> dict[str, str]:
        """The headers that sign this body."""
        stamp = str(self.at if self.at is not None else int(time.time()))
        return {"engawa-timestamp": stamp, "engawa-signature": self._mac(stamp, body)}

    async def _change(self, request: web.Request) -> web.Response:
        body = await request.read()
        if not self._genuine(request, body):
            return _said(401, "the signature is not ours, or old")
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return _said(400, "Idempotency-Key is missing")
        if key in self._keys:
            taken = self._keys[key] == body
            return _said(409, "taken before" if taken else "another content under the same key", taken=taken)
        told = _object(body)
        if told is None or not _is_change(told):
            return _said(422, "no change as the document has it")
        if told["guarantee_no"] not in self.guarantees | self.ended:
            return _said(404, "no such guarantee")
        self._keys[key] = body
        self.told.append(told)
        return web.Response(status=204)

    async def _list(self, request: web.Request) -> web.Response:
        if not self._genuine(request, request.raw_path.encode()):
            return _said(401, "the signature is not ours, or old")
        limit = request.query.get("limit", "")
        if not limit.isdigit() or not 1 <= int(limit) <= 1000:
            return _said(422, "limit: 1 to 1000")
        after = request.query.get("after", "")
        page = [number for number in sorted(self.guarantees) if number > after][: int(limit)]
        return web.json_response({"guarantees": [{"guarantee_no": number} for number in page]})

    def _genuine(self, request: web.Request, content: bytes) -> bool:
        stamp, given = request.headers.get("Engawa-Timestamp", ""), request.headers.get("Engawa-Signature", "")
        now = time.time()
        young = stamp.isdigit() and abs(now - int(stamp)) <= OLDEST
        return young and hmac.compare_digest(self._mac(stamp, content), given)

    def _mac(self, stamp: str, content: bytes) -> str:
        return "v1=" + hmac.new(self.secret.encode(), f"{stamp}.".encode() + content, hashlib.sha256).hexdigest()


def _is_change(told: Mapping[str, Any]) -> bool:
    more = FIELDS.get(str(told.get("kind")))
    if (
        more is None
        or told.keys() - AT_TIMES[told["kind"]] != COMMON | more
        or told.get("corrects", "lapsed") != "lapsed"
    ):
        return False
    return told["kind"] == "owners" or (told["state"] in STATES and isinstance(told["reasons"], list))


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _said(status: int, message: str, headers: Mapping[str, str] | None = None, **more: Any) -> web.Response:
    return web.json_response({"message": message, **more}, status=status, headers=headers)
