"""An SMTP server on loopback that keeps what it is given, and misbehaves on order."""

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass, field

DROP = "drop"  # instead of an answer: hang up
SILENT = "silent"  # instead of an answer: none
LOST = "250 lost"  # the content is taken, and the answer never comes
_EXTENSIONS = ("PIPELINING", "SIZE 20000000", "8BITMIME", "DSN", "ENHANCEDSTATUSCODES")
_GOOD = {
    "GREETING": "220 sink.test ESMTP",
    "MAIL": "250 2.1.0 Ok",
    "RCPT": "250 2.1.5 Ok",
    "DATA": "354 End data with <CR><LF>.<CR><LF>",
    "CONTENT": "250 2.0.0 Ok: queued as SINK1",
    "RSET": "250 2.0.0 Ok",
    "NOOP": "250 2.0.0 Ok",
    "HELO": "250 sink.test",
    "QUIT": "221 2.0.0 Bye",
}


@dataclass(frozen=True, slots=True)
class Taken:
    """One mail as it arrived: the two command lines, and the content with its dots unstuffed."""

    mail_line: str
    rcpt_line: str
    raw: bytes


class Hold:
    """An answer that is given only once it is let go; ``reached`` when the client has begun to wait for it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.reached = asyncio.Event()

    def wait(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self.reached.set()

    def let_go(self) -> None:
        self._transport.write(self.text.encode() + b"\r\n")


@dataclass
class Sink:
    """``answers[verb]`` is a queue of what to say next instead of yes; verbs as in SMTP, and GREETING and CONTENT."""

    extensions: tuple[str, ...] = _EXTENSIONS
    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    answers: defaultdict[str, deque[str | Hold]] = field(default_factory=lambda: defaultdict(deque))
    connections: int = 0
    open_now: int = 0
    most_open: int = 0

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Session(self), "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        self._server.close()

    def count(self, verb: str) -> int:
        return sum(line.upper().startswith(verb) for line in self.lines)

    def answer(self, verb: str) -> str | Hold:
        if self.answers.get(verb):
            return self.answers[verb].popleft()
        if verb == "EHLO":
            return "\r\n".join([f"250-{line}" for line in ("sink.test", *self.extensions)] + ["250 HELP"])
        return _GOOD.get(verb, "502 5.5.2 Error: command not recognized")


class _Session(asyncio.Protocol):
    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.buffer = bytearray()
        self.in_content = False
        self.mail_line = self.rcpt_line = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.sink.connections += 1
        self.sink.open_now += 1
        self.sink.most_open = max(self.sink.most_open, self.sink.open_now)
        self._say("GREETING")

    def connection_lost(self, exc: Exception | None) -> None:
        self.sink.open_now -= 1

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while not self.transport.is_closing() and (self._take_content() if self.in_content else self._take_line()):
            pass

    def _take_line(self) -> bool:
        end = self.buffer.find(b"\r\n")
        if end < 0:
            return False
        line = self.buffer[:end].decode("utf-8", "replace")
        del self.buffer[: end + 2]
        verb = line[:4].upper()
        if verb == "MAIL":
            self.mail_line = line
        elif verb == "RCPT":
            self.rcpt_line = line
        self.sink.lines.append(line)
        self.in_content = self._say(verb).startswith("354")
        if verb == "QUIT":
            self.transport.close()
        return True

    def _take_content(self) -> bool:
        if not self.buffer.endswith(b"\r\n.\r\n"):  # no pipelining after the content: the client waits for our word
            return False
        content = bytes(self.buffer[:-3])
        self.buffer.clear()
        self.in_content = False
        if self._say("CONTENT").startswith("250"):
            raw = content[1:] if content.startswith(b".") else content
            self.sink.taken.append(Taken(self.mail_line, self.rcpt_line, raw.replace(b"\r\n..", b"\r\n.")))
        return True

    def _say(self, verb: str) -> str:
        answer = self.sink.answer(verb)
        if isinstance(answer, Hold):
            answer.wait(self.transport)
            return answer.text
        if answer == DROP:
            self.transport.abort()
        elif answer not in (SILENT, LOST):
            self.transport.write(answer.encode() + b"\r\n")
        return answer
