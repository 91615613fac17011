"""The server: one mail after the other, over a connection that is kept."""

import asyncio
from collections import deque
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Self

from engawa_fakes.mail.rules import LARGEST, MOST_RECIPIENTS, address_in, bad_command, bad_mail
from engawa_fakes.platform import LOOPBACK, Trouble

GOOD = {
    "HELO": "250 fake.test",
    "MAIL": "250 2.1.0 Ok",
    "RCPT": "250 2.1.5 Ok",
    "DATA": "354 End data with <CR><LF>.<CR><LF>",
    "RSET": "250 2.0.0 Ok",
    "NOOP": "250 2.0.0 Ok",
    "QUIT": "221 2.0.0 Bye",
}
EHLO = ("fake.test", "PIPELINING", f"SIZE {LARGEST}", "8BITMIME", "DSN", "ENHANCEDSTATUSCODES")
TAKEN = "250 2.0.0 Ok: queued as {}"
NOBODY = "550 5.1.1 User unknown"
TOO_MANY = "452 4.5.3 Too many recipients"
# What is said in place of an answer to the content, by what goes wrong; nothing is taken then.
INSTEAD = {
    Trouble.BUSY: b"421 4.3.2 Too busy, closing the channel\r\n",
    Trouble.BROKEN: b"451 4.3.0 Internal error\r\n",
    Trouble.HTML: b"HTTP/1.1 502 Bad Gateway\r\n\r\n<html></html>\r\n",
    Trouble.BAD_UTF8: b"451 4.3.0 \xff\xfe\x80\r\n",
}


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as it was taken."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=default)


class FakeMail:
    """An SMTP server on loopback, used as ``async with``: ``url`` is smtp://127.0.0.1:port.

    ``received(address)`` are the mails that reached somebody. Whoever is in ``unknown`` is refused with 550. It refuses
    what the rules next to it say. ``next`` brings trouble, one for each mail, in the words of Trouble; what breaks the
    line does so after the content: DROPPED before anything was taken, LOST after it.
    """

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.lines: list[str] = []  # every command that came, without contents
        self.unknown: set[str] = set()
        self.url = ""
        self._troubles: deque[Trouble] = deque()
        self._server: asyncio.Server | None = None

    def next(self, *troubles: Trouble) -> None:
        """The next mails run into these, one each."""
        self._troubles.extend(troubles)

    def trouble(self) -> Trouble | None:
        return self._troubles.popleft() if self._troubles else None

    def received(self, address: str) -> list[EmailMessage]:
        """What reached this address; a mail that came twice under one Message-ID is shown once, as by mail programs."""
        mine = [mail.message for mail in self.mails if address in mail.recipients]
        return list({str(mail["Message-ID"]): mail for mail in mine}.values())

    async def __aenter__(self) -> Self:
        self._server = await asyncio.get_running_loop().create_server(lambda: _Session(self), LOOPBACK, 0)
        self.url = f"smtp://{LOOPBACK}:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()


class _Session(asyncio.Protocol):
    """One connection: ``before`` is the command that the next one follows."""

    def __init__(self, server: FakeMail) -> None:
        self._mails = server
        self._buffer = bytearray()
        self._before = ""
        self._mail_line = ""
        self._recipients: list[str] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._say("220 fake.test ESMTP")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while not self._transport.is_closing() and (self._content() if self._before == "DATA" else self._command()):
            pass

    def _command(self) -> bool:
        line, found, rest = bytes(self._buffer).partition(b"\r\n")
        if not found:
            return False
        self._buffer = bytearray(rest)
        self._obey(line.decode("utf-8", "replace"))
        return True

    def _obey(self, line: str) -> None:
        verb = line[:4].upper()
        self._mails.lines.append(line)
        refused = bad_command(verb, line, self._before) or self._nobody(verb, line)
        if refused:
            self._say(refused)
            return
        self._note(verb, line)
        if verb == "EHLO":
            self._say("\r\n".join([*(f"250-{name}" for name in EHLO), "250 HELP"]))
        else:
            self._say(GOOD.get(verb, "502 5.5.2 Error: command not recognized"))
        if verb == "QUIT":
            self._transport.close()

    def _nobody(self, verb: str, line: str) -> str:
        if verb != "RCPT":
            return ""
        return (
            NOBODY if address_in(line) in self._mails.unknown else TOO_MANY * (len(self._recipients) >= MOST_RECIPIENTS)
        )

    def _note(self, verb: str, line: str) -> None:
        if verb == "MAIL":
            self._mail_line = line
        if verb in ("MAIL", "RSET"):
            self._recipients = []
        if verb == "RCPT":
            self._recipients.append(address_in(line))
        if verb in ("EHLO", "HELO", "MAIL", "RCPT", "DATA"):
            self._before = verb
        elif verb == "RSET":
            self._before = "DONE"

    def _content(self) -> bool:
        if not self._buffer.endswith(b"\r\n.\r\n"):  # nothing is sent after the content before our word on it
            return False
        stuffed = b"\r\n" + bytes(self._buffer[:-3])
        self._buffer.clear()
        self._before = "DONE"
        self._take(stuffed.replace(b"\r\n..", b"\r\n.")[2:], self._mails.trouble())
        return True

    def _take(self, content: bytes, trouble: Trouble | None) -> None:
        """A trouble that says nothing of taking comes before the mail is looked at."""
        if trouble in INSTEAD:
            self._transport.write(INSTEAD[trouble])
            if trouble is Trouble.BUSY:  # who says 421 hangs up (RFC 5321, 3.8)
                self._transport.close()
            return
        if trouble is Trouble.DROPPED:
            self._transport.abort()
            return
        refused = bad_mail(content, eight_bit="BODY=8BITMIME" in self._mail_line.upper())
        if refused:
            self._say(refused)
            return
        self._mails.mails.append(Mail(address_in(self._mail_line), tuple(self._recipients), content))
        self._answer(trouble)

    def _answer(self, trouble: Trouble | None) -> None:
        if trouble is Trouble.LOST:
            self._transport.abort()
        elif trouble is Trouble.BAD_JSON:  # half an answer
            self._transport.write(b"25")
            self._transport.close()
        elif trouble is not Trouble.SILENT:
            self._say(TAKEN.format(len(self._mails.mails)))

    def _say(self, line: str) -> None:
        self._transport.write(line.encode() + b"\r\n")
