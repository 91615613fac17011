"""Who may be written to, what reached them, and what they do: each deed is an update (#update)."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from engawa_fakes.telegram.keyboard import Rows
from engawa_fakes.telegram.refusal import RefusalError, bad

FIRST_CHAT = 700_000_001
FIRST_UPDATE = 900_000_001
DATE = 1_795_568_400  # of everything that happens here: 2026-11-25 in Tokyo
GROUP = -100_500
BOT = {"id": 4242, "is_bot": True, "first_name": "Engawa", "username": "engawa_test_bot"}
PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")  # core.telegram.org/bots/features#deep-linking
Update = dict[str, Any]


@dataclass(slots=True)
class Received:
    """A message of the bot's, as its reader sees it. ``html`` is how it was sent."""

    chat: int
    message_id: int
    text: str
    html: str
    rows: Rows = field(default_factory=list)

    @property
    def labels(self) -> list[str]:
        return [button["text"] for row in self.rows for button in row]

    def data(self, label: str) -> str:
        """What the button with this label carries."""
        offered = {b["text"]: str(b["callback_data"]) for row in self.rows for b in row if "callback_data" in b}
        return offered[label]


class Chats:
    """Private chats with the bot. Everything a person does is queued as an update, and answered to the caller."""

    def __init__(self) -> None:
        self.updates: list[Update] = []
        self.messages: list[Received] = []
        self.pressed: dict[str, bool] = {}  # callback query → whether it was answered
        self.files: dict[str, bytes] = {}
        self._refusals: dict[int, RefusalError | None] = {}
        self._next_update = FIRST_UPDATE
        self._next_message = 0

    # What happens to chats.

    def starts(self, payload: str = "") -> int:
        """Somebody new presses Start, perhaps behind a link with ``?start=payload``; their chat."""
        chat = FIRST_CHAT + len(self._refusals)
        self._refusals[chat] = None
        self.says(chat, f"/start {payload}".strip())
        return chat

    def opens(self, url: str) -> int:
        """Somebody new follows a deep link to the bot and presses Start; their chat."""
        parts = urlsplit(url)
        assert (parts.scheme, parts.netloc, parts.path) == ("https", "t.me", f"/{BOT['username']}")
        (payload,) = parse_qs(parts.query)["start"]
        assert PAYLOAD.fullmatch(payload)
        return self.starts(payload)

    def blocks(self, chat: int) -> Update:
        self._refusals[chat] = RefusalError(403, "Forbidden: bot was blocked by the user")
        return self._member(chat, "kicked")

    def unblocks(self, chat: int) -> Update:
        self._refusals[chat] = None
        return self._member(chat, "member")

    def deactivates(self, chat: int) -> None:
        """The person deletes their account."""
        self._refusals[chat] = RefusalError(403, "Forbidden: user is deactivated")

    def migrates(self, chat: int) -> None:
        said = "Bad Request: group chat was upgraded to a supergroup chat"
        self._refusals[chat] = RefusalError(400, said, migrate_to_chat_id=GROUP)

    # What people do.

    def says(self, chat: int, text: str, **more: Any) -> Update:
        return self.happens("message", self._message(chat, text=text, **more))

    def edits(self, chat: int, text: str) -> Update:
        return self.happens("edited_message", self._message(chat, text=text, edit_date=DATE))

    def says_in_group(self, chat: int, text: str) -> Update:
        message = self._message(chat, text=text)
        message["chat"] = {"id": GROUP, "type": "group", "title": "neighbours"}
        return self.happens("message", message)

    def presses(self, chat: int, label: str) -> Update:
        """Presses the newest button in the chat with this label."""
        found = next(m for m in reversed(self.messages) if m.chat == chat and label in m.labels)
        return self.presses_data(found, found.data(label))

    def presses_data(self, on: Received, data: str) -> Update:
        """A client may send any data for a message."""
        query = str(5_000_000_000 + self._next_update)
        self.pressed[query] = False
        message = {**self.shown(on), "from": dict(BOT)}
        what = {"id": query, "from": self._user(on.chat), "message": message, "chat_instance": "1", "data": data}
        return self.happens("callback_query", what)

    def sends_photo(self, chat: int, data: bytes, caption: str = "") -> Update:
        """A photo comes in two sizes, the smaller first."""
        sizes = [self._file(data, width=90, height=60), self._file(data, width=1280, height=853)]
        return self.happens("message", self._message(chat, photo=sizes, **self._caption(caption)))

    def sends_document(self, chat: int, data: bytes, caption: str = "") -> Update:
        file = self._file(data, file_name="report.pdf", mime_type="application/pdf")
        return self.happens("message", self._message(chat, document=file, **self._caption(caption)))

    def happens(self, kind: str, what: dict[str, Any]) -> Update:
        """Queues an update of any kind."""
        update = {"update_id": self._next_update, kind: what}
        self._next_update += 1
        self.updates.append(update)
        return update

    # What the methods need.

    def writable(self, chat: int) -> int:
        """The chat, if the bot may write there."""
        if chat not in self._refusals:
            raise bad("chat not found")
        refusal = self._refusals[chat]
        if refusal is not None:
            raise refusal
        return chat

    def put(self, chat: int, text: str, html: str, rows: Rows) -> Received:
        self._next_message += 1
        self.messages.append(Received(chat, self._next_message, text, html, rows))
        return self.messages[-1]

    def shown(self, message: Received) -> dict[str, Any]:
        """The message as the platform's own object."""
        found = {
            "message_id": message.message_id,
            "date": DATE,
            "chat": self._chat(message.chat),
            "from": dict(BOT),
            "text": message.text,
        }
        return found | ({"reply_markup": {"inline_keyboard": message.rows}} if message.rows else {})

    def _message(self, chat: int, **what: Any) -> dict[str, Any]:
        self._next_message += 1
        who = {"from": self._user(chat), "chat": self._chat(chat)}
        return {"message_id": self._next_message, "date": DATE, **who, **what}

    def _member(self, chat: int, status: str) -> Update:
        until = {"until_date": 0} if status == "kicked" else {}
        before = {"user": dict(BOT), "status": "member"}
        change = {"old_chat_member": before, "new_chat_member": {"user": dict(BOT), "status": status, **until}}
        who = {"chat": self._chat(chat), "from": self._user(chat), "date": DATE}
        return self.happens("my_chat_member", who | change)

    def _file(self, data: bytes, **more: Any) -> dict[str, Any]:
        file_id = f"file-{len(self.files) + 1}"
        self.files[file_id] = data
        return {"file_id": file_id, "file_unique_id": f"u-{file_id}", "file_size": len(data), **more}

    @staticmethod
    def _caption(text: str) -> dict[str, str]:
        return {"caption": text} if text else {}

    @staticmethod
    def _user(chat: int) -> dict[str, Any]:
        return {"id": chat, "is_bot": False, "first_name": "花子", "last_name": "山田", "language_code": "ja"}

    @staticmethod
    def _chat(chat: int) -> dict[str, Any]:
        return {"id": chat, "type": "private", "first_name": "花子", "last_name": "山田"}
