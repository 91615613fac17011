"""A real SMTP server on loopback that keeps what it is given, and misbehaves on request.

It lives in a thread with a loop of its own, so that it answers whatever the test is doing: awaiting, blocking, or
waiting for another process.
"""

import asyncio
import email
import email.policy
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

HOST = "127.0.0.1"
PATIENCE = 60.0  # seconds until a wait is given up; reached only when something is broken


@dataclass(frozen=True, slots=True)
class Mail:
    """One message as it came over the wire: the envelope, and the bytes."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes

    def parsed(self) -> EmailMessage:
        return email.message_from_bytes(self.content, policy=email.policy.default)


class Stage(StrEnum):
    """Where in the conversation the server can be told to misbehave."""

    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"


@dataclass(slots=True)
class Trouble:
    """What happens instead of a plain yes, at one stage, the next ``times`` times.

    ``address`` limits it to one recipient. An empty ``reply`` cuts the line without an answer. ``taken``: the message
    is kept all the same, as by a server whose yes is lost on the way.
    """

    stage: Stage
    reply: str = ""
    times: float = 1
    address: str = ""
    taken: bool = False
    hangs_up: bool = False

    def meets(self, stage: Stage, address: str) -> bool:
        return self.times > 0 and self.stage is stage and self.address in ("", address)


class Sink:
    """The server as a test sees it. ``messages`` holds what was accepted, in order."""

    def __init__(self) -> None:
        self.messages: list[Mail] = []
        self.connections = 0
        self._troubles: list[Trouble] = []
        self._change = threading.Condition()
        self._gate = threading.Event()
        self._gate.set()
        self._socket = socket.create_server((HOST, 0))
        self.host = HOST
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._lines: set[asyncio.BaseTransport] = set()
        self._ready = threading.Event()

    @property
    def url(self) -> str:
        return f"smtp://{self.host}:{self.port}"

    # What a test arranges.

    def refuse(self, address: str, reply: str = "550 5.1.1 No such user here") -> None:
        """This recipient does not exist, for good."""
        self._troubles.append(Trouble(Stage.RCPT, reply, times=float("inf"), address=address))

    def greylist(self, address: str = "", times: int = 1, reply: str = "451 4.7.1 Greylisted, come again") -> None:
        """Not now, to one recipient or to anyone, so many times."""
        self._troubles.append(Trouble(Stage.RCPT, reply, times, address))

    def shut_down(self, times: int = 1, reply: str = "421 4.3.2 Shutting down") -> None:
        """Say 421 at the next message and hang up."""
        self._troubles.append(Trouble(Stage.MAIL, reply, times, hangs_up=True))

    def reject_content(self, times: int = 1, reply: str = "554 5.6.0 Not this message") -> None:
        """Refuse after the whole message was given."""
        self._troubles.append(Trouble(Stage.DATA, reply, times))

    def drop_after_data(self, times: int = 1, *, taken: bool = True) -> None:
        """Cut the line when the message is complete and before any answer: whether it was ``taken`` nobody can tell."""
        self._troubles.append(Trouble(Stage.DATA, times=times, taken=taken, hangs_up=True))

    def hold(self) -> None:
        """Answer nothing after a complete message, until ``release``: a server that takes its time."""
        self._gate.clear()

    def release(self) -> None:
        self._gate.set()

    def forget(self) -> None:
        """Begin anew: no messages, no troubles."""
        self._gate.set()
        self._troubles.clear()
        self.messages.clear()

    # What a test waits for.

    def wait(self, until: Callable[[list[Mail]], object]) -> list[Mail]:
        """Block until the messages satisfy ``until``."""
        with self._change:
            if not self._change.wait_for(lambda: until(self.messages), PATIENCE):
                raise TimeoutError(f"not seen after {PATIENCE:.0f} s; {len(self.messages)} messages came")
            return list(self.messages)

    async def arrived(self, until: Callable[[list[Mail]], object]) -> list[Mail]:
        """The same for a coroutine."""
        return await asyncio.to_thread(self.wait, until)

    # The server itself.

    def start(self) -> None:
        self._thread.start()
        self._ready.wait()

    def stop(self) -> None:
        self._gate.set()
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()

    async def _serve(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        server = await self._loop.create_server(lambda: _Line(self, self._lines), sock=self._socket)
        self._ready.set()
        await self._over.wait()
        server.close()
        for line in list(self._lines):
            line.close()
        await server.wait_closed()

    def _trouble(self, stage: Stage, address: str = "") -> Trouble | None:
        trouble = next((each for each in self._troubles if each.meets(stage, address)), None)
        if trouble:
            trouble.times -= 1
        return trouble

    def _keep(self, envelope: Envelope) -> None:
        sender = (envelope.mail_from or "").removeprefix("<>")  # a delivery report has none
        mail = Mail(sender, tuple(envelope.rcpt_tos), envelope.original_content or b"")
        with self._change:
            self.messages.append(mail)
            self._change.notify_all()

    # What aiosmtpd calls; the names are its own.

    async def handle_MAIL(self, server: SMTP, _: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if trouble := self._trouble(Stage.MAIL):
            return await _answer(server, trouble)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(self, server: SMTP, _: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if trouble := self._trouble(Stage.RCPT, address):
            return await _answer(server, trouble)
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, _: Session, envelope: Envelope) -> str:
        if not self._gate.is_set():
            await asyncio.to_thread(self._gate.wait)
        trouble = self._trouble(Stage.DATA)
        if trouble is None or trouble.taken:
            self._keep(envelope)
        return await _answer(server, trouble) if trouble else "250 2.0.0 OK"


class _Line(SMTP):
    """One connection; known to the sink, so that it can be closed when the sink stops."""

    def __init__(self, sink: Sink, lines: set[asyncio.BaseTransport]) -> None:
        super().__init__(sink, hostname="sink.example", ident="ESMTP", enable_SMTPUTF8=True)
        self._sink, self._lines = sink, lines

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._sink.connections += 1
        self._lines.add(transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self.transport is not None:
            self._lines.discard(self.transport)
        super().connection_lost(error)


async def _answer(server: SMTP, trouble: Trouble) -> str:
    if not trouble.hangs_up:
        return trouble.reply
    assert isinstance(server.transport, asyncio.Transport)
    if trouble.reply:
        server.transport.write(trouble.reply.encode() + b"\r\n")
        server.transport.close()
    else:
        server.transport.abort()
    return ""  # goes nowhere: the line is closed


@pytest.fixture
def smtp_sink() -> Iterator[Sink]:
    """A fresh server for one test."""
    sink = Sink()
    sink.start()
    yield sink
    sink.stop()
