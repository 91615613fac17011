"""The mail channel's settings: which server, from whom, or which folder."""

import ipaddress
import re
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from bot.channels.mail.address import BadAddress, Mailbox, ascii_domain, read_mailbox

SMTP_URL = "ENGAWA_SMTP_URL"
MAIL_FROM = "ENGAWA_MAIL_FROM"
_HOST = re.compile(r"(?!.*\.\.)[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?")


class Security(StrEnum):
    """How the way to the server is protected; the values are the schemes of the setting."""

    IF_OFFERED = "smtp"
    STARTTLS = "smtp+starttls"
    TLS = "smtps"


@dataclass(frozen=True, slots=True)
class ImapServer:
    """A folder of a mailbox. Credentials never show in a repr. ``vouching`` is the name under which the server that
    takes in its mail says where each came from (RFC 8601, authserv-id); empty: nothing that it says counts."""

    host: str
    port: int
    encrypted: bool
    folder: str
    user: str = field(repr=False)
    password: str = field(repr=False)
    vouching: str = ""


_PORTS = {Security.IF_OFFERED: 25, Security.STARTTLS: 587, Security.TLS: 465}


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """A server to hand mail to. Credentials never show in a repr."""

    host: str
    port: int
    security: Security
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @property
    def must_trust(self) -> bool:
        """Whether the connection must be encrypted and the certificate checked.

        Where it is not asked for, encryption is taken when offered, from whoever offers it: no worse than none. But
        a password goes over an untrusted line only to this same machine.
        """
        return self.security is not Security.IF_OFFERED or (bool(self.user) and not is_loopback(self.host))


@dataclass(frozen=True, slots=True)
class MailSettings:
    """Everything the channel needs, read once. With a ``server`` mail goes there, without one into ``folder``.

    ``helo`` is how we introduce ourselves to the server: a host name or an address literal. ``stop_address``, if
    given, takes unsubscribe mails (List-Unsubscribe mailto). ``mailbox`` is where answers are read.
    """

    sender: Mailbox
    folder: Path
    helo: str
    server: SmtpServer | None = None
    stop_address: str = ""
    mailbox: ImapServer | None = None


def read_settings(smtp_url: str, mail_from: str, folder: Path, public_url: str) -> MailSettings:
    """Settings from the texts of the environment; empty means not set.

    Raises ValueError with one plain line that never repeats the server's URL, because a password may stand in it.
    Without ENGAWA_MAIL_FROM the sender is ``engawa`` at the public host.
    """
    host = _public_host(public_url)
    sender = _sender(mail_from) if mail_from.strip() else Mailbox(f"engawa@{_domain_of(host)}")
    server = read_server(smtp_url.strip()) if smtp_url.strip() else None
    return MailSettings(sender=sender, folder=folder, helo=_helo(host), server=server)


def read_server(url: str) -> SmtpServer:
    """The server an ``smtp://``, ``smtp+starttls://`` or ``smtps://`` URL names; user and password URL-encoded."""
    try:
        parts = urlsplit(url)
        port = parts.port
        security = Security(parts.scheme)
    except ValueError:
        raise ValueError(_complaint("is not an smtp://, smtp+starttls:// or smtps:// URL with a valid port")) from None
    _check(parts)
    return SmtpServer(
        host=parts.hostname or "",
        port=port or _PORTS[security],
        security=security,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def _check(parts: SplitResult) -> None:
    if parts.query or parts.fragment or parts.path not in ("", "/"):
        raise ValueError(_complaint("has more than scheme://user:password@host:port (URL-encode / ? # @ : in them)"))
    if not is_host(parts.hostname or ""):
        raise ValueError(_complaint("names no valid host"))
    if parts.password and not parts.username:
        raise ValueError(_complaint("has a password without a user"))


def _public_host(public_url: str) -> str:
    try:
        host = ascii_domain(urlsplit(public_url).hostname or "")
    except ValueError:
        return "localhost"
    return host if is_host(host) else "localhost"


def is_host(host: str) -> bool:
    """A host name or an IP address."""
    return bool(_HOST.fullmatch(host)) or _is_address(host)


def _complaint(what: str) -> str:
    return f"{SMTP_URL} {what}"


def _sender(text: str) -> Mailbox:
    try:
        return read_mailbox(text)
    except BadAddress:
        raise ValueError(f"{MAIL_FROM} is not an address or Name <address>: {text.strip()!r}") from None


def _helo(host: str) -> str:
    if not _is_address(host):
        return host
    return f"[IPv6:{host}]" if ":" in host else f"[{host}]"


def _domain_of(host: str) -> str:
    return "localhost" if _is_address(host) else host


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """This same machine."""
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)
