"""The settings of the Telegram channel: whose bot, where its platform is, and who calls whom."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

TOKEN = "ENGAWA_TELEGRAM_TOKEN"
WEBHOOK_SECRET = "ENGAWA_TELEGRAM_WEBHOOK_SECRET"
API_BASE = "ENGAWA_TELEGRAM_API_BASE"
PATH = "/webhooks/telegram"
_PLATFORM = "https://api.telegram.org/bot"
_BOT = "/bot"
_TOKEN = re.compile(r"[A-Za-z0-9:_-]{3,200}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")  # core.telegram.org/bots/api#setwebhook, secret_token


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """Everything the channel needs, read once. Secrets never show in a repr.

    With a ``secret`` the platform calls us at ``webhook_url``; without one we ask it.
    """

    token: str = field(repr=False)
    secret: str = field(default="", repr=False)
    api: str = _PLATFORM
    webhook_url: str = ""

    @property
    def files(self) -> str:
        """Files lie beside the methods: …/file/bot (core.telegram.org/bots/api#getfile)."""
        return f"{self.api.removesuffix(_BOT)}/file{_BOT}"


def read_settings(environment: Mapping[str, str], public_url: str) -> TelegramSettings | None:
    """None without a token. Raises ValueError with one plain line that repeats no secret."""
    token = environment.get(TOKEN, "").strip()
    if not token:
        return None
    if not _TOKEN.fullmatch(token):
        raise ValueError(f"{TOKEN} is not a token as BotFather gives it")
    secret = environment.get(WEBHOOK_SECRET, "").strip()
    if secret and not _SECRET.fullmatch(secret):
        raise ValueError(f"{WEBHOOK_SECRET} may only hold letters, digits, _ and -, at most 256")
    api = _api(environment.get(API_BASE, "").strip() or _PLATFORM)
    return TelegramSettings(token, secret, api, public_url.rstrip("/") + PATH)


def _api(url: str) -> str:
    try:
        parts = urlsplit(url)
        named = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        named = False
    if not named or not url.endswith(_BOT) or parts.query or parts.fragment or parts.username:
        raise ValueError(f"{API_BASE} is not an http(s) URL that ends in {_BOT}")
    return url
