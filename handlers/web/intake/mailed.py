"""Files that a company mails to its own address for them: taken in where the mail is certainly the company's, otherwise
laid ready until somebody of the company has looked at them on its page."""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from bot.core.brought import MOST_FILES, Dealt, Letter, Line, Unread
from bot.core.days import civil
from bot.core.outcome import Outcome
from bot.core.people import Person, servicer_key
from bot.core.submitter import Submitter
from handlers.brought import Brought, answered, is_theirs
from handlers.web.intake.looking import (
    LARGEST_UNPACKED,
    LARGEST_UPLOAD,
    MARKED,
    SENT,
    called,
    lay_ready,
    remembered,
    unpacked,
)
from handlers.web.intake.once import Door, Piece, take_once, taken_as
from storage.files import Files
from storage.imports import rest_of
from storage.people import load_people
from storage.store import Store
from storage.submitters import company_with, submitter_of
from storage.uploads import rest_of_uploads

DOOR = "mail"
MOST_LINES = 20  # problems of a file in the answer; the marked Excel has all of them
# What attached files begin with that are no table, whatever they are called.
NO_TABLES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"%PDF", b"RIFF", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"MZ", b"<")
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # a workbook under a password, or of the time before xlsx
BLANK = b" \t\r\n\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Mailed:
    """What takes such mails in."""

    store: Store
    files: Files

    async def company(self, token: str) -> str:
        async with self.store.read() as connection:
            found = await company_with(connection, self.store.pins.seal, token)
            living = found and await submitter_of(connection, found) is not None
        return servicer_key(found) if living else ""

    async def rest(self, company: str, now: datetime) -> int:
        async with self.store.read() as connection:
            own = await rest_of(connection, company.partition(":")[2], now)
            return max(own, await rest_of_uploads(connection, company, now))

    async def take(self, letter: Letter, now: datetime) -> Outcome:
        async with self.store.read() as connection:
            company_id = await company_with(connection, self.store.pins.seal, letter.token)
            who = await submitter_of(connection, company_id)
            person = (await load_people(connection, [servicer_key(company_id)])).get(servicer_key(company_id))
        if who is None or person is None:
            return Outcome()
        deal = self._taken_in if is_theirs(letter, person) else self._laid_ready
        files = await deal(who, person, letter, now)
        return answered(Brought(person, letter, files, civil(now)))

    async def _taken_in(self, who: Submitter, person: Person, letter: Letter, now: datetime) -> list[Dealt]:
        """All that can be read, together; under keys of this mail: one import however often it is tried."""
        sorted_out = _sorted(letter.files)
        pieces = {
            place: Piece(f"{DOOR}:{letter.row_id}:{place}", called(name), data)
            for place, (name, data, why) in enumerate(sorted_out)
            if not why
        }
        copies = await take_once(self.store, Door(DOOR, who, person.language), list(pieces.values()), now)
        return [
            await self._told(who, person, (pieces[place], copies[pieces[place].key]), now) if not why else Dealt(why)
            for place, (_, _, why) in enumerate(sorted_out)
        ]

    async def _told(self, who: Submitter, person: Person, file: tuple[Piece, bytes], now: datetime) -> Dealt:
        (piece, copy), place = file, (self.files, self.store)
        ref = await lay_ready(place, person.id, (copy, piece.name, MARKED), now) if copy else ""
        return _dealt(await taken_as(self.store, who, piece.key), person.language, ref)

    async def _laid_ready(self, who: Submitter, person: Person, letter: Letter, now: datetime) -> list[Dealt]:
        place, found = (self.files, self.store), []
        for name, data, why in _sorted(letter.files):
            ref = await lay_ready(place, person.id, (data, called(name), SENT), now) if not why else ""
            found.append(Dealt(why, lies=ref.rpartition("/")[2].partition(".")[0]))
        return found


def _dealt(row: Any, language: str, marked: str) -> Dealt:
    found = remembered(row, "", language)
    worth = [line for line in found.lines if line.severity != "normalised"]
    lines = tuple(Line(line.table, line.row, line.message) for line in worth[:MOST_LINES])
    more = len(worth) - len(lines) + found.more
    return Dealt("", row.verdict, row.id, row.rows_accepted, row.rows_total, lines, more, marked)


def _sorted(files: Sequence[tuple[str, bytes | None]]) -> list[tuple[str, bytes, str]]:
    """Each file with why it is not looked into, if it is not. Of too many none is: half of them may mislead."""
    found = [(name, data or b"", _why(data)) for name, data in files]
    readable = sum(not why for _, _, why in found)
    too_many = readable > MOST_FILES or len(files) > MOST_FILES
    return [(name, data, why or (Unread.MANY if too_many else "")) for name, data, why in found]


def _why(data: bytes | None) -> str:
    if data is None:
        return Unread.GONE
    if not data.strip(BLANK):
        return Unread.EMPTY
    if len(data) > LARGEST_UPLOAD or unpacked(data) > LARGEST_UNPACKED:
        return Unread.LARGE
    if data.startswith(OLE2):
        return Unread.PROTECTED
    if data.startswith(b"PK") and not _is_workbook(data):
        return Unread.ZIP
    return Unread.TYPE if data.lstrip(BLANK).startswith(NO_TABLES) else ""


def _is_workbook(data: bytes) -> bool:
    """Whether it says so itself; one that is broken is the importer's to tell of."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            return "[Content_Types].xml" in package.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return True
