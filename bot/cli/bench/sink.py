"""The far end of the benchmarks of sending: a process that takes everything as fast as it can and keeps nothing.

``python -m bot.cli.bench.sink email`` (or ``line``, or ``slow-email``) prints its port and serves until it is ended.
"""

import asyncio
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

LOOPBACK = "127.0.0.1"
MAIL, LINE, SLOW_MAIL = "email", "line", "slow-email"
SLOWLY = 0.02  # seconds that the slow one takes for a mail
ANSWERS = {
    b"EHLO": b"250-sink.bench\r\n250-SIZE 20000000\r\n250 8BITMIME\r\n",
    b"DATA": b"354 End data with <CR><LF>.<CR><LF>\r\n",
    b"QUIT": b"221 2.0.0 Bye\r\n",
}
YES = b"250 2.0.0 Ok\r\n"
END = b"\r\n.\r\n"
LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


def _answer(body: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"X-Line-Request-Id: 1\r\n\r\n" + body


TAKEN = _answer(b'{"sentMessages":[{"id":"461230966842064897","quoteToken":"IStG5h1Tz7b"}]}')
UNLIMITED = _answer(b'{"type":"none"}')


class _Mail(asyncio.Protocol):
    """An SMTP server."""

    pause = 0.0  # seconds until it says that it has a mail

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._waiting = b""
        self._in_content = False
        transport.write(b"220 sink.bench ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        """A client that does not pipeline sends one command, or one whole mail, and waits."""
        self._waiting += data
        if not self._waiting.endswith(END if self._in_content else b"\r\n"):
            return
        verb = b"" if self._in_content else self._waiting[:4].upper()
        taken, self._waiting, self._in_content = self._in_content, b"", verb == b"DATA"
        if taken and self.pause:
            asyncio.get_running_loop().call_later(self.pause, self._transport.write, YES)
            return
        self._transport.write(ANSWERS.get(verb, YES))
        if verb == b"QUIT":
            self._transport.close()


class _SlowMail(_Mail):
    """One as they are far away, where every mail is looked at."""

    pause = SLOWLY


class _Line(asyncio.Protocol):
    """LINE's Messaging API, so far as pushes need it: a month without limit, and every push taken."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._waiting = b""

    def data_received(self, data: bytes) -> None:
        """A client sends one request and waits for the answer."""
        self._waiting += data
        head, end, body = self._waiting.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if not end or len(body) < int(length[1] if length else 0):
            return
        self._waiting = b""
        self._transport.write(UNLIMITED if head.startswith(b"GET") else TAKEN)


SINKS = {MAIL: _Mail, LINE: _Line, SLOW_MAIL: _SlowMail}


@contextmanager
def sink(kind: str) -> Iterator[int]:
    """A sink in a process of its own; its port on loopback."""
    with subprocess.Popen([sys.executable, "-m", "bot.cli.bench.sink", kind], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


async def _serve(kind: str) -> None:
    server = await asyncio.get_running_loop().create_server(SINKS[kind], LOOPBACK, 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1]))
