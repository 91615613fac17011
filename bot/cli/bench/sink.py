"""The far end of the mail benchmark: a process that takes every mail as fast as it can and keeps none.

``python -m bot.cli.bench.sink`` prints its port and serves until it is ended.
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

LOOPBACK = "127.0.0.1"
ANSWERS = {
    b"EHLO": b"250-sink.bench\r\n250-SIZE 20000000\r\n250 8BITMIME\r\n",
    b"DATA": b"354 End data with <CR><LF>.<CR><LF>\r\n",
    b"QUIT": b"221 2.0.0 Bye\r\n",
}
YES = b"250 2.0.0 Ok\r\n"
END = b"\r\n.\r\n"


class _Session(asyncio.Protocol):
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
        self._waiting, self._in_content = b"", verb == b"DATA"
        self._transport.write(ANSWERS.get(verb, YES))
        if verb == b"QUIT":
            self._transport.close()


@contextmanager
def sink() -> Iterator[int]:
    """A sink in a process of its own; its port on loopback."""
    with subprocess.Popen([sys.executable, "-m", "bot.cli.bench.sink"], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(_Session, LOOPBACK, 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())
