"""Mailboxes: an address that may stand on an SMTP line and in a header, and the name beside it."""

import re
from dataclasses import dataclass

# RFC 5322 atext and dots. Dots in odd places are kept: Japanese carriers gave out addresses like "taro..@…" for years.
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}")
_DOT_ATOM = re.compile(r"[^.]+(?:\.[^.]+)*")
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*")
_NAMED = re.compile(r'\s*"?(?P<name>[^"<>]*?)"?\s*<(?P<address>[^<>]+)>\s*')


class BadAddress(ValueError):
    """This is not an address that mail can be sent to; it never will be."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address with the name people see beside it (empty: none)."""

    address: str
    name: str = ""

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


def smtp_address(text: str) -> str:
    """The address as SMTP and headers take it: local part quoted where RFC 5321 asks for it, domain in ASCII.

    Raises BadAddress, without repeating the address, for anything else, non-ASCII local parts included.
    """
    local, _, domain = text.strip().rpartition("@")
    if len(local) > 2 and local[0] == local[-1] == '"':
        local = local[1:-1]
    if not _LOCAL.fullmatch(local):
        raise BadAddress("not an email address")
    domain = ascii_domain(domain)
    if not _DOMAIN.fullmatch(domain):
        raise BadAddress("not an email address: its domain")
    return f"{local}@{domain}" if _DOT_ATOM.fullmatch(local) else f'"{local}"@{domain}'


def known_form(text: str) -> str:
    """An address that came in, in the form in which we keep addresses: lower case, no quotes. Raises BadAddress."""
    local, _, domain = smtp_address(text).lower().rpartition("@")
    return f"{local[1:-1]}@{domain}" if local.startswith('"') else f"{local}@{domain}"


def read_mailbox(text: str) -> Mailbox:
    """``Name <address>`` or a bare address, as people write it in settings. Raises BadAddress."""
    named = _NAMED.fullmatch(text)
    if named is None:
        return Mailbox(smtp_address(text))
    return Mailbox(smtp_address(named["address"]), named["name"].strip())


def ascii_domain(domain: str) -> str:
    """A domain as DNS knows it (IDNA). Raises BadAddress."""
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        raise BadAddress("not an email address: its domain") from None
