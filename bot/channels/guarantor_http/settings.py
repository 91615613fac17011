"""The channel's settings: where the core system is, and the secret that both sides sign with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

URL, SECRET = "ENGAWA_GUARANTOR_URL", "ENGAWA_GUARANTOR_SECRET"
SHORTEST = 16  # characters of a secret


@dataclass(frozen=True, slots=True)
class GuarantorSettings:
    """``url`` is the base, without a slash at its end; the secret never shows in a repr."""

    url: str
    secret: str = field(repr=False)


def read_settings(environment: Mapping[str, str]) -> GuarantorSettings | None:
    """None where the channel is off. Raises ValueError, repeating no secret."""
    url, secret = environment.get(URL, "").strip(), environment.get(SECRET, "").strip()
    if not url and not secret:
        return None
    if not url or not secret:
        raise ValueError(f"{URL} and {SECRET} are needed together")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"{URL} is not the base address of a machine, such as https://core.example.jp")
    if len(secret) < SHORTEST or not secret.isascii() or not secret.isprintable():
        raise ValueError(f"{SECRET} must be {SHORTEST} or more plain characters")
    return GuarantorSettings(url.rstrip("/"), secret)
