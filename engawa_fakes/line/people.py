"""What people do in LINE, as the events that the platform would call a webhook with."""

import base64
import hashlib
import hmac
import json
from itertools import count
from typing import Any
from urllib.parse import quote, unquote, urlsplit

Json = dict[str, Any]
BASIC_ID = "@216ru"
EPOCH = 1795654800000  # milliseconds: 26 November 2026, ten in the morning in Tokyo


class People:
    """Who is there, and what each of them does. Whoever does something is known, and is a friend.

    Every event is the dict that stands in a webhook's ``events``; ``body`` puts events into a request, and ``signed``
    gives the headers that make it genuine.
    """

    def __init__(self, secret: str) -> None:
        self.names: dict[str, str] = {}
        self.blocked: set[str] = set()  # they blocked the account: LINE answers 200 and delivers nothing
        self.reply_tokens: dict[str, str] = {}  # token → user; taken out when it is used or expires
        self.files: dict[str, bytes] = {}  # message id → content
        self.link_tokens: dict[str, str] = {}  # token → user; taken out when it is used or expires
        self.linked: list[Json] = []  # what the dialog of account linking has led to
        self.signed_in = ""  # the user whose browser it is; empty: whoever the token was issued for
        self._secret = secret
        self._numbers = count(1)

    def user(self, name: str = "山田 花子") -> str:
        """A new friend's id."""
        user = f"U{next(self._numbers):032x}"
        self.names[user] = name
        return user

    def say(self, user: str, text: str) -> Json:
        return self._message(user, {"type": "text", "text": text, "quoteToken": "q3Plxr4AgKd"})

    def opens(self, user: str, url: str) -> Json:
        """They follow a link to the account with words already typed, and send them."""
        parts = urlsplit(url)
        assert (parts.scheme, parts.netloc, parts.path) == ("https", "line.me", f"/R/oaMessage/{quote(BASIC_ID, '')}/")
        return self.say(user, unquote(parts.query))

    def sticker(self, user: str) -> Json:
        given = {"packageId": "446", "stickerId": "1988", "stickerResourceType": "STATIC", "quoteToken": "q3Plxr4AgKd"}
        return self._message(user, {"type": "sticker", **given})

    def image(self, user: str, data: bytes) -> Json:
        """A photo; its bytes are had from the content endpoint."""
        event = self._message(user, {"type": "image", "contentProvider": {"type": "line"}, "quoteToken": "q3Plxr4AgKd"})
        self.files[event["message"]["id"]] = data
        return event

    def file(self, user: str, data: bytes, name: str = "報告書.pdf") -> Json:
        event = self._message(user, {"type": "file", "fileName": name, "fileSize": len(data)})
        self.files[event["message"]["id"]] = data
        return event

    def press(self, user: str, data: str) -> Json:
        """A postback button is pressed."""
        return self._event(user, "postback", postback={"data": data}, replyToken=self._token(user))

    def follow(self, user: str, again: bool = False) -> Json:
        """They add the account as a friend, or unblock it."""
        self.blocked.discard(user)
        return self._event(user, "follow", follow={"isUnblocked": again}, replyToken=self._token(user))

    def unfollow(self, user: str) -> Json:
        """They block the account."""
        self.blocked.add(user)
        return self._event(user, "unfollow")

    def unsend(self, user: str, message_id: str) -> Json:
        """They take a message back; its content is gone."""
        self.files.pop(message_id, None)
        return self._event(user, "unsend", unsend={"messageId": message_id})

    def link(self, user: str, nonce: str, result: str = "ok") -> Json:
        """They logged in on the site that gave the nonce, or failed to."""
        return self._event(user, "accountLink", link={"result": result, "nonce": nonce}, replyToken=self._token(user))

    def link_token(self, user: str) -> str:
        """A token for the dialog of account linking, for ten minutes."""
        token = f"NMZTNuVrPTqlr2IF8Bnymkb7rXfYv5EY{next(self._numbers)}"
        self.link_tokens[token] = user
        return token

    def confirms(self, token: str, nonce: str) -> bool:
        """The dialog is gone through; whether the token was good. Another than its user gets a failure."""
        user = self.link_tokens.pop(token, "")
        if user:
            here = self.signed_in or user
            self.linked.append(self.link(here, nonce, "ok" if here == user else "failed"))
        return bool(user)

    def body(self, *events: Json) -> bytes:
        """A request with these events; LINE escapes nothing that is text."""
        return json.dumps({"destination": "U" + "f" * 32, "events": events}, ensure_ascii=False).encode()

    def signed(self, body: bytes) -> dict[str, str]:
        """The headers of a genuine request with this body, names in lower case."""
        digest = hmac.new(self._secret.encode(), body, hashlib.sha256).digest()
        return {"content-type": "application/json", "x-line-signature": base64.b64encode(digest).decode()}

    def expire(self) -> None:
        """Time passes: no reply token and no link token given so far works any more."""
        self.reply_tokens.clear()
        self.link_tokens.clear()

    def _message(self, user: str, message: Json) -> Json:
        given = {"id": str(468789577898262530 + next(self._numbers)), **message}
        return self._event(user, "message", message=given, replyToken=self._token(user))

    def _event(self, user: str, kind: str, **said: Any) -> Json:
        self.names.setdefault(user, "山田 花子")
        number = next(self._numbers)
        return {
            "type": kind,
            "mode": "active",
            "timestamp": EPOCH + number,
            "source": {"type": "user", "userId": user},
            "webhookEventId": f"01HG{number:022d}",
            "deliveryContext": {"isRedelivery": False},
            **said,
        }

    def _token(self, user: str) -> str:
        token = f"{next(self._numbers):032x}"
        self.reply_tokens[token] = user
        return token
