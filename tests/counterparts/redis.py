"""A real Redis: a private server on a port of its own on loopback, that writes nothing to the disk."""

import asyncio
import shutil
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from tests.counterparts.missing import missing

HOST = "127.0.0.1"


@dataclass
class RedisServer:
    """One that can go away and come back, with nothing in it."""

    program: str
    folder: Path
    port: int
    _process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        return f"redis://{HOST}:{self.port}/0"

    async def start(self) -> None:
        options = f"--port {self.port} --bind {HOST} --save  --appendonly no --dir {self.folder}".split(" ")
        self._process = await asyncio.create_subprocess_exec(self.program, *options, stdout=asyncio.subprocess.DEVNULL)
        while not await self._answers():
            continue

    async def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            await self._process.wait()

    def freeze(self) -> None:
        """It takes connections and answers nothing: as behind a line that was cut without a word."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    async def flush(self) -> None:
        async with Redis.from_url(self.url) as client:
            await client.flushall()

    async def forget(self, key: str) -> None:
        """As if that key's time were over."""
        async with Redis.from_url(self.url) as client:
            await client.delete(key)

    @asynccontextmanager
    async def overheard(self) -> AsyncIterator[list[str]]:
        """All that is said to it meanwhile, one command after the other."""
        heard: list[str] = []
        async with Redis.from_url(self.url) as client, client.monitor() as monitor:

            async def listen() -> None:
                async for said in monitor.listen():
                    heard.append(said["command"])

            listening = asyncio.create_task(listen())
            try:
                yield heard
            finally:
                listening.cancel()
                await asyncio.wait({listening})

    async def _answers(self) -> bool:
        try:
            async with Redis.from_url(self.url) as client:
                return bool(await client.ping())
        except RedisError:
            return False


@pytest.fixture
async def redis_server(tmp_path: Path) -> AsyncIterator[RedisServer]:
    program = shutil.which("redis-server")
    if program is None:
        missing("redis", "not installed")
    with socket.create_server((HOST, 0)) as free:
        port = free.getsockname()[1]
    server = RedisServer(program, tmp_path, port)
    await server.start()
    yield server
    await server.stop()
