"""LINE's Messaging API on loopback."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID

from aiohttp import web

from engawa_fakes.arrival import Request
from engawa_fakes.line.people import BASIC_ID, People
from engawa_fakes.line.rules import complaints
from engawa_fakes.platform import Platform

Json = dict[str, Any]
RATE = "The API rate limit has been exceeded. Try again later."
MONTH = "You have reached your monthly limit."
NO_TOKEN = "Invalid reply token"
NOBODY = "Failed to send messages"
NO_TO = "The property, 'to', in the request body is invalid (line: -, column: -)"
NONCE = re.compile(r"[A-Za-z0-9+/=_-]{10,255}")  # "Linking user accounts": what a nonce may be
BAD_KEY = "The retry key is invalid"  # a key that is no UUID, or one where none is taken
SAME_KEY = "The retry key is already accepted"


@dataclass(frozen=True, slots=True)
class Sent:
    """What reached one person in one request, and how: push or reply."""

    user: str
    messages: tuple[Json, ...]
    way: str


class FakeLine(Platform):
    """Point the client's API base (for content too) at ``url``, and give it ``token`` and ``secret``.

    ``people`` holds who is there and makes what they do: ``people.user()`` is a new friend, ``people.say(user, text)``
    an event, ``people.body(event)`` a request and ``people.signed(body)`` its headers. ``received(user)`` is what a
    person was shown, ``sent`` all of it as message objects.

    It refuses what LINE refuses: a wrong token (401), anything ``complaints`` finds (400 with details), an id that is
    nobody's (400), a reply token that was used or has expired (400), a retry key that is no UUID or stands on a reply
    (400), the month's messages used up (429: set ``month`` and ``used``). A key that was accepted before is answered
    409 with X-Line-Accepted-Request-Id and reaches nobody again; a person in ``people.blocked`` gets nothing, and the
    sender a 200, as in LINE. A reply costs nothing of the month.

    It plays the dialog of account linking too, at ``/dialog/bot/accountLink``: ``people.signed_in`` is whose browser it
    is opened in. A link token opens it once, for the user it was issued for; what LINE then tells is in
    ``people.linked``, an event to be delivered.
    """

    def __init__(self, secret: str = "test-channel-secret", token: str = "test-channel-token") -> None:
        super().__init__()
        self.secret = secret
        self.token = token
        self.people = People(secret)
        self.sent: list[Sent] = []
        self.month: int | None = None  # messages of the plan; None where there is no limit
        self.used = 0
        self._accepted: dict[str, tuple[str, Json]] = {}
        self._numbers = count(461230966842064897)

    def received(self, user: str) -> list[str]:
        """The texts a person was shown, one for each request that reached them, labels of buttons included."""
        return ["\n".join(text for each in sent.messages for text in shown(each)) for sent in self.of(user)]

    def of(self, user: str) -> list[Sent]:
        return [sent for sent in self.sent if sent.user == user]

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/v2/bot/message/push", self._push),
            web.post("/v2/bot/message/reply", self._reply),
            web.get("/v2/bot/message/quota", self._quota),
            web.get("/v2/bot/message/quota/consumption", self._consumption),
            web.get("/v2/bot/message/{id}/content", self._content),
            web.get("/v2/bot/profile/{user}", self._profile),
            web.get("/v2/bot/info", self._info),
            web.post("/v2/bot/user/{user}/linkToken", self._link_token),
            web.get("/dialog/bot/accountLink", self._account_link),
        ]

    def request(self, deed: Mapping[str, Any], *, again: bool = False) -> Request:
        body = self.people.body({**deed, "deliveryContext": {"isRedelivery": again}})
        return Request(body, self.people.signed(body))

    def busy(self) -> web.Response:
        return self._refusal(429, RATE)

    async def _push(self, request: web.Request) -> web.Response:
        key, body = request.headers.get("X-Line-Retry-Key", ""), await _json(request)
        refused = self._unwelcome(request) or self._bad_key(key) or self._known(key) or self._bad(body)
        if refused is not None:
            return refused
        user = body.get("to")
        if not isinstance(user, str) or not user:
            return self._refusal(400, NO_TO)
        if user not in self.people.names:
            return self._refusal(400, NOBODY)
        if self.month is not None and self.used >= self.month:
            return self._refusal(429, MONTH)
        request_id, answer = self._deliver(Sent(user, tuple(body["messages"]), "push"))
        if key:
            self._accepted[key] = (request_id, answer)
        return self._taken(request_id, answer)

    async def _reply(self, request: web.Request) -> web.Response:
        body = await _json(request)
        refused = self._unwelcome(request) or self._bad(body)
        if refused is not None:
            return refused
        if "X-Line-Retry-Key" in request.headers:
            return self._refusal(400, BAD_KEY)
        user = self.people.reply_tokens.pop(str(body.get("replyToken")), None)
        if user is None:
            return self._refusal(400, NO_TOKEN)
        return self._taken(*self._deliver(Sent(user, tuple(body["messages"]), "reply")))

    def _deliver(self, sent: Sent) -> tuple[str, Json]:
        """Who blocked the account costs nothing and gets nothing, and the sender cannot tell."""
        if sent.user not in self.people.blocked:
            self.used += sent.way == "push"
            self.sent.append(sent)
        return self._id(), {"sentMessages": [{"id": self._id(), "quoteToken": "yHAz4Ua2wx7"} for _ in sent.messages]}

    def _taken(self, request_id: str, answer: Json) -> web.Response:
        return web.json_response(answer, headers={"X-Line-Request-Id": request_id})

    def _unwelcome(self, request: web.Request) -> web.Response | None:
        if request.headers.get("Authorization") == f"Bearer {self.token}":
            return None
        return self._refusal(401, "Authentication failed. Confirm that the access token in the header is valid.")

    def _bad_key(self, key: str) -> web.Response | None:
        if not key:
            return None
        try:
            UUID(key)
        except ValueError:
            return self._refusal(400, BAD_KEY)
        return None

    def _known(self, key: str) -> web.Response | None:
        if key not in self._accepted:
            return None
        first, answer = self._accepted[key]
        return web.json_response(
            {"message": SAME_KEY, **answer},
            status=409,
            headers={"X-Line-Request-Id": self._id(), "X-Line-Accepted-Request-Id": first},
        )

    def _bad(self, body: Json) -> web.Response | None:
        if not body:
            return self._refusal(400, "The request body could not be parsed as JSON (line: 1, column: 1)")
        found = complaints(body.get("messages"))
        return self._refusal(400, f"The request body has {len(found)} error(s)", details=found) if found else None

    def _refusal(self, status: int, message: str, **more: Any) -> web.Response:
        return web.json_response({"message": message, **more}, status=status, headers={"X-Line-Request-Id": self._id()})

    def _id(self) -> str:
        return str(next(self._numbers))

    async def _quota(self, request: web.Request) -> web.Response:
        told = {"type": "none"} if self.month is None else {"type": "limited", "value": self.month}
        return self._unwelcome(request) or web.json_response(told)

    async def _consumption(self, request: web.Request) -> web.Response:
        return self._unwelcome(request) or web.json_response({"totalUsage": self.used})

    async def _content(self, request: web.Request) -> web.Response:
        data = self.people.files.get(request.match_info["id"])
        found = self._refusal(404, "Not found") if data is None else web.Response(body=data, content_type="image/jpeg")
        return self._unwelcome(request) or found

    async def _profile(self, request: web.Request) -> web.Response:
        user = request.match_info["user"]
        known = user in self.people.names and user not in self.people.blocked
        told = web.json_response({"userId": user, "displayName": self.people.names.get(user), "language": "ja"})
        return self._unwelcome(request) or (told if known else self._refusal(404, "Not found"))

    async def _info(self, request: web.Request) -> web.Response:
        told = {"userId": "U" + "f" * 32, "basicId": BASIC_ID, "displayName": "縁側", "chatMode": "bot"}
        return self._unwelcome(request) or web.json_response({**told, "markAsReadMode": "auto"})

    async def _link_token(self, request: web.Request) -> web.Response:
        user = request.match_info["user"]
        refused = self._unwelcome(request)
        if refused is not None:
            return refused
        if user not in self.people.names or user in self.people.blocked:
            return self._refusal(404, "Not found")
        return web.json_response({"linkToken": self.people.link_token(user)})

    async def _account_link(self, request: web.Request) -> web.Response:
        """What the person's browser is led to; refused, it tells the person, and the bot nothing."""
        given = dict(request.query)
        if set(given) != {"linkToken", "nonce"} or not NONCE.fullmatch(given["nonce"]):
            return web.Response(status=400, text="invalid request")
        if not self.people.confirms(given["linkToken"], given["nonce"]):
            return web.Response(status=400, text="the link token has expired")
        return web.Response(text="linked")


def shown(found: Any) -> Iterator[str]:
    """Every text in a message object that a person sees, in order."""
    if isinstance(found, list):
        for each in found:
            yield from shown(each)
    elif isinstance(found, dict):
        for name, value in found.items():
            if name in ("text", "label") and isinstance(value, str):
                yield value
            elif name != "type":
                yield from shown(value)


async def _json(request: web.Request) -> Json:
    try:
        found = json.loads(await request.read())
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
