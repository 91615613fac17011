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
    """What was found on one sheet, by row. ``reasons_at`` is the column of reasons; ``added``: it was not there yet.

    ``unknown`` are the places of columns that the format does not have, by what a report calls them.
    """

    heading: Heading
    heading_line: int
    reasons_at: int
    added: bool
    unknown: dict[str, int]
    rows: dict[int, RowMarks] = field(default_factory=dict)


def sheet_marks(heading: Heading, heading_line: int, again: bool) -> SheetMarks:
    """A sheet without marks. A column of reasons that we wrote ourselves is used ``again``; a person's own stays."""
    ours = heading.reasons_at if again or heading.mended else ()
    reasons_at = (0 if heading.mended else ours[-1]) if ours else heading.width
    cells = headings(heading)
    unknown = {writable(cells[at].strip()): at for at in reversed(heading.others)}
    return SheetMarks(heading, heading_line, reasons_at, not ours, unknown)


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
        row.add(place_of(problem, sheet), Severity(problem.severity), told(problem))


def place_of(problem: Problem, sheet: SheetMarks) -> int:
    """The place of the column that a problem is about; the first of the table where it is about none that is there."""
    for at, column in sheet.heading.columns:
        if column.key == problem.field:
            return at
    first = sheet.heading.columns[0][0]
    return sheet.unknown.get(problem.field or "", first) if problem.reason == "unknown_column" else first


def headings(heading: Heading) -> list[str]:
    """The heading as it is written in the file, ours included."""
    ours, others = set(heading.reasons_at), iter(heading.cells)
    return [REASON_HEADER if at in ours else next(others) for at in range(heading.width)]
