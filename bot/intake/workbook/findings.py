"""The sheet in front of a marked workbook: how it went, in numbers, and each problem with a link to its cell."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.intake.reasons import Severity
from bot.intake.report import FileReport, Problem, Verdict
from bot.intake.workbook.echo import DECLARATION, tag, text_cell
from bot.intake.workbook.marks import MOST_MARKED, Placed, SheetMarks, headings, place_of
from bot.intake.workbook.places import on_sheet, reference
from bot.intake.workbook.shades import MAIN, OF_SEVERITY, Shades
from bot.intake.workbook.words import Words

MOST_LISTED = 2_000  # of each severity
_WIDTHS = (16, 18, 12, 20, 34, 90)
_ORDER = (Severity.ERROR, Severity.WARNING, Severity.NORMALISED)
_LINK = '<sz val="11"/><color rgb="FF0563C1"/><name val="Calibri"/>'
_BIG, _BOLD = '<b/><sz val="14"/><name val="Calibri"/>', '<b/><sz val="11"/><name val="Calibri"/>'
_PLAIN = '<sz val="11"/><name val="Calibri"/>'


class Marked(NamedTuple):
    """A workbook's sheets with tables: what each is called, and its marks."""

    name: str
    marks: SheetMarks


class _Line(NamedTuple):
    texts: Sequence[str]
    styles: Sequence[int]
    link: str = ""


class Judged(NamedTuple):
    """What became of a file: its report, where each problem stands, and the sheets in the order of its parts."""

    report: FileReport
    found: Placed
    sheets: Sequence[Marked]


class Findings:
    """The sheet, from what became of a file."""

    def __init__(self, judged: Judged, words: Words, shades: Shades) -> None:
        self._report, self._found, self._sheets = judged
        self._headings = [headings(sheet.marks.heading) for sheet in judged.sheets]
        self._words = words
        wrapped = ' wrapText="1"'
        self._plain, self._wrapped = shades.lettered(_PLAIN), shades.lettered(_PLAIN, wrapped)
        self._big, self._bold, self._link = shades.lettered(_BIG), shades.lettered(_BOLD), shades.lettered(_LINK)
        self._coloured = {
            severity: shades.lettered(_BOLD, style=shades.shaded(0, shade)) for severity, shade in OF_SEVERITY.items()
        }
        self._counts = {severity.value: 0 for severity in Severity}
        for _, found in self._found:
            self._counts[found.severity] += 1

    def written(self) -> bytes:
        """The part of the package."""
        lines = [*self._head(), *self._list()]
        rows = "".join(_row(number, line) for number, line in enumerate(lines, 1))
        links = "".join(
            tag("hyperlink", {"ref": reference(number, 2), "location": line.link, "display": line.texts[2]}) + "/>"
            for number, line in enumerate(lines, 1)
            if line.link
        )
        columns = "".join(
            f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>' for at, width in enumerate(_WIDTHS, 1)
        )
        return (
            f'{DECLARATION}<worksheet xmlns="{MAIN}"><sheetViews><sheetView tabSelected="1" showGridLines="0" '
            f'workbookViewId="0"/></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols>'
            f"<sheetData>{rows}</sheetData>{f'<hyperlinks>{links}</hyperlinks>' if links else ''}</worksheet>"
        ).encode()

    def _head(self) -> Iterator[_Line]:
        report, words = self._report, self._words
        yield _Line([words.verdicts[report.verdict.name]], [self._big])
        yield _Line([], [])
        refused = report.rows_total - report.rows_accepted
        if report.verdict is not Verdict.reject_file:
            yield self._count("total", report.rows_total)
            yield self._count("good", report.rows_accepted)
            yield self._count("refused", refused, Severity.ERROR if refused else None)
        warned = self._counts[Severity.WARNING]
        yield self._count("warned", warned, Severity.WARNING if warned else None)
        yield self._count("noted", self._counts[Severity.NORMALISED])
        if sum(self._counts[severity] for severity in OF_SEVERITY) > MOST_MARKED:
            yield _Line([words.counted("unmarked", MOST_MARKED)], [self._bold])
        yield _Line([], [])

    def _count(self, name: str, count: int, severity: Severity | None = None) -> _Line:
        number = self._plain if severity is None else self._coloured[severity]
        return _Line([str(self._words.result[name]), "", str(count)], [self._bold, self._bold, number])

    def _list(self) -> Iterator[_Line]:
        if sum(self._counts.values()):
            yield _Line(self._words.headers, [self._bold] * len(_WIDTHS))
        for severity in _ORDER:
            count = 0
            for part, found in self._found:
                if found.severity != severity:
                    continue
                count += 1
                if count <= MOST_LISTED:
                    yield self._told(part, found)
            if count > MOST_LISTED:
                yield _Line([self._words.counted("more", count - MOST_LISTED)], [self._bold])

    def _told(self, part: int, found: Problem) -> _Line:
        severity = Severity(found.severity)
        sheet, place, column, link = self._where(part, found)
        texts = [str(self._words.result[severity]), sheet, place, column, found.value or "", self._words.message(found)]
        where = self._link if link else self._plain
        first = self._coloured.get(severity, self._plain)
        return _Line(texts, [first, self._plain, where, self._plain, self._wrapped, self._wrapped], link)

    def _where(self, part: int, found: Problem) -> tuple[str, str, str, str]:
        """The sheet, the cell and the column as people call them, and the link."""
        if not found.row or not 0 <= part < len(self._sheets):
            return "", str(self._words.result["whole"]), "", ""
        name, marks = self._sheets[part]
        at = place_of(found, marks)
        shown = reference(found.row, at)
        column = self._headings[part][at] if found.field else ""
        return name, shown, column, on_sheet(name, found.row, at)


def _row(number: int, line: _Line) -> str:
    cells = "".join(
        text_cell(reference(number, at), text, style)
        for at, (text, style) in enumerate(zip(line.texts, line.styles, strict=True))
        if text
    )
    return f'<row r="{number}">{cells}</row>'
