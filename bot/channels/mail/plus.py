"""Plus-addresses: each mail asks for its answers, and its bounces, at an address that names the mail."""

import re
from uuid import UUID

from bot.channels.mail.address import Mailbox

_TOKEN = re.compile(r"\+([0-9a-f]{32})(?![^\s<>,;@\"])", re.IGNORECASE)
_OWN = re.compile(r"\+intake-([0-9a-f]{16})(?![^\s<>,;@\"])", re.IGNORECASE)
_PLAIN = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LONGEST_LOCAL = 31  # 64 that a local part may have (RFC 5321, 4.5.3.1.1), less the plus and the token


def is_plussable(sender: Mailbox) -> bool:
    """Whether a token finds room in the sender's address."""
    local = sender.address.rpartition("@")[0]
    return len(local) <= _LONGEST_LOCAL and bool(_PLAIN.fullmatch(local))


def plus_address(sender: Mailbox, key: str) -> str:
    """The sender's address with the key in it; empty for a key that is no UUID."""
    local, _, domain = sender.address.rpartition("@")
    try:
        return f"{local}+{UUID(key).hex}@{domain}"
    except ValueError:
        return ""


def key_in(text: str) -> str:
    """The key in the first plus-address in a header's value; empty where there is none."""
    found = _TOKEN.search(text)
    return str(UUID(found[1])) if found else ""


def key_of_id(text: str, domain: str) -> str:
    """The key in the last of these Message-IDs that is one of ours; empty where none is."""
    ours = re.findall(rf"<([0-9a-fA-F-]{{36}})@{re.escape(domain)}>", text, re.IGNORECASE)
    for found in reversed(ours):
        try:
            return str(UUID(found))
        except ValueError:
            continue
    return ""


def own_address(sender: Mailbox, token: str) -> str:
    """The sender's address with a token in it that stands for a company's files."""
    local, _, domain = sender.address.rpartition("@")
    return f"{local}+intake-{token}@{domain}"


def token_in(text: str) -> str:
    """The token in the first such address in a header's value; empty where there is none."""
    found = _OWN.search(text)
    return found[1].lower() if found else ""
