"""What a server's answers mean (RFC 5321 codes, RFC 3463 enhanced codes).

The one thing that must not happen is that an address is given up because *we* were refused: a mistake in the settings
would end every address in a day. So an address is dead only where the server says that there is no such mailbox.
"""

import re
import ssl
from enum import StrEnum

from aiosmtplib import SMTPAuthenticationError, SMTPException, SMTPResponseException

from bot.core.delivery import Outcome, Receipt


class Step(StrEnum):
    """Which command was answered."""

    CONNECT = "connect"
    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"


_ENHANCED = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})\b")
_QUEUED = re.compile(r"(?:queued as|\bid=)\s*<?([\w.@+-]{1,100})", re.IGNORECASE)
_ADDRESS = re.compile(r"<[^<>\s]*>|[^\s<>:;,()\"']+@[^\s<>:;,()\"']+")
NO_MAILBOX = {"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"}  # nobody, moved, null MX, disabled
_OUR_FAULT = {"5.1.7", "5.1.8"}  # the sender's address, not the recipient's
_TOO_BIG = {"5.2.3", "5.3.4"}
_CREDENTIALS = {530, 534, 535, 538}
# Servers without enhanced codes say "550" for everything; these words tell policy from "no such user".
_POLICY = re.compile(
    r"relay|polic|prohibit|denied|not allowed|not permitted|authenti|black ?list|block|spam|reputation|\bspf\b|dkim|"
    r"dmarc|dnsbl|\brbl\b|sender",
    re.IGNORECASE,
)


def accepted(text: str) -> Receipt:
    """250 after the content: the server has taken the responsibility (RFC 5321, 6.1)."""
    queued = _QUEUED.search(text)
    return Receipt(Outcome.SENT, provider_id=queued[1] if queued else "", detail=said(250, text))


def refused(step: Step, code: int, text: str) -> Receipt:
    """A clean refusal at one step of the transaction."""
    return Receipt(_meaning(step, code, text), detail=f"{step}: {said(code, text)}")


def unreachable(error: Exception) -> Receipt:
    """No usable connection: it could not be opened, encrypted, or logged into."""
    certificate = error if isinstance(error, ssl.SSLCertVerificationError) else error.__cause__
    if isinstance(certificate, ssl.SSLCertVerificationError):
        return Receipt(Outcome.CLOSED, detail=f"connect: certificate not trusted: {certificate.verify_message}")
    if isinstance(error, SMTPAuthenticationError):
        outcome = Outcome.CLOSED if error.code >= 500 else Outcome.LATER
        return Receipt(outcome, detail=f"login: {error.code}")  # its words may repeat the user
    if isinstance(error, SMTPResponseException):
        return refused(Step.CONNECT, error.code, error.message)
    if isinstance(error, OSError):  # what SMTPConnectError, SMTPServerDisconnected and timeouts are as well
        return Receipt(Outcome.LATER, detail=f"connect: {_plain(str(error)) or type(error).__name__}")
    if isinstance(error, SMTPException):  # STARTTLS or AUTH asked for, and not offered
        return Receipt(Outcome.CLOSED, detail=f"connect: {_plain(error.message)}")
    raise error


def broken(error: Exception, begun: bool) -> Receipt:
    """The answer never came. Once the content was on its way, the server may have taken it."""
    outcome = Outcome.UNKNOWN if begun else Outcome.LATER
    return Receipt(outcome, detail=f"{Step.CONTENT if begun else 'before content'}: {type(error).__name__}")


def said(code: int, text: str) -> str:
    """The server's word on one line, without addresses."""
    return f"{code} {_plain(text)}".strip()


def _plain(text: str) -> str:
    text = "".join([char if char.isprintable() else " " for char in text])
    return _ADDRESS.sub("<…>", text)[:200] if "@" in text or "<" in text else text[:200]


def _meaning(step: Step, code: int, text: str) -> Outcome:
    if code < 400 and step is Step.CONTENT:
        return Outcome.UNKNOWN  # neither yes nor no, with the content perhaps taken
    if not 500 <= code <= 599:
        return Outcome.LATER
    if code in _CREDENTIALS:
        return Outcome.CLOSED
    found = _ENHANCED.match(text)
    enhanced = found[1] if found else ""
    if enhanced in _TOO_BIG or (code == 552 and not enhanced):
        return Outcome.REFUSED
    if step in (Step.CONNECT, Step.SENDER) or enhanced.startswith("5.7.") or enhanced in _OUR_FAULT:
        return Outcome.CLOSED
    if enhanced:
        return Outcome.DEAD if enhanced in NO_MAILBOX else Outcome.REFUSED
    if step is Step.CONTENT or code not in (550, 551, 553, 556):
        return Outcome.REFUSED
    return Outcome.CLOSED if _POLICY.search(text) else Outcome.DEAD
