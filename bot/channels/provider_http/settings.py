"""The channel's setting: a token for each machine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

TOKENS = "ENGAWA_PROVIDER_TOKENS"


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """``tokens`` by host, with the port where one is written; they never show in a repr."""

    tokens: Mapping[str, str] = field(repr=False)

    def token_for(self, base_url: str) -> str:
        """The token of the machine at this address, which is told to nobody else; empty where there is none."""
        return self.tokens.get(urlsplit(base_url).netloc.lower(), "")


def read_settings(environment: Mapping[str, str]) -> ProviderSettings | None:
    """``HOST[:PORT]=TOKEN``, parted by spaces; None where the channel is off. Raises ValueError, repeating no token."""
    given = environment.get(TOKENS, "").split()
    if not given:
        return None
    pairs = [pair.partition("=") for pair in given]
    if not all(host and mark and token.isascii() and token.isprintable() for host, mark, token in pairs):
        raise ValueError(f"{TOKENS} is not of the form HOST=TOKEN HOST=TOKEN")
    return ProviderSettings({host.lower(): token for host, _, token in pairs})
