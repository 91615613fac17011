"""How a command opens the service and speaks to whoever ran it."""

import asyncio
import gc
import json
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from bot.cli.logs import configure_log
from bot.cli.looked import note_called
from bot.config import Settings, with_secret_files
from main import Service, mark_path, open_service, read_settings
from storage.engine import sqlite_file
from storage.shadow import begin_shadow

Answer = TypeVar("Answer")
GARBAGE = 10_000  # objects more than before that may live until the collector looks at them
SHADOWING = "a shadow run: nothing leaves but what the staff are told, until `engawa shadow --end`"
OBSERVING = "the database was put back from a copy: nothing is sent until `engawa restore --reconcile`"


def environment() -> dict[str, str]:
    """What this process was told, in its environment and in files of secrets. Raises SettingsError."""
    return with_secret_files(os.environ)


def with_service(work: Callable[[Service], Awaitable[Answer]], *, listening: str = "") -> Answer:
    """Runs ``work`` with the service of this environment. Raises SettingsError.

    ``listening`` is where the pages are, for an installation that was not told how people reach them.
    """
    settings = read_settings(environment())
    if listening and "public_url" not in settings.model_fields_set:
        settings = settings.model_copy(update={"public_url": listening})
    return _run(work, settings)


def rehearse_with_service(work: Callable[[Service], Awaitable[Answer]]) -> Answer:
    """As with_service, for a dry run: a database or key file that is not there yet is not made by it."""
    settings = read_settings(environment())
    with tempfile.TemporaryDirectory(prefix="engawa-dry-") as folder:
        return _run(work, _set_aside(settings, Path(folder)))


def _set_aside(settings: Settings, folder: Path) -> Settings:
    """Settings that put into ``folder`` what a first start makes. Where a start would fail, this one does as well."""
    file = sqlite_file(settings.database_url)
    aside: dict[str, Any] = {}
    if file is not None and _is_to_be_made(file):
        aside["database_url"] = f"sqlite:///{folder / 'engawa.db'}"
    if _is_to_be_made(settings.key_file):
        aside |= {"key_file": folder / "engawa.key", "mark_file": mark_path(settings)}
    return settings.model_copy(update=aside)


def _is_to_be_made(file: Path) -> bool:
    return not file.exists() and file.parent.is_dir()


def _run(work: Callable[[Service], Awaitable[Answer]], settings: Settings) -> Answer:
    configure_log(settings.log_level)
    collect_seldom()

    async def run() -> Answer:
        async with open_service(settings, environment()) as service:
            await note_called(service)
            return await work(service)

    return asyncio.run(run())


def collect_seldom() -> None:
    """The garbage collector looks less often.

    A batch makes tens of thousands of small objects that reference counting frees by itself; at Python's own setting
    of 700 the collector took a quarter of the time in which a batch of pushes was sent.
    """
    gc.set_threshold(GARBAGE, *gc.get_threshold()[1:])


async def enter_shadow(service: Service, now: datetime) -> None:
    """Where everything is only to be shown, that stands in the database before anything is decided."""
    if service.settings.shadow:
        async with service.store.write() as connection:
            await begin_shadow(connection, service.store.pins.seal, now)


def print_json(answer: Any) -> None:
    """One line of JSON, as UTF-8."""
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, default=str) + "\n")
