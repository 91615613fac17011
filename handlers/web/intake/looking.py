"""A file that a company has uploaded: kept for a day, tried out so that nothing stays, taken in, given back."""

import asyncio
import hashlib
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from itertools import islice
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from bot.core.submitter import Submitter
from bot.intake.cells import cleaned
from bot.intake.reasons import MESSAGES
from bot.intake.report import FileReport, label_of
from bot.intake.tables import TABLES
from bot.intake.workbook.marked import write_marked
from bot.intake.workbook.words import Words
from handlers.web.forms import Posted
from handlers.web.intake.taking import Sending, Taken, take_files
from handlers.web.site import Site
from handlers.web.visitor import Visitor
from storage.files import Files
from storage.store import Store, rehearsed
from storage.uploads import note_upload
from templates.workbook import workbook_words

LARGEST_UPLOAD = 4 << 20  # bytes: some ten thousand houses
LARGEST_UNPACKED = 48 << 20
MOST_SHOWN = 200  # problems on a page; the marked Excel has all of them
LONGEST_NAME = 100
SENT, MARKED = "sent", "xlsx"  # the endings under which files are kept
SHEETS = {table.name: table.sheet for table in TABLES}


class NotTakenError(ValueError):
    """A file that is not looked at; the message is the code of a note on the page."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing found: where, and what a person is told."""

    table: str
    row: int | None
    message: str
    severity: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became, or would become, of a file."""

    name: str
    verdict: str
    rows_total: int
    rows_accepted: int
    counts: Mapping[str, int]
    lines: Sequence[Line]
    more: int = 0
    marked: str = ""  # under which hash the marked Excel lies
    digest: str = ""  # under which hash the file lies

    @property
    def refused(self) -> int:
        return self.rows_total - self.rows_accepted


def chosen(form: Posted) -> tuple[bytes, str]:
    """The one file of a form, and what the person calls it. Raises NotTakenError."""
    if len(form.files) != 1:
        raise NotTakenError("several" if form.files else "empty")
    data, name = form.files[0], form.names[0]
    if not data:
        raise NotTakenError("empty")
    if oversized(data):
        raise NotTakenError("large")
    return data, called(name)


def oversized(data: bytes) -> bool:
    """Whether a file is too large, as it is or unpacked."""
    return len(data) > LARGEST_UPLOAD or unpacked(data) > LARGEST_UNPACKED


def called(name: str) -> str:
    """What a person calls a file, without the folders that some browsers send with it: a word to show, never a path."""
    bare = name.replace("\\", "/").rpartition("/")[2]
    return " ".join(cleaned(bare.encode("utf-8", "replace").decode()).split())[:LONGEST_NAME]


def unpacked(data: bytes) -> int:
    """How large a workbook says that it is inside; whatever is none is read as it is."""
    if not data.startswith(b"PK"):
        return 0
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            return sum(part.file_size for part in package.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return 0  # the importer says what is wrong with it


async def keep_upload(site: Site, person_id: str, data: bytes, name: str) -> str:
    """The file lies ready for a day; its hash."""
    return await _kept(site, person_id, (data, name), SENT)


async def _kept(site: Site, person_id: str, file: tuple[bytes, str], ending: str) -> str:
    ref = await lay_ready((site.files, site.store), person_id, (*file, ending), site.now())
    return ref.rpartition("/")[2].partition(".")[0]


async def lay_ready(place: tuple[Files, Store], person_id: str, file: tuple[bytes, str, str], now: datetime) -> str:
    """The file (bytes, name, ending) lies ready for a day; where."""
    (files, store), (data, name, ending) = place, file
    ref = await files.keep_as(person_id, data, ending)
    async with store.write() as connection:
        await note_upload(connection, person_id, (ref, name), now)
    return ref


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a company, on its way in."""

    visitor: Visitor
    who: Submitter
    data: bytes
    name: str
    key: str | None = None

    def sending(self) -> Sending:
        return Sending(self.who, self.visitor.person.id, "page", self.key, (self.name,), rejected_files=False)


