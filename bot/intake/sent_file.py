"""One file of a call on its way: opened, its rows noted, its report and its list of refused rows made."""

import hashlib
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path

from bot.intake.cells import cleaned, shown
from bot.intake.json_file import text_of
from bot.intake.pack_file import STATEMENTS, StatementRow, read_pack
from bot.intake.page import Candidate
from bot.intake.part import Part
from bot.intake.reading import read_candidates
from bot.intake.reasons import Fault, Refused, Severity, refuses
from bot.intake.rejected import RejectedRows, rejected_path
from bot.intake.report import FileReport, Verdict, problem
from bot.intake.source import Source, open_source, unreadable_is_refused
from bot.intake.tables import Table
from bot.intake.twins import Twins
from bot.intake.values import code_of

_ABOUT_THE_HEADING = ("unknown_column", "header_form")  # told also where the row in which they came up is refused


class SentFile:
    """A file from its opening to its report. ``number`` is its place in the call.

    ``lists`` are the lists of refused rows that the call may write: ``houses.csv`` and ``houses.xlsx`` have one each.
    """

    def __init__(self, path: str | Path, number: int, rejected_files: bool, lists: set[Path]) -> None:
        self.number = number
        self.report = FileReport(str(path))
        self._path = Path(path)
        self._source = Source([])
        self._rejected: dict[int, RejectedRows] = {}
        self._write_rejected = rejected_files
        self._lists_of_call = lists

    def open(self) -> None:
        """Opens the file; a file that cannot be taken is refused here, and has no parts."""
        try:
            self._source = open_source(self._path)
        except Refused as refused:
            self.refuse(refused)
            return
        parts = self._source.parts
        self.report.table = parts[0].heading.table.name if len(parts) == 1 else None
        self.report.add(None, None, self._source.faults)
        for at, part in enumerate(parts):
            self.report.add(part.heading.table.name, part.heading_line, part.faults, at)
        for part in parts:
            if part.heading.wrong:
                self.report.refuse(part.heading.table.name, part.heading.wrong)
        if self._write_rejected and not self._misses_columns:
            self._rejected = dict(enumerate(self._lists(parts)))

    def look_over(self, today: date) -> None:
        """Tells what is wrong in a file that is refused for its columns, in its cells and between its rows: nothing of
        it is taken, and whoever mends it mends all of it."""
        if not self._misses_columns:
            return
        try:
            with unreadable_is_refused():
                for at, part in enumerate(self._source.parts):
                    twins = Twins(part.heading.table)
                    for candidate in read_candidates(part, today):
                        twins.look_at(candidate)
                        self.report.add(part.heading.table.name, candidate.line, _worth_telling(candidate.faults), at)
        except Refused as refused:
            self.refuse(refused)

    @property
    def _misses_columns(self) -> bool:
        return any(part.heading.wrong for part in self._source.parts)

    def parts_of(self, table: Table) -> list[Part]:
        """The parts of the file that hold this table; none once the file was refused."""
        if self.report.verdict is Verdict.reject_file:
            return []
        return [part for part in self._source.parts if part.heading.table is table]

    def statements(self, today: date) -> list[StatementRow]:
        """What a handover pack tells; nothing of any other file. What cannot be taken is reported and left out."""
        path = self._source.pack
        if path is None or self.report.verdict is Verdict.reject_file:
            return []
        rows = read_pack(text_of(path), hashlib.sha256(path.read_bytes()).hexdigest(), today)
        for line, row in enumerate(rows, start=1):
            faults = [Fault("statement_unfit", name, str(row.told.line)) for name in row.wrong[:1]]
            self.report.add(STATEMENTS, line, faults)
            self.report.rows_total += 1
            self.report.rows_accepted += not faults
        return [row for row in rows if not row.wrong]

    @property
    def progress(self) -> float:
        """How much of the file has been read, 0 to 1."""
        parts = self._source.parts
        if not parts:
            return 1.0
        return sum(part.progress for part in parts) / len(parts)

    def note(self, part: Part, candidate: Candidate) -> None:
        """Counts a row that was judged, and tells what was found at it."""
        faults = candidate.faults
        self.report.rows_total += 1
        refused = refuses(faults)
        if refused:
            faults = [_as_written(fault, part, candidate) for fault in _worth_telling(faults)]
            self._reject(part, candidate, faults)
        else:
            self.report.rows_accepted += 1
        self.report.add(part.heading.table.name, candidate.line, faults, self._source.parts.index(part))

    def refuse(self, refused: Refused) -> None:
        self.report.refuse(refused.table, refused.faults)

    def finish(self) -> None:
        """Puts the lists of refused rows in their places, and says so where a workbook was never filled in."""
        if self._source.package and not self.report.rows_total and self.report.verdict is not Verdict.reject_file:
            self.report.add(None, None, [Fault("nothing_written")])
        for rejected in self._rejected.values():
            try:
                rejected.finish()
            except OSError as error:
                self._not_written(error)

    def close(self) -> None:
        for rejected in self._rejected.values():
            rejected.drop()
        self._source.close()

    def _lists(self, parts: list[Part]) -> list[RejectedRows]:
        several = len(parts) > 1
        return [
            RejectedRows(self._free_path(part.heading.table.name if several else None), part.heading.cells)
            for part in parts
        ]

    def _free_path(self, table: str | None) -> Path:
        """Where no other list of this call goes."""
        numbered = (rejected_path(self._path, table, number) for number in count(1))
        path = next(path for path in numbered if path not in self._lists_of_call)
        self._lists_of_call.add(path)
        return path

    def _reject(self, part: Part, candidate: Candidate, faults: list[Fault]) -> None:
        number = self._source.parts.index(part)
        if number not in self._rejected:
            return
        table = part.heading.table.name
        errors = [problem(table, candidate.line, f) for f in faults if f.severity is Severity.ERROR]
        try:
            self._rejected[number].add(candidate.cells, " / ".join(error.message for error in errors))
        except OSError as error:
            self._rejected.pop(number).drop()
            self._not_written(error)

    def _not_written(self, error: OSError) -> None:
        self.report.add(None, None, [Fault("rejected_not_written", None, error.strerror or str(error))])


def _worth_telling(faults: list[Fault]) -> list[Fault]:
    """Of a row that is not taken: what is to be mended."""
    return [fault for fault in faults if fault.severity is Severity.ERROR or fault.reason in _ABOUT_THE_HEADING]


def _as_written(fault: Fault, part: Part, candidate: Candidate) -> Fault:
    """With an id as the person wrote it: that is what they look for in their file."""
    heading = part.heading
    for at, column in heading.columns:
        place = at - sum(ours < at for ours in heading.reasons_at)  # what we wrote ourselves is no more among the cells
        if column.key == fault.field and place < len(candidate.cells):
            written = cleaned(shown(candidate.cells[place]))
            return replace(fault, value=written) if code_of(written) == fault.value else fault
    return fault
