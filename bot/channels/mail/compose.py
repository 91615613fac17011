"""A neutral message to the bytes of a mail.

Written straight to bytes because building through EmailMessage costs several times what sending does; the tests read
every part back and hold it against what EmailMessage writes. The same envelope always gives the same bytes: Message-ID
and boundaries come from its key, the Date from ``written_at``.
"""

import re
from binascii import b2a_base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.channels.mail.address import Mailbox, smtp_address
from bot.channels.mail.body import answer_links, html_body, text_body
from bot.channels.mail.headers import mailbox_line, text_line
from bot.channels.mail.plus import plus_address
from bot.channels.mail.words import MailWords
from bot.core.delivery import Enclosure, Envelope
from bot.core.visit import calendar_file, calendar_method

_TOKYO = ZoneInfo("Asia/Tokyo")
_KEY = re.compile(r"[A-Za-z0-9_-]{1,60}")
_URL = re.compile(r"https?://[A-Za-z0-9\[][!#-;=?-\[\]_a-z~]{0,490}")  # nothing that could leave a <…> or a quote
_LOOPBACK = re.compile(r"http://(?:localhost|127\.[0-9.]+|\[::1\])(?=[:/]|$)")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}>")
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_CONTROLS = bytes(code for code in [*range(32), 127] if code not in b"\t\n")
_BASE64_LINE = 76


class Unsendable(ValueError):
    """This message can never be a mail, to whomever; the text says why."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A finished mail: CRLF line ends, ASCII, at most 998 columns, one recipient.

    ``return_path`` is where it comes back to if it cannot be delivered; empty: to the sender.
    """

    key: str
    recipient: str
    raw: bytes
    return_path: str = ""


class Composer:
    """Builds mails from one sender, in the languages it was given words for.

    ``answered``: answers, bounces and stops are read, so each mail asks for them at an address of its own.
    """

    def __init__(
        self, sender: Mailbox, words: Mapping[str, MailWords], stop_address: str = "", *, answered: bool = False
    ) -> None:
        self._sender = sender
        self._answered = answered
        self._words = dict(words)
        self._stop_address = stop_address
        self._fixed = {language: _fixed_lines(sender, language) for language in words}

    def compose(self, envelope: Envelope) -> Mail:
        """The mail for one envelope. Raises BadAddress or Unsendable, both without personal data in their text."""
        recipient = smtp_address(envelope.address)
        words = self._words.get(envelope.message.language)
        if words is None:
            raise Unsendable(f"no mail words for language {envelope.message.language!r}")
        _check(envelope)
        own = plus_address(self._sender, envelope.key) if self._answered else ""
        raw = b"".join(
            [
                mailbox_line("To", Mailbox(recipient, envelope.name)),
                text_line("Subject", envelope.message.title),
                self._trace_lines(envelope),
                mailbox_line("Reply-To", Mailbox(own, self._sender.name)) if own else b"",
                self._stop_lines(envelope, own),
                self._fixed[envelope.message.language],
                self._content(envelope, words),
            ]
        )
        return Mail(envelope.key, recipient, raw, own)

    def _trace_lines(self, envelope: Envelope) -> bytes:
        date = f"Date: {_date(envelope.written_at)}\r\n"
        thread = envelope.ticket if _MESSAGE_ID.fullmatch(envelope.ticket) else ""
        answers = f"In-Reply-To: {thread}\r\nReferences: {thread}\r\n" if thread else ""
        return f"{date}Message-ID: <{envelope.key}@{self._sender.domain}>\r\n{answers}".encode("ascii")

    def _stop_lines(self, envelope: Envelope, own: str) -> bytes:
        """List-Unsubscribe on one line (folding destroys it), one-click only where RFC 8058 allows it: over https.

        Plain http on this same machine counts as well, so that a demo and the tests can press it.
        """
        url = envelope.stop_url
        ways = [f"<{url}>"] if url else []
        if own:
            ways.append(f"<mailto:{own}?subject=stop>")
        elif self._stop_address:
            ways.append(f"<mailto:{self._stop_address}?subject=stop%20{envelope.key}>")
        if not ways:
            return b""
        line = f"List-Unsubscribe: {', '.join(ways)}\r\n"
        if url.startswith("https://") or _LOOPBACK.match(url):
            line += "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
        return line.encode("ascii")

    def _content(self, envelope: Envelope, words: MailWords) -> bytes:
        answers = answer_links(envelope)
        parts = [
            _part(b'text/plain; charset="utf-8"', _canonical(text_body(envelope, words, answers))),
            _part(b'text/html; charset="utf-8"', _canonical(html_body(envelope, words, answers))),
        ]
        content = _multipart(b"alternative", b"=_alternative_" + envelope.key.encode("ascii"), parts)
        attached = [*self._calendar(envelope), *map(_attached, envelope.attached)]
        if not attached:
            return content
        return _multipart(b"mixed", b"=_mixed_" + envelope.key.encode("ascii"), [content, *attached])

    def _calendar(self, envelope: Envelope) -> Iterator[bytes]:
        visit = envelope.message.visit
        if visit is not None:
            kind = f'text/calendar; charset="utf-8"; method={calendar_method(visit)}'.encode("ascii")
            file = calendar_file(visit, envelope.written_at, (self._sender.name, self._sender.address))
            yield _part(kind, file, b'Content-Disposition: attachment; filename="visit.ics"\r\n')


