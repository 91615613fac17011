"""Where the problems of a report stand on the sheets of a workbook, and what is said there."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from bot.intake.heading import Heading
from bot.intake.reasons import Severity
from bot.intake.report import FileReport, Problem, writable
from bot.intake.tables import REASON_HEADER

MOST_MARKED = 20_000  # problems of one file that are coloured: more are no help to anybody


@dataclass(slots=True)
class RowMarks:
    """What was found at a row. ``cells`` are the severities of single cells by their place, ``told`` what is said."""

    refused: bool = False
    cells: dict[int, Severity] = field(default_factory=dict)
    told: dict[int, list[str]] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)

    def add(self, at: int, severity: Severity, message: str) -> None:
        worse = severity is Severity.ERROR
        self.refused |= worse
        if worse or at not in self.cells:
            self.cells[at] = severity
        self.told.setdefault(at, []).append(message)
        self.reasons.append(message)


@dataclass(slots=True)
class SheetMarks:
    """What was found on one sheet, by row. ``reasons_at`` is the column of reasons; ``added``: it was not there yet."""

    heading: Heading
    heading_line: int
    reasons_at: int
    added: bool
    rows: dict[int, RowMarks] = field(default_factory=dict)


def sheet_marks(heading: Heading, heading_line: int, again: bool) -> SheetMarks:
    """A sheet without marks. A column of reasons that we wrote ourselves is used ``again``; a person's own stays."""
    ours = heading.reasons_at if again or heading.mended else ()
    reasons_at = (0 if heading.mended else ours[-1]) if ours else heading.width
    return SheetMarks(heading, heading_line, reasons_at, not ours)


class Placed:
    """The problems of a report, each with the part of the file it stands in (-1: in none), and its row on the sheet.

    ``rows`` are those of the report's lines that stand elsewhere on the sheet.
    """

    def __init__(self, report: FileReport, rows: Mapping[int, int]) -> None:
        self._report = report
        self._rows = rows

    def __iter__(self) -> Iterator[tuple[int, Problem]]:
        for part, found in zip(self._report.parts, self._report.problems, strict=True):
            row = found.row and self._rows.get(found.row, found.row)
            yield part, found if row == found.row else replace(found, row=row)


def mark(sheets: Sequence[SheetMarks], found: Placed, told: Callable[[Problem], str]) -> None:
    """Puts problems where they belong. What was only brought into standard form gets no mark."""
    to_mark = (
        (part, problem)
        for part, problem in found
        if 0 <= part < len(sheets) and problem.row and problem.severity != Severity.NORMALISED
    )
    for part, problem in islice(to_mark, MOST_MARKED):
        sheet = sheets[part]
        row = sheet.rows.setdefault(problem.row or 0, RowMarks())
        row.add(place_of(problem, sheet.heading), Severity(problem.severity), told(problem))


def place_of(problem: Problem, heading: Heading) -> int:
    """The place of the column that a problem is about; the first of the table where it is about none that is there."""
    for at, column in heading.columns:
        if column.key == problem.field:
            return at
    if problem.reason == "unknown_column":
        return next((at for at in heading.others if writable(written(heading, at).strip()) == problem.field), 0)
    return heading.columns[0][0]


def written(heading: Heading, at: int) -> str:
    """The heading of a column as it is written in the file."""
    if at in heading.reasons_at:
        return REASON_HEADER
    before = sum(place < at for place in heading.reasons_at)
    return heading.cells[at - before] if at - before < len(heading.cells) else ""
