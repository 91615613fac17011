"""Files that companies lay into a watched folder or bucket: each is taken in once, and what became of it lies there.

What is done with a file can break off anywhere and comes to the same: an import that was begun is gone on with, its
results are written again under the same names, and the file is taken away last of all.
"""

import asyncio
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog

from bot.core.days import civil
from bot.core.submitter import Submitter
from handlers.web.intake.looking import LARGEST_UNPACKED, LARGEST_UPLOAD, called, message_of, unpacked
from handlers.web.intake.once import Door, Piece, take_once, taken_as
from storage.engine import Database
from storage.exclusive import COLLECTOR, tried
from storage.imports import release, rest_of
from storage.store import Live
from storage.submitters import submitter_of
from storage.trays import DONE, REJECTED, Lying, Trays

log = structlog.get_logger()
VERSION = 1  # of the result's form: a new version only adds
LANGUAGE = "ja"  # of results: who reads them is no one person
AT_ONCE = 20  # files of one company
KEPT = timedelta(days=30)  # for which results lie there
DOOR = "tray"
TOO_LARGE = {"reason": "file_too_large"}
TAKEN = ("accept", "accept_normalised", "accept_with_warning")


@dataclass(frozen=True, slots=True)
class Found:
    """A file of a company's, with what is in it."""

    lying: Lying
    data: bytes

    @property
    def key(self) -> str:
        return f"tray:{hashlib.sha256(self.data).hexdigest()}"


@dataclass(slots=True)
class Collector:
    """Looks into the watched place. A file is taken up once two looks have found it the same: one that is being
    written still is left alone."""

    store: Live
    database: Database
    trays: Trays
    _seen: set[Lying] = field(default_factory=set)
    _refused: set[Lying] = field(default_factory=set)
    _swept: date | None = None

    @property
    def lying(self) -> int:
        """How many files the last look found that another look may take in."""
        return len(self._seen - self._refused)

    async def look(self, now: datetime) -> int:
        """How many files were taken in. Raises OSError where the place cannot be reached."""
        async with tried(self.database, COLLECTOR) as alone:
            if not alone:
                return 0
            lying = await asyncio.to_thread(self.trays.lying)
            whole, self._seen = self._seen.intersection(lying), set(lying)
            self._refused &= self._seen
            taken = 0
            for owner, files in _by_owner(self._seen - self._refused).items():
                if whole.issuperset(files):
                    taken += await self._tended(owner, files, now)
            await self._sweep(civil(now))
            return taken

    async def _tended(self, owner: str, files: Sequence[Lying], now: datetime) -> int:
        """One company's, all together, since one file may tell of what another brings; one's trouble is no other's."""
        async with self.store.read() as connection:
            who = await submitter_of(connection, owner)
            rests = who is not None and await rest_of(connection, who.id, now)
        if who is None or rests:  # a folder of nobody's, or too many at once: they lie there until later
            return 0
        try:
            return await self._take(who, files[:AT_ONCE], now)
        except OSError as error:
            log.warning("tray_not_taken", submitter=who.id, error=type(error).__name__)
            return 0

    async def _take(self, who: Submitter, files: Sequence[Lying], now: datetime) -> int:
        found: dict[str, Found] = {}  # the same file under two names is taken in once; the second waits for a look
        for lying in files:
            one = await self._read(lying)
            if one is not None:
                found.setdefault(one.key, one)
        pieces = [Piece(key, called(one.lying.name), one.data) for key, one in found.items()]
        copies = await take_once(self.store, Door(DOOR, who, LANGUAGE), pieces, now)
        for key, one in found.items():
            await self._settle(who, one, copies[key])
        return len(found)

    async def _read(self, lying: Lying) -> Found | None:
        """None where it is gone, or too large: then it is not looked into, not on record, and stays where it is."""
        data = await asyncio.to_thread(self.trays.read, lying) if lying.size <= LARGEST_UPLOAD else b""
        if data is None:
            return None
        if lying.size <= LARGEST_UPLOAD and unpacked(data) <= LARGEST_UNPACKED:
            return Found(lying, data)
        found = {"reason": "file_too_large", "message": message_of(TOO_LARGE, LANGUAGE, f"{LARGEST_UPLOAD >> 20} MiB")}
        said = {"v": VERSION, "file": lying.name, "verdict": "reject_file", "problems": [found]}
        name = f"{REJECTED}/{_stem(lying.name)}.result.json"
        await asyncio.to_thread(self.trays.put, lying.owner, name, _json(said))
        self._refused.add(lying)
        return None

    async def _settle(self, who: Submitter, one: Found, marked: bytes) -> None:
        """What became of it lies there before it is taken away, and only then may the same file come again."""
        row = await taken_as(self.store, who, one.key)
        under = DONE if row.verdict in TAKEN else REJECTED
        start = f"{under}/{civil(row.at).isoformat()}-{row.id}-"
        stem, ending = _stem(one.lying.name), Path(one.lying.name).suffix
        results = {f"{stem}.result.json": _json(result_of(row)), f"{stem}{ending}": one.data}
        if marked:
            results[f"{stem}.marked.xlsx"] = marked
        for name, data in results.items():
            await asyncio.to_thread(self.trays.put, who.id, start + name, data)
        await asyncio.to_thread(self.trays.remove, one.lying)
        if under == REJECTED:
            async with self.store.write() as connection:
                await release(connection, row.id)

    async def _sweep(self, today: date) -> None:
        """Once a day, results that have lain their time: they hold people's data."""
        if self._swept == today:
            return
        for owner, name in await asyncio.to_thread(self.trays.results):
            day = name.partition("/")[2][:10]
            if _is_day(day) and date.fromisoformat(day) + KEPT < today:
                await asyncio.to_thread(self.trays.forget, owner, name)
        self._swept = today


def _by_owner(lying: Iterable[Lying]) -> Mapping[str, Sequence[Lying]]:
    found: dict[str, list[Lying]] = defaultdict(list)
    for file in sorted(lying, key=lambda file: (file.owner, file.name)):
        found[file.owner].append(file)
    return found


def result_of(row: Any) -> dict[str, Any]:
    """An import as it is on record, for a machine: where something is wrong and why, without what is written there."""
    known = ("verdict", "rows_total", "rows_accepted", "counts")
    problems = [{**found, "message": message_of(found, LANGUAGE)} for found in row.problems]
    told = {"v": VERSION, "file": row.file_name, "import": row.id, "taken_on": civil(row.at).isoformat()}
    return told | {name: getattr(row, name) for name in known} | {"problems": problems}


def _json(said: Mapping[str, Any]) -> bytes:
    return json.dumps(said, ensure_ascii=False, indent=1).encode() + b"\n"


def _stem(name: str) -> str:
    """What a person calls the file, as part of a name of ours."""
    return called(name).rpartition(".")[0].replace("/", "_")[:80] or "file"


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False
