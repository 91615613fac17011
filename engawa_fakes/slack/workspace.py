"""The workspace itself: its Web API, its socket, and what stands in it."""

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import WSMsgType, web

from engawa_fakes.arrival import Request
from engawa_fakes.platform import Platform
from engawa_fakes.slack.blocks import checked, checked_view, text_of
from engawa_fakes.slack.names import APP, BOT, BOT_USER, DESK, EMAILS, GONE, RETRY_AFTER, USERS
from engawa_fakes.slack.shown import RefusedError, Shown
from engawa_fakes.slack.visitors import Visitors

TAKES = {
    "chat.postMessage": {"channel", "text", "blocks", "thread_ts", "unfurl_links", "unfurl_media", "mrkdwn"},
    "chat.update": {"channel", "ts", "text", "blocks"},
    "chat.postEphemeral": {"channel", "user", "text", "blocks", "thread_ts"},
    "views.open": {"trigger_id", "view"},
    "views.update": {"view_id", "view", "hash"},
    "users.info": {"user"},
    "files.info": {"file"},
    "conversations.open": {"users"},
    "auth.test": set(),
    "apps.connections.open": set(),
}


class FakeSlack(Visitors, Platform):
    """One workspace with one bot in it."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[Shown] = []
        self.modals: list[dict[str, Any]] = []
        self.acknowledged: list[dict[str, Any]] = []  # what came back through the socket
        self.at = 1_795_654_800.0  # the instant at which requests are signed: 26 November 2026, ten in the morning
        self.archived: set[str] = set()
        self.words: list[str] = []  # what the next calls are refused with, one each
        self.token = BOT
        self._sockets: list[web.WebSocketResponse] = []
        self._connected = asyncio.Event()
        self.heard = asyncio.Event()  # set when something comes back through the socket

    @property
    def api(self) -> str:
        return f"{self.url}/api/"

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/api/{method}", self._call),
            web.get("/api/{method}", self._call),
            web.get("/files/{file}", self._download),
            web.get("/socket", self._socket),
        ]

    def request(self, deed: Mapping[str, Any], *, again: bool = False) -> Request:
        """To the door of its kind, signed as of ``at``; a repeat says that it is one."""
        path, body = self.packed(deed)
        repeat = {"x-slack-retry-num": "1", "x-slack-retry-reason": "http_timeout"} if again else {}
        return Request(body, self.sign(body, self.at) | repeat, "/" + path.rpartition("/")[2])

    def busy(self) -> web.Response:
        headers = {"Retry-After": str(RETRY_AFTER)}
        return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)

    # What people see.

    def received(self, channel: str) -> list[Shown]:
        """What stands in a channel, or in the conversation with a person: threads and whispers left out."""
        return [one for one in self.messages if one.channel == channel and not one.thread_ts and not one.only_to]

    def thread(self, channel: str, ts: str) -> list[Shown]:
        """What stands in the thread of a message."""
        return [one for one in self.messages if (one.channel, one.thread_ts) == (channel, ts)]

    def whispered(self, user: str) -> list[Shown]:
        """What only this person was shown."""
        return [one for one in self.messages if one.only_to == user]

    # The Web API.

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        try:
            if self.words:
                raise RefusedError(self.words.pop(0))
            given = await self._given(request, method)
            answer = self._methods()[method](given)
        except RefusedError as refused:
            return web.json_response({"ok": False, "error": str(refused)})
        return web.json_response({"ok": True, **answer})

    async def _given(self, request: web.Request, method: str) -> dict[str, Any]:
        if method not in TAKES:
            raise RefusedError("unknown_method")
        wanted = APP if method == "apps.connections.open" else self.token
        if request.headers.get("Authorization", "") != f"Bearer {wanted}":
            raise RefusedError("invalid_auth")
        form = request.content_type == "application/x-www-form-urlencoded"
        given: dict[str, Any] = dict(request.query) | (dict(await request.post()) if form else {})
        if not form and await request.read():
            given = await request.json()
        for name in ("blocks", "view"):
            if isinstance(given.get(name), str):
                given[name] = json.loads(given[name])
        if extra := set(given) - TAKES[method] - {"token", "parse", "link_names"}:
            raise RefusedError(f"invalid_arguments_{'_'.join(sorted(extra))}")
        return given

    def _methods(self) -> Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]]:
        return {
            "auth.test": lambda _: {"user_id": BOT_USER, "team_id": "T0", "bot_id": "B0"},
            "chat.postMessage": self._post,
            "chat.update": self._update,
            "chat.postEphemeral": self._whisper,
            "views.open": self._open,
            "views.update": lambda given: {"view": checked_view(given.get("view"))},
            "users.info": self._info,
            "files.info": self._file,
            "conversations.open": lambda given: {"channel": {"id": self._conversation(given.get("users", ""))}},
            "apps.connections.open": lambda _: {"url": self.url.replace("http", "ws", 1) + "/socket"},
        }

    def _post(self, given: dict[str, Any]) -> dict[str, Any]:
        channel = self._conversation(given.get("channel", ""))
        thread = given.get("thread_ts") or ""
        if thread and not re.fullmatch(r"\d+\.\d{6}", thread):
            raise RefusedError("invalid_thread_ts")
        shown = Shown(channel, self.stamp(), text_of(given), checked(given.get("blocks", [])), thread)
        self.messages.append(shown)
        return {"channel": channel, "ts": shown.ts, "message": {"text": shown.text}}

    def _update(self, given: dict[str, Any]) -> dict[str, Any]:
        channel = self._conversation(given.get("channel", ""))
        found = [one for one in self.messages if (one.channel, one.ts) == (channel, given.get("ts"))]
        if not found or found[0].only_to:
            raise RefusedError("message_not_found")
        found[0].text, found[0].blocks = text_of(given), checked(given.get("blocks", []))
        found[0].edits += 1
        return {"channel": channel, "ts": found[0].ts, "text": found[0].text}

    def _whisper(self, given: dict[str, Any]) -> dict[str, Any]:
        channel = self._conversation(given.get("channel", ""))
        if given.get("user") not in USERS:
            raise RefusedError("user_not_in_channel")
        shown = Shown(channel, self.stamp(), text_of(given), checked(given.get("blocks", [])), only_to=given["user"])
        self.messages.append(shown)
        return {"message_ts": shown.ts}

    def _open(self, given: dict[str, Any]) -> dict[str, Any]:
        trigger = given.get("trigger_id", "")
        if trigger not in self._triggers:
            raise RefusedError("invalid_trigger_id")
        view = checked_view(given.get("view"))
        self._triggers.remove(trigger)
        shown = {**view, "id": f"V{next(self._numbers):08}"}
        self.modals.append(shown)
        return {"view": shown}

    def _info(self, given: dict[str, Any]) -> dict[str, Any]:
        user = given.get("user", "")
        if user not in USERS:
            raise RefusedError("user_not_found")
        profile = {"email": EMAILS[user]} if user in EMAILS else {}
        told = {"name": USERS[user], "deleted": False, "is_email_confirmed": user in EMAILS, "profile": profile}
        return {"user": {"id": user, **told}}

    def _file(self, given: dict[str, Any]) -> dict[str, Any]:
        """Where a file lies is told here; ``elsewhere`` is an address that is not Slack's."""
        name = given.get("file", "")
        if name not in self.files:
            raise RefusedError("file_not_found")
        url = self.elsewhere.get(name, f"{self.url}/files/{name}")
        return {"file": {"id": name, "size": len(self.files[name]), "url_private_download": url, "mode": "hosted"}}

    async def _download(self, request: web.Request) -> web.Response:
        """Without the token Slack leads to the page on which people log in."""
        if request.headers.get("Authorization", "") != f"Bearer {self.token}":
            raise web.HTTPFound("/login")
        data = self.files.get(request.match_info["file"])
        return web.Response(status=404) if data is None else web.Response(body=data)

    def _conversation(self, place: str) -> str:
        """A channel, or the conversation with a person: a message to a user's id goes there."""
        if place in self.archived:
            raise RefusedError("is_archived")
        if place == GONE:
            raise RefusedError("account_inactive")
        if place not in (DESK, *USERS):
            raise RefusedError("channel_not_found")
        return place

    # Socket Mode.

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1})
        self._sockets.append(socket)
        self._connected.set()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self.acknowledged.append(json.loads(message.data))
                self.heard.set()
        return socket

    async def deliver(self, body: Mapping[str, Any]) -> str:
        """One body through the socket, once somebody listens; its envelope's id."""
        await self._connected.wait()
        kinds = {"event_callback": "events_api", "block_actions": "interactive", "view_submission": "interactive"}
        kind = kinds.get(str(body.get("type", "")), "slash_commands")
        envelope = f"envelope-{next(self._numbers)}"
        sent = {"type": kind, "envelope_id": envelope, "payload": dict(body), "accepts_response_payload": True}
        await self._sockets[-1].send_json(sent)
        return envelope
