"""What a person sent, back with the problems marked on it.

The workbook is not made anew: what was sent is copied part by part, and of its sheets only what is marked is written
otherwise. So formats, other sheets, pictures, hidden columns and formulas with their results are as they were. Macros
and a signature do not come back: the ones would be ours to answer for, the other would be broken.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, NamedTuple

from bot.intake.reasons import Refused
from bot.intake.report import FileReport
from bot.intake.source import Form, form_of, unreadable_is_refused
from bot.intake.tables import REASON_HEADER
from bot.intake.workbook.book import RESULT_ID, Book, BookEcho, read_book
from bot.intake.workbook.changes import Changes
from bot.intake.workbook.echo import echoed, edited
from bot.intake.workbook.findings import Findings, Judged, Marked
from bot.intake.workbook.from_csv import TooManyRows, write_as_book
from bot.intake.workbook.marks import Placed, mark, sheet_marks
from bot.intake.workbook.relations import SHEET_TYPE, STYLES_TYPE, TYPES, Link, related, relations_part, typed
from bot.intake.workbook.said import say
from bot.intake.workbook.shades import Shades
from bot.intake.workbook.sheet import Ink, MarkedSheet, UnselectedSheet
from bot.intake.workbook.words import Words
from bot.intake.xlsx_file import NO_HEADING, XlsxPart, open_xlsx
from bot.intake.xlsx_package import Package

_NO_TABLES = NO_HEADING | {"no_table", "hidden_sheet", "unknown_sheet"}
_SHEETS = ("worksheet", "chartsheet", "dialogsheet")
_NOT_BACK = ("calcChain", "vbaProject")  # the first is made anew by every spreadsheet
_NOT_OURS_TO_KEEP = ("xl/vbaProject", "xl/_rels/vbaProject", "_xmlsignatures/")
_STRICT = b"http://purl.oclc.org/ooxml/"


class NotMarked(Exception):
    """There is nothing that could be marked."""


class _Sent(NamedTuple):
    """A workbook that was sent, or what a CSV file is as one: its tables, and rows that stand on other lines there."""

    package: Package
    parts: Sequence[XlsxPart]
    rows: dict[int, int]


def write_marked(sent: Path, report: FileReport, words: Words, to: IO[bytes]) -> bool:
    """Writes the marked copy of a file that was taken in with this report.

    False where there is none: for JSON, and for what cannot be opened, or has what no copy may have. Then what is in
    ``to`` is of no use. Raises OSError where it cannot be written.
    """
    try:
        with _opened(sent, report, words) as opened:
            _write(opened, report, words, to)
    except (NotMarked, Refused, TooManyRows):
        return False
    return True


@contextmanager
def _opened(sent: Path, report: FileReport, words: Words) -> Iterator[_Sent]:
    with NamedTemporaryFile(suffix=".xlsx") as converted:
        rows: dict[int, int] = {}
        with unreadable_is_refused():
            form = form_of(sent)
            if form is Form.JSON:
                raise NotMarked
            if form is Form.CSV:
                lines = {found.row for found in report.problems if found.row}
                rows = write_as_book(sent, converted.file, lines, str(words.result["row_cells"]))
                converted.flush()
            parts, package = _tables(sent if form is Form.XLSX else Path(converted.name))
        try:
            yield _Sent(package, parts, rows)
        finally:
            package.close()


def _tables(path: Path) -> tuple[Sequence[XlsxPart], Package]:
    """The tables of a workbook; none where their headings were why it was refused."""
    try:
        parts, _, package = open_xlsx(path)
    except Refused as refused:
        if not {fault.reason for fault in refused.faults} <= _NO_TABLES:
            raise
        return [], Package(path)
    return parts, package


def _write(sent: _Sent, report: FileReport, words: Words, to: IO[bytes]) -> None:
    package, parts, rows = sent
    book = read_book(package)
    if any(sheet.kind not in _SHEETS for sheet in book.sheets) or _STRICT in next(package.chunks(book.part), b""):
        raise NotMarked  # sheets of macros, and the strict form, in which our parts would be strangers
    styles = book.by_kind.get("styles", "")
    shades = Shades(package, styles)
    marks = [sheet_marks(part.heading, part.heading_line, book.result is not None) for part in parts]
    found = Placed(report, rows)
    mark(marks, found, words.message)
    marked = [Marked(part.sheet.name, its) for part, its in zip(parts, marks, strict=True)]
    changes = Changes(package)
    for sheet in book.sheets:
        if sheet.part in package:
            changes.parts[sheet.part] = echoed(package, sheet.part, UnselectedSheet())
    for part, (_, its) in zip(parts, marked, strict=True):
        crowded = {row.line for row in part.rows() if len(row.cells) > its.heading.width} if its.added else ()
        ink = Ink(its, shades, REASON_HEADER, crowded, say(changes, part.sheet.part, its))
        changes.parts[part.sheet.part] = echoed(package, part.sheet.part, MarkedSheet(ink))
    findings = Findings(Judged(report, found, marked), words, shades)
    _put_in_front(changes, book, findings)
    _close(changes, book, shades)
    changes.write(to)


def _put_in_front(changes: Changes, book: Book, findings: Findings) -> None:
    """Our sheet, in the place of the one from the last time."""
    old = book.result
    part = old.part if old else changes.free("xl/worksheets/engawa{}.xml")
    changes.parts.pop(part, None)
    changes.late[part] = findings.written
    changes.types[part] = SHEET_TYPE
    changes.gone.add(relations_part(part))
    changes.parts[book.part] = [edited(changes.package, book.part, BookEcho(book))]


def _close(changes: Changes, book: Book, shades: Shades) -> None:
    """What the parts are to each other, and what does not come back."""
    package = changes.package
    links = [] if book.result else [Link(RESULT_ID, "worksheet", next(iter(changes.late)))]
    styles = book.by_kind.get("styles", "")
    if styles not in package:
        styles = "xl/styles.xml" if "xl/styles.xml" not in package else changes.free("xl/engawaStyles{}.xml")
        links.append(Link("engawaStyles", "styles", styles))
        changes.types[styles] = STYLES_TYPE
    changes.late[styles] = shades.written
    changes.gone |= {book.by_kind[kind] for kind in _NOT_BACK if kind in book.by_kind}
    changes.gone |= {part for part in package if part.startswith(_NOT_OURS_TO_KEEP)}
    changes.parts[relations_part(book.part)] = [related(package, book.part, links, _NOT_BACK)]
    changes.parts[relations_part("")] = [related(package, "", [], ("origin",))]
    changes.parts[TYPES] = [typed(package, book.part, changes.types, changes.gone)]
