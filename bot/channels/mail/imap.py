"""The setting that names the mailbox which answers come to."""

from urllib.parse import SplitResult, unquote, urlsplit

from bot.channels.mail.address import Mailbox
from bot.channels.mail.plus import is_plussable
from bot.channels.mail.settings import MAIL_FROM, ImapServer, is_host, is_loopback

IMAP_URL = "ENGAWA_IMAP_URL"
AUTHSERV_ID = "ENGAWA_MAIL_AUTHSERV_ID"
_PORTS = {"imap": 143, "imaps": 993}


def read_imap(url: str, sender: Mailbox) -> ImapServer | None:
    """The mailbox that the setting names, None where it is not set. ``sender`` must be able to take plus-addresses.

    Raises ValueError with one plain line that never repeats the URL, because a password stands in it.
    """
    url = url.strip()
    if not url:
        return None
    if not is_plussable(sender):
        raise ValueError(f"{MAIL_FROM} cannot take plus-addresses, which {IMAP_URL} needs: at most 31 plain characters")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError(_complaint("is not an imaps:// URL with a valid port")) from None
    _check(parts)
    folder = unquote(parts.path.removeprefix("/")) or "INBOX"
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not all(text.isprintable() for text in (folder, user, password)):
        raise ValueError(_complaint("holds control characters"))
    return ImapServer(
        parts.hostname or "", port or _PORTS[parts.scheme], parts.scheme == "imaps", folder, user, password
    )


def read_vouching(text: str) -> str:
    """The name under which our mail server says where a mail came from. Raises ValueError for what is no such name."""
    name = text.strip()
    if name and not is_host(name):
        raise ValueError(f"{AUTHSERV_ID} is not the name of a server, as its Authentication-Results headers begin with")
    return name


def _check(parts: SplitResult) -> None:
    host = parts.hostname or ""
    if parts.scheme not in _PORTS or not is_host(host):
        raise ValueError(_complaint("is not of the form imaps://user:password@host/FOLDER"))
    if parts.query or parts.fragment:
        raise ValueError(_complaint("has more than user, password, host and folder (URL-encode / ? # @ : in them)"))
    if not parts.username or not parts.password:
        raise ValueError(_complaint("names no user and password"))
    if parts.scheme == "imap" and not is_loopback(host):
        raise ValueError(_complaint("may be imap:// on this machine only: the password would go over an open line"))


def _complaint(what: str) -> str:
    return f"{IMAP_URL} {what}"