async def tried(site: Site, upload: Upload) -> Outcome:
    """What would become of it; nothing of that stays."""
    async with rehearsed(site.store) as store:
        taken, marked = await _taken(site, store, upload)
    return await _told(site, upload, taken, marked)


async def taken_in(site: Site, upload: Upload) -> tuple[int, str]:
    """Takes it in: the import, and the hash under which the marked Excel lies."""
    taken, marked = await _taken(site, site.store, upload)
    return taken.import_id, (await _told(site, upload, taken, marked)).marked


async def _taken(site: Site, store: Store, upload: Upload) -> tuple[Taken, bytes]:
    """The name of the file on disk is ours."""
    with NamedTemporaryFile(prefix="engawa-", suffix=".upload") as file:
        file.write(upload.data)
        file.flush()
        path = Path(file.name)
        (taken,) = await take_files(store, [path], upload.sending(), site.now())
        assert taken.report is not None
        taken.report.file = upload.name
        marked = b""
        if len(taken.report.problems):
            marked = await asyncio.to_thread(marked_copy, path, taken.report, upload.visitor.person.language)
    return taken, marked


def words_of(language: str) -> Words:
    return Words(**workbook_words(language))


def marked_copy(path: Path, report: FileReport, language: str) -> bytes:
    """The marked Excel; empty where there is none."""
    to = BytesIO()
    return to.getvalue() if write_marked(path, report, words_of(language), to) else b""


async def _told(site: Site, upload: Upload, taken: Taken, marked: bytes) -> Outcome:
    report, language, person_id = taken.report, upload.visitor.person.language, upload.visitor.person.id
    assert report is not None
    lies = await _kept(site, person_id, (marked, upload.name), MARKED) if marked else ""
    words = words_of(language)
    return Outcome(
        name=upload.name,
        verdict=report.verdict.name,
        rows_total=report.rows_total,
        rows_accepted=report.rows_accepted,
        counts=taken.counts,
        lines=list(islice(_lines(report, words), MOST_SHOWN)),
        more=max(0, len(report.problems) - MOST_SHOWN),
        marked=lies,
        digest=hashlib.sha256(upload.data).hexdigest()[:40],
    )


def _lines(report: FileReport, words: Words) -> Iterator[Line]:
    """The refused rows first, then what somebody should look at, then what was brought into its standard form."""
    for severity in ("error", "warning", "normalised"):
        found = (one for one in report.problems if one.severity == severity)
        yield from (Line(_sheet(one.table, words), one.row, words.message(one), severity) for one in found)


def _sheet(table: str | None, words: Words) -> str:
    return (SHEETS.get(table or "", "") if words.language == "ja" else table) or ""


def remembered(row: Any, marked: str, language: str) -> Outcome:
    """An import as it is on record: where something was wrong, without what was written there."""
    words = words_of(language)
    lines = [_line_of(one, words) for one in row.problems]
    order = {"error": 0, "warning": 1}
    lines.sort(key=lambda line: order.get(line.severity, 2))
    more = max(0, len(lines) - MOST_SHOWN)
    return Outcome(
        row.file_name, row.verdict, row.rows_total, row.rows_accepted, row.counts, lines[:MOST_SHOWN], more, marked
    )


def _line_of(found: Mapping[str, Any], words: Words) -> Line:
    return Line(_sheet(found["table"], words), found["row"], without_value(found, words), found["severity"])


def message_of(found: Mapping[str, Any], language: str, value: str = "") -> str:
    """A problem as it is on record, told without what was written there, or with a ``value`` of ours."""
    return without_value(found, words_of(language), value)


def without_value(found: Mapping[str, Any], words: Words, value: str = "") -> str:
    """A problem as it is on record, told without what was written there, or with a ``value`` of ours."""
    told = words.reasons.get(found["reason"]) or MESSAGES[found["reason"]]
    message = told.format(label=label_of(found.get("table"), found.get("field")), value=value)
    return message.replace("（）", "").replace(" ()", "")