def _fixed_lines(sender: Mailbox, language: str) -> bytes:
    return mailbox_line("From", sender) + (
        f"Auto-Submitted: auto-generated\r\nContent-Language: {language}\r\nMIME-Version: 1.0\r\n"
    ).encode("ascii")


@lru_cache(maxsize=64)
def _date(written_at: datetime) -> str:
    """One sweep writes many messages at the same instant."""
    return format_datetime(written_at.astimezone(_TOKYO))


def _check(envelope: Envelope) -> None:
    if not _KEY.fullmatch(envelope.key):
        raise Unsendable("the key is not letters, digits, - and _, at most 60")
    if envelope.written_at.utcoffset() is None:
        raise Unsendable("written_at has no time zone")
    links = (envelope.page_url, envelope.button_url, envelope.stop_url, envelope.elsewhere_url)
    for url in (*links, *(url for _, url in envelope.opens)):
        if url and not _URL.fullmatch(url):
            raise Unsendable("a link is not a plain http(s) URL of at most 500 characters")


def _canonical(text: str) -> bytes:
    """UTF-8 with CRLF; other control characters have no place in text and are left out, half surrogates become ?."""
    return text.encode("utf-8", "replace").translate(None, _CONTROLS).replace(b"\n", b"\r\n")


def _part(kind: bytes, content: bytes, more: bytes = b"") -> bytes:
    data = b2a_base64(content, newline=False)
    lines = [data[start : start + _BASE64_LINE] for start in range(0, len(data), _BASE64_LINE)]
    head = b"Content-Type: %b\r\nContent-Transfer-Encoding: base64\r\n%b\r\n" % (kind, more)
    return head + b"\r\n".join(lines) + b"\r\n"


def _attached(file: Enclosure) -> bytes:
    """A file of ours, under a plain name."""
    name = file.ref if _FILE_NAME.fullmatch(file.ref) else "file"
    disposition = f'Content-Disposition: attachment; filename="{name}"\r\n'
    return _part(file.media_type.encode("ascii"), file.data, disposition.encode("ascii"))


def _multipart(kind: bytes, boundary: bytes, parts: list[bytes]) -> bytes:
    """A multipart; base64 never contains ``=_``, so a boundary that starts with it can never stand in a part."""
    head = b'Content-Type: multipart/%b; boundary="%b"\r\n\r\n' % (kind, boundary)
    return head + b"".join([b"--%b\r\n%b" % (boundary, part) for part in parts]) + b"--%b--\r\n" % boundary
