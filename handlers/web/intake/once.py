"""Files that come in where nobody waits for them: each is taken in once, under a key, and what was broken off is gone
on with."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.core.people import servicer_key
from bot.core.submitter import Submitter
from bot.intake.report import FileReport
from handlers.web.intake.looking import marked_copy
from handlers.web.intake.taking import Sending, take_files
from storage.imports import import_at, import_under
from storage.store import Live, Store, rehearsed


@dataclass(frozen=True, slots=True)
class Piece:
    """A file, how its door tells it apart, and what people call it."""

    key: str
    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Door:
    """By which way files came, whose they are, and the language of their marked copies."""

    name: str
    who: Submitter
    language: str = "ja"

    def sending(self, pieces: Sequence[Piece]) -> Sending:
        names, keys = [one.name for one in pieces], [one.key for one in pieces]
        by = servicer_key(self.who.id)
        return Sending(self.who, by, self.name, names=names, keys=keys, resumes=True, rejected_files=False)


async def take_once(store: Store, door: Door, pieces: Sequence[Piece], now: datetime) -> Mapping[str, bytes]:
    """Takes in what is not on record yet, all of it together; by key, the marked Excel of each, if it has one."""
    fresh: list[Piece] = []
    again: list[Piece] = []
    for one in pieces:
        row = await taken_as(store, door.who, one.key)
        (again if row is not None and row.verdict else fresh).append(one)
    copies = await _pass(store, door, door.sending(fresh), (fresh, now)) if fresh else {}
    if again and isinstance(store, Live):  # only tried, for the copy
        async with rehearsed(store) as trial:
            copies |= await _pass(trial, door, replace(door.sending(again), keys=()), (again, now))
    return {one.key: b"" for one in pieces} | copies


async def taken_as(store: Store, who: Submitter, key: str) -> Any:
    """The import under this key; None where there is none."""
    async with store.read() as connection:
        number = await import_under(connection, who.id, key)
        return await import_at(connection, who.id, number) if number is not None else None


async def _pass(
    store: Store, door: Door, sending: Sending, pieces: tuple[Sequence[Piece], datetime]
) -> dict[str, bytes]:
    """The files, through the importer under names of ours."""
    found, now = pieces
    with TemporaryDirectory(prefix="engawa-") as folder:
        paths = [Path(folder, f"{number}.upload") for number, _ in enumerate(found)]
        for path, one in zip(paths, found, strict=True):
            path.write_bytes(one.data)
        reports = [one.report for one in await take_files(store, paths, sending, now)]
        pairs = zip(paths, reports, strict=True)
        copies = [await asyncio.to_thread(_marked, path, report, door.language) for path, report in pairs]
    return dict(zip([one.key for one in found], copies, strict=True))


def _marked(path: Path, report: FileReport | None, language: str) -> bytes:
    return marked_copy(path, report, language) if report is not None and len(report.problems) else b""
