"""What the importer answers about a file. Its JSON form is read by scripts and does not change."""

import json
import tempfile
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any
from weakref import finalize

from bot.intake.reasons import MESSAGES, Fault, Severity
from bot.intake.tables import TABLES

LONGEST_VALUE = 200  # characters of a cell that are repeated in a report
_IN_MEMORY = 1 << 20
_HEADERS = {(table.name, column.key): column.header for table in TABLES for column in table.columns}
# Python and others take these for line ends, and a report is one line.
_LINE_ENDS = str.maketrans({"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"})


class Verdict(IntEnum):
    """The worst that happened to a file, the worst last."""

    accept = 0
    accept_normalised = 1
    accept_with_warning = 2
    reject_row = 3
    reject_file = 4


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of a report. Without a row it is about the file: as an error it refused the whole of it."""

    table: str | None
    row: int | None
    field: str | None
    value: str | None
    reason: str
    severity: str
    message: str


def _plain(found: Problem) -> dict[str, Any]:
    return {key: getattr(found, key) for key in Problem.__slots__}


def problem(table: str | None, row: int | None, fault: Fault) -> Problem:
    """A fault, told with its place and in words."""
    value = None if fault.value is None else writable(fault.value)
    label = label_of(table, fault.field)
    message = MESSAGES[fault.reason].format(label=label, value="" if value is None else value)
    field = None if fault.field is None else writable(fault.field)
    return Problem(table, row, field, value, fault.reason, fault.severity.value, message)


def label_of(table: str | None, field: str | None) -> str:
    """The column as people call it."""
    return _HEADERS.get((table or "", field or "")) or writable(field or "")


def writable(text: str) -> str:
    """Short, and with nothing that UTF-8 cannot hold."""
    short = text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "…"
    return short.encode("utf-8", "replace").decode()


class Problems:
    """The problems of one file, in order; beyond a little memory they wait in a temporary file."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(  # noqa: SIM115 - it lives as long as the report
            max_size=_IN_MEMORY, mode="w+", encoding="utf-8", newline="\n"
        )
        finalize(self, self._file.close)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Problem]:
        return (Problem(**json.loads(line)) for line in self.lines())

    def append(self, found: Problem) -> None:
        self._file.write(json.dumps(_plain(found), ensure_ascii=False).translate(_LINE_ENDS) + "\n")
        self._count += 1

    def lines(self) -> Iterator[str]:
        """Each problem as JSON, in one line."""
        self._file.seek(0)
        for line in self._file:
            yield line.rstrip("\n")
        self._file.seek(0, 2)


class FileReport:
    """What became of one file. ``table`` is None for a file of several tables, or of none.

    ``parts`` says for each problem in which part of the file it was found, counted from 0; -1: in none.
    """

    def __init__(self, file: str, table: str | None = None) -> None:
        self.file = _writable_name(file)
        self.table = table
        self.rows_total = 0
        self.rows_accepted = 0
        self.problems = Problems()
        self.parts = array("i")
        self.verdict = Verdict.accept

    def add(self, table: str | None, row: int | None, faults: Iterable[Fault], part: int = -1) -> None:
        """Notes what was found at a row, or (row None) about the file."""
        for fault in faults:
            self.problems.append(problem(table, row, fault))
            self.parts.append(part)
            self.verdict = max(self.verdict, _weight(fault.severity, row))

    def refuse(self, table: str | None, faults: Iterable[Fault]) -> None:
        """Refuses the file: nothing of it is kept."""
        self.add(table, None, faults)
        self.table = table
        self.verdict = Verdict.reject_file

    def to_json(self) -> dict[str, Any]:
        """The whole report as plain data; every problem is in memory then."""
        return {**self._head(), "problems": [_plain(found) for found in self.problems]}

    def json_pieces(self) -> Iterator[str]:
        """The report as one line of JSON, piece by piece, for reports of any length; no line end."""
        head = json.dumps(self._head(), ensure_ascii=False).translate(_LINE_ENDS)
        yield head[:-1] + ', "problems": ['
        for number, line in enumerate(self.problems.lines()):
            yield f", {line}" if number else line
        yield "]}"

    def _head(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "table": self.table,
            "verdict": self.verdict.name,
            "rows_total": self.rows_total,
            "rows_accepted": self.rows_accepted,
        }


def exit_status(reports: Iterable[FileReport]) -> int:
    """0 when nothing was refused, 3 when rows were, 4 when a file was."""
    worst = max((report.verdict for report in reports), default=Verdict.accept)
    return worst.value if worst >= Verdict.reject_row else 0


def _weight(severity: Severity, row: int | None) -> Verdict:
    if severity is Severity.ERROR:
        return Verdict.reject_file if row is None else Verdict.reject_row
    return Verdict.accept_with_warning if severity is Severity.WARNING else Verdict.accept_normalised


def _writable_name(file: str) -> str:
    """A path's name, whatever bytes the file system has in it."""
    return file.encode("utf-8", "replace").decode()
