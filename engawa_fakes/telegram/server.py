"""The server: the bot's methods over HTTP, with what the platform refuses, and where updates go."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import ClientSession, web

from engawa_fakes.arrival import Request
from engawa_fakes.platform import Platform
from engawa_fakes.telegram.chats import BOT, Chats, Received
from engawa_fakes.telegram.keyboard import keyboard_of
from engawa_fakes.telegram.methods import Given, checked, given_in, number
from engawa_fakes.telegram.refusal import RefusalError, bad
from engawa_fakes.telegram.text import shown_text

KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
LARGEST_FILE = 20 * 1024 * 1024  # bytes that a bot may fetch
LONGEST_NOTE = 200  # characters of the answer to a pressed button
LIMIT = 100  # updates at once
RETRY_AFTER = 3  # seconds


class FakeTelegram(Platform, Chats):
    """Telegram's Bot API. ``api`` is the base URL of its methods, ``token`` the one token that it takes.

    Webhooks must be https, as the platform wants it, unless ``insists_on_https`` is False.
    """

    def __init__(self) -> None:
        Platform.__init__(self)
        Chats.__init__(self)
        self.token = "4242:loopback-token_of-a-bot"
        self.insists_on_https = True
        self.secret = ""  # what webhooks are called with as long as none was set by setWebhook
        self.webhook: dict[str, str] = {}
        self.webhook_set = asyncio.Event()  # for a test that waits until it is
        self._allowed = KINDS
        self._asking: asyncio.Event | None = None  # set: somebody else asks, and whoever asked before is sent away
        self._new = asyncio.Event()

    @property
    def api(self) -> str:
        return f"{self.url}/bot"

    def received(self, chat: int) -> list[Received]:
        """What reached this person, as it stands now."""
        return [message for message in self.messages if message.chat == chat]

    def happens(self, kind: str, what: dict[str, Any]) -> dict[str, Any]:
        update = super().happens(kind, what)
        self._new.set()
        return update

    async def deliver(self) -> list[int]:
        """Sends what has happened to the webhook; the statuses. What is not answered with 2xx stays."""
        statuses = []
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook.get("secret_token", "")}
        async with ClientSession() as session:
            for update in list(self.updates):
                async with session.post(self.webhook["url"], json=update, headers=headers) as answer:
                    statuses.append(answer.status)
                if answer.ok:
                    self.updates.remove(update)
        return statuses

    def routes(self) -> list[web.RouteDef]:
        return [
            web.route("*", "/bot{token}/{method}", self._method),
            web.get("/file/bot{token}/files/{file_id}", self._download),
        ]

    def request(self, deed: Mapping[str, Any], *, again: bool = False) -> Request:
        """The platform repeats an update as it was; the secret is the one of setWebhook, or ``secret``."""
        secret = self.webhook.get("secret_token") or self.secret
        headers = {"content-type": "application/json", "x-telegram-bot-api-secret-token": secret}
        return Request(json.dumps(deed, ensure_ascii=False).encode(), headers)

    def busy(self) -> web.Response:
        said = f"Too Many Requests: retry after {RETRY_AFTER}"
        return RefusalError(429, said, retry_after=RETRY_AFTER).response

    async def _method(self, request: web.Request) -> web.Response:
        try:
            self._check_token(request)
            method = request.match_info["method"]
            answer = self._answers().get(method)
            if answer is None:
                raise RefusalError(404, "Not Found")
            return web.json_response({"ok": True, "result": await answer(checked(method, await given_in(request)))})
        except RefusalError as refusal:
            return refusal.response

    def _answers(self) -> Mapping[str, Callable[[Given], Awaitable[Any]]]:
        return {
            "getMe": self._me,
            "getUpdates": self._get_updates,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._webhook_info,
            "sendMessage": self._send_message,
            "editMessageReplyMarkup": self._edit_markup,
            "answerCallbackQuery": self._answer_query,
            "getFile": self._get_file,
        }

    def _check_token(self, request: web.Request) -> None:
        token = request.match_info["token"]
        if not TOKEN.fullmatch(token):
            raise RefusalError(404, "Not Found")
        if token != self.token:
            raise RefusalError(401, "Unauthorized")

    async def _me(self, _: Given) -> Any:
        return dict(BOT)

    async def _send_message(self, given: Given) -> Any:
        chat = self.writable(number(given, "chat_id"))
        rows = keyboard_of(given.get("reply_markup", ""))
        text = shown_text(given["text"], given.get("parse_mode", ""))
        return self.shown(self.put(chat, text, given["text"], rows))

    async def _edit_markup(self, given: Given) -> Any:
        place = self.writable(number(given, "chat_id")), number(given, "message_id")
        found = next((m for m in self.messages if (m.chat, m.message_id) == place), None)
        if found is None:
            raise bad("message to edit not found")
        rows = keyboard_of(given.get("reply_markup", ""))
        if rows == found.rows:
            raise bad("message is not modified: specified new message content and reply markup are exactly the same")
        found.rows = rows
        return self.shown(found)

    async def _answer_query(self, given: Given) -> Any:
        if self.pressed.get(given["callback_query_id"], True):
            raise bad("query is too old and response timeout expired or query ID is invalid")
        if len(given.get("text", "")) > LONGEST_NOTE:
            raise bad("MESSAGE_TOO_LONG")
        self.pressed[given["callback_query_id"]] = True
        return True

    async def _get_file(self, given: Given) -> Any:
        data = self.files.get(given["file_id"])
        if data is None:
            raise bad("wrong file_id or the file is temporarily unavailable")
        if len(data) > LARGEST_FILE:
            raise bad("file is too big")
        named = {"file_id": given["file_id"], "file_unique_id": f"u-{given['file_id']}"}
        return named | {"file_size": len(data), "file_path": f"files/{given['file_id']}"}

    async def _download(self, request: web.Request) -> web.Response:
        try:
            self._check_token(request)
        except RefusalError as refusal:
            return refusal.response
        data = self.files.get(request.match_info["file_id"])
        return RefusalError(404, "Not Found").response if data is None else web.Response(body=data)

    async def _set_webhook(self, given: Given) -> Any:
        if self.insists_on_https and not given["url"].startswith("https://"):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if given.get("secret_token") and not SECRET.fullmatch(given["secret_token"]):
            raise bad("secret token contains unallowed characters")
        self.webhook = dict(given)
        self.webhook_set.set()
        self._allow(given)
        return True

    async def _delete_webhook(self, _: Given) -> Any:
        self.webhook = {}
        return True

    async def _webhook_info(self, _: Given) -> Any:
        url = self.webhook.get("url", "")
        return {"url": url, "has_custom_certificate": False, "pending_update_count": len(self.updates)}

    async def _get_updates(self, given: Given) -> Any:
        """Asking from an offset on confirms all before it; with a timeout, an answer waits for something to happen."""
        if self.webhook:
            raise RefusalError(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook")
        self._allow(given)
        offset = number(given, "offset") if "offset" in given else 0
        self.updates = (
            self.updates[offset:] if offset < 0 else [u for u in self.updates if u.get("update_id", 0) >= offset]
        )
        if not self._wanted() and int(given.get("timeout", 0)) > 0:
            await self._wait(int(given["timeout"]))
        return self._wanted()[: int(given.get("limit", LIMIT))]

    async def _wait(self, seconds: float) -> None:
        """Until something happens. Of two that ask at once, the platform sends the first away."""
        if self._asking is not None:
            self._asking.set()
        mine = self._asking = asyncio.Event()
        self._new.clear()
        waits = [asyncio.ensure_future(self._new.wait()), asyncio.ensure_future(mine.wait())]
        try:
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for waiting in waits:
                waiting.cancel()
            self._asking = None if self._asking is mine else self._asking
        if mine.is_set():
            raise RefusalError(409, "Conflict: terminated by other getUpdates request; make sure that only one runs")

    def _wanted(self) -> list[dict[str, Any]]:
        return [update for update in self.updates if not set(update).isdisjoint(self._allowed)]

    def _allow(self, given: Given) -> None:
        """Which kinds are wanted holds until somebody says otherwise."""
        if given.get("allowed_updates"):
            self._allowed = tuple(json.loads(given["allowed_updates"]))
