"""Where a benchmark works: a folder that is deleted afterwards, and the real service in it."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from types import MappingProxyType

from bot.config import Settings
from main import Service, open_service

SENDER = "engawa@bench.example"
DATABASE = "engawa.db"
NOTHING: Mapping[str, str] = MappingProxyType({})


def by_mail(port: int) -> dict[str, str]:
    """Settings for mail to a server on loopback."""
    return {"ENGAWA_SMTP_URL": f"smtp://127.0.0.1:{port}"}


@contextmanager
def folder() -> Iterator[Path]:
    """An empty folder beside other temporary files; TMPDIR moves it to a disk with more room."""
    with tempfile.TemporaryDirectory(prefix="engawa-bench-") as name:
        yield Path(name)


@asynccontextmanager
async def service_in(place: Path, environment: Mapping[str, str] = NOTHING, url: str = "") -> AsyncIterator[Service]:
    """The service as anybody runs it, on the database of ``url``, or on a SQLite file in ``place``.

    ``environment`` holds the settings of channels.
    """
    await asyncio.to_thread(place.mkdir, exist_ok=True)
    settings = Settings(
        database_url=url or f"sqlite:///{place / DATABASE}",
        public_url="https://engawa.bench.example",
        key_file=place / "engawa.key",
        mail_dir=place / "mail",
        files_dir=place / "files",
        shadow=False,
        now=None,
    )
    async with open_service(settings, {**environment, "ENGAWA_MAIL_FROM": SENDER}) as service:
        yield service
