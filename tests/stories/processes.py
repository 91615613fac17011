"""The distributed set-up as it runs: web processes and workers of their own, on a real PostgreSQL and a real Redis."""

import asyncio
import os
import re
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path

from engawa_fakes.line import FakeLine

ROOT = Path(__file__).parents[2]
RUN = "from bot.cli.app import main; main()"
ANY_PORT = "0"


def environment(folder: Path, database: str, redis: str, line: FakeLine, **more: str) -> dict[str, str]:
    """What all processes are given, beside what this one has."""
    mine = {
        "ENGAWA_DATABASE_URL": database,
        "ENGAWA_KEY_FILE": str(folder / "engawa.key"),
        "ENGAWA_FILES_DIR": str(folder / "files"),
        "ENGAWA_MAIL_DIR": str(folder / "mail"),
        "ENGAWA_REDIS_URL": redis,
        "ENGAWA_LINE_CHANNEL_SECRET": line.secret,
        "ENGAWA_LINE_CHANNEL_TOKEN": line.token,
        "ENGAWA_LINE_API_BASE": line.url,
    }
    return {**os.environ, **mine, **more}


@dataclass
class Processes:
    """Those that are at work now, by name."""

    environment: dict[str, str]
    at_work: dict[str, asyncio.subprocess.Process] = field(default_factory=dict)

    async def worker(self, name: str) -> None:
        """One that has said that it is at work."""
        await self._until(name, b"is at work", "worker", "--name", name)

    async def is_alive(self, name: str) -> bool:
        """What `engawa worker --check` says of the worker of that name, by its status."""
        words = ("worker", "--check", "--name", name)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", RUN, *words), cwd=ROOT, env=self.environment, stderr=asyncio.subprocess.DEVNULL
        )
        status = await process.wait()
        assert status in (0, 1)
        return status == 0

    async def web(self, name: str) -> str:
        """One that takes what platforms and people send; where it listens."""
        line = await self._until(name, b"http://", "serve", "--role", "web", "--port", ANY_PORT)
        found = re.search(r"http://[\d.]+:\d+", line.decode())
        assert found, line
        return found.group()

    async def kill(self, name: str) -> None:
        """With -9: it can say nothing to anybody any more."""
        process = self.at_work.pop(name)
        process.kill()
        await process.wait()

    async def end(self, *names: str) -> list[int]:
        """SIGTERM, and what each of them ended with."""
        ending = [self.at_work.pop(name) for name in names]
        for process in ending:
            process.send_signal(signal.SIGTERM)
        return [await process.wait() for process in ending]

    async def kill_all(self) -> None:
        for name in list(self.at_work):
            await self.kill(name)

    async def _until(self, name: str, said: bytes, *words: str) -> bytes:
        """Its first line with these bytes in it."""
        process = self.at_work[name] = await asyncio.create_subprocess_exec(
            sys.executable, "-c", RUN, *words, cwd=ROOT, env=self.environment, stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout is not None
        line = b""
        while said not in line:
            assert process.returncode is None
            line = await process.stdout.readline()
        return line
