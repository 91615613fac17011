"""One file of a call on its way: opened, its rows noted, its report and its list of refused rows made."""

from pathlib import Path

from bot.intake.page import Candidate
from bot.intake.part import Part
from bot.intake.reasons import Fault, Refused, Severity, refuses
from bot.intake.rejected import RejectedRows, rejected_path
from bot.intake.report import FileReport, Verdict, problem
from bot.intake.source import Source, open_source
from bot.intake.tables import Table

_ABOUT_THE_HEADING = ("unknown_column", "header_form")  # told also where the row in which they came up is refused


class SentFile:
    """A file from its opening to its report. ``number`` is its place in the call."""

    def __init__(self, path: str | Path, number: int, rejected_files: bool) -> None:
        self.number = number
        self.report = FileReport(str(path))
        self._path = Path(path)
        self._source = Source([])
        self._rejected: dict[int, RejectedRows] = {}
        self._write_rejected = rejected_files

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
        for part in parts:
            self.report.add(part.heading.table.name, part.heading_line, part.faults)
        if self._write_rejected:
            self._rejected = dict(enumerate(self._lists(parts)))

    def parts_of(self, table: Table) -> list[Part]:
        """The parts of the file that hold this table; none once the file was refused."""
        if self.report.verdict is Verdict.reject_file:
            return []
        return [part for part in self._source.parts if part.heading.table is table]

    @property
    def progress(self) -> float:
        """How much of the file has been read, 0 to 1."""
        parts = self._source.parts
        return sum(part.progress for part in parts) / len(parts)

    def note(self, part: Part, candidate: Candidate) -> None:
        """Counts a row that was judged, and tells what was found at it."""
        faults = candidate.faults
        self.report.rows_total += 1
        refused = refuses(faults)
        if refused:
            faults = [f for f in faults if f.severity is Severity.ERROR or f.reason in _ABOUT_THE_HEADING]
            self._reject(part, candidate, faults)
        else:
            self.report.rows_accepted += 1
        self.report.add(part.heading.table.name, candidate.line, faults)

    def refuse(self, refused: Refused) -> None:
        self.report.refuse(refused.table, refused.faults)

    def finish(self) -> None:
        """Puts the lists of refused rows in their places."""
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
        names = [part.heading.table.name for part in parts]
        several = len(parts) > 1
        return [
            RejectedRows(
                rejected_path(self._path, name if several else None, names[: at + 1].count(name)),
                parts[at].heading.cells,
            )
            for at, name in enumerate(names)
        ]

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
