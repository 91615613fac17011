"""The channel's settings: its secret, its token, and where the platform is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

CHANNEL_SECRET = "ENGAWA_LINE_CHANNEL_SECRET"
CHANNEL_TOKEN = "ENGAWA_LINE_CHANNEL_TOKEN"
API_BASE = "ENGAWA_LINE_API_BASE"
API = "https://api.line.me"
DATA = "https://api-data.line.me"  # files lie on a host of their own (Messaging API reference, "Domain name")
ACCESS = "https://access.line.me"  # where people confirm that an account is theirs ("Linking user accounts")


@dataclass(frozen=True, slots=True)
class LineSettings:
    """Everything the channel needs, read once. What is secret never shows in a repr."""

    secret: str = field(repr=False)
    token: str = field(repr=False)
    api: str = API
    data: str = DATA
    access: str = ACCESS


def read_settings(environment: Mapping[str, str]) -> LineSettings | None:
    """The settings, or None where the channel is off. Raises ValueError with one plain line that repeats no secret."""
    secret, token, base = (environment.get(name, "").strip() for name in (CHANNEL_SECRET, CHANNEL_TOKEN, API_BASE))
    if not secret and not token:
        return None
    if not secret or not token:
        missing = CHANNEL_TOKEN if secret else CHANNEL_SECRET
        raise ValueError(f"{missing} is not set, and the channel needs both its secret and its token")
    for name, value in ((CHANNEL_SECRET, secret), (CHANNEL_TOKEN, token)):
        if not (value.isascii() and value.isprintable() and " " not in value):
            raise ValueError(f"{name} holds characters that no key of this platform has")
    return LineSettings(secret, token, *(_bases(base) if base else (API, DATA, ACCESS)))


def _bases(base: str) -> tuple[str, str, str]:
    """One counterpart serves what the platform parts between three hosts."""
    complaint = f"{API_BASE} is not a URL of the form scheme://host:port"
    try:
        parts = urlsplit(base)
        port = parts.port
    except ValueError:
        raise ValueError(complaint) from None
    whole = parts.scheme in ("http", "https") and parts.hostname and port != 0
    if not whole or parts.username or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError(complaint)
    plain = f"{parts.scheme}://{parts.netloc}"
    return plain, plain, plain
