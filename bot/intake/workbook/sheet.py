"""A sheet as it was sent, with the marks on it."""

import re
from collections.abc import Callable, Container
from typing import NamedTuple

from bot.intake.workbook.columns import Columns
from bot.intake.workbook.echo import Echo, local, named, tag, text_cell
from bot.intake.workbook.marks import RowMarks, SheetMarks
from bot.intake.workbook.places import reference
from bot.intake.workbook.shades import OF_SEVERITY, Shade, Shades
from bot.intake.xlsx_cells import column_number

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LETTERS = re.compile("[A-Z]{1,3}")
# What may stand behind the reference to a sheet's comments, in the order of the format.
_BEHIND_REMARKS = frozenset(
    ("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst")
)


class Ink(NamedTuple):
    """What a sheet is marked with. ``crowded`` are the lines that have something beyond the table's last column."""

    marks: SheetMarks
    shades: Shades
    reason_header: str
    crowded: Container[int] = ()
    remarks_id: str = ""


class UnselectedSheet(Echo):
    """A sheet that is not the one in front any more."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if local(name) == "sheetView":
            attributes = {key: value for key, value in attributes.items() if key != "tabSelected"}
        super().start(name, attributes)


class MarkedSheet(UnselectedSheet):
    """A sheet with a table. A row is held back until it is whole, so that cells that were not there can be put in."""

    def __init__(self, ink: Ink) -> None:
        super().__init__()
        self._ink = ink
        self._columns = Columns(ink.marks.reasons_at)
        self._inside: list[str] = []
        self._row: _Row | None = None
        self._line = 0
        self._rows_begun = self._remarks_told = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        plain = local(name)
        self._inside.append(plain)
        if self._row is None:
            self._start_outside(plain, name, attributes)
        elif plain == "c":
            self._row.begin(attributes)
        elif not (self._row.frozen and plain == "f"):
            super().start(name, attributes)

    def end(self, name: str) -> None:
        plain = self._inside.pop()
        if self._row is not None:
            self._end_in_row(plain, name)
        elif plain == "cols":
            self.write(self._columns.written(self.prefix))
            super().end(name)
        elif not (plain == "col" or plain == "dimension"):
            if not self._inside:
                self._tell_remarks()
            super().end(name)

    def text(self, text: str) -> None:
        if not (self._row is not None and self._row.frozen and self._inside[-1] == "f"):
            super().text(text)

    def take(self) -> str:
        return "" if self._row is not None else super().take()

    def _start_outside(self, plain: str, name: str, attributes: dict[str, str]) -> None:
        if plain == "row":
            self._begin_row(name, attributes)
        elif plain == "col":
            self._columns.add(attributes)
        elif plain != "dimension":
            self._put_in_before(plain)
            super().start(name, attributes)

    def _put_in_before(self, plain: str) -> None:
        """What has its place before this part of a sheet, and is not there yet."""
        if plain == "sheetData":
            self._rows_begun = True
            if not self._columns.told:
                columns = named(self.prefix, "<cols>") + self._columns.written(self.prefix)
                self.write(columns + named(self.prefix, "</cols>"))
        elif len(self._inside) == 2 and plain == "legacyDrawing":
            self._remarks_told = True
        elif len(self._inside) == 2 and (
            plain in _BEHIND_REMARKS or (self._rows_begun and plain == "AlternateContent")
        ):
            self._tell_remarks()

    def _tell_remarks(self) -> None:
        if self._ink.remarks_id and not self._remarks_told:
            told = f'<legacyDrawing xmlns:r="{OFFICE}" r:id="{self._ink.remarks_id}"/>'
            self.write(named(self.prefix, told))
        self._remarks_told = True

    def _begin_row(self, name: str, attributes: dict[str, str]) -> None:
        self._line = int(attributes.get("r", self._line + 1))
        kept = {key: value for key, value in attributes.items() if key != "spans"}
        Echo.start(self, name, kept)
        self.close_tag()
        own = int(attributes.get("s", "0")) if attributes.get("customFormat") in ("1", "true") else None
        self._row = _Row(self, self._ink, self._line, self._columns.style_under(own))

    def _end_in_row(self, plain: str, name: str) -> None:
        assert self._row is not None
        if plain == "row":
            self._row.finish()
            self._row = None
            Echo.end(self, name)
        elif plain == "c":
            super().end(name)
            self._row.keep()
        elif not (self._row.frozen and plain == "f"):
            super().end(name)


class _Cell(NamedTuple):
    at: int
    markup: str


class _Row:
    """A row on its way: cells as they were, under their colours; the reasons; what was not there before."""

    def __init__(self, echo: MarkedSheet, ink: Ink, line: int, style_of: Callable[[int], int]) -> None:
        self._echo = echo
        self._ink = ink
        self._line = line
        self._style_of = style_of
        self._marks = ink.marks.rows.get(line, RowMarks())
        self._below = line > ink.marks.heading_line
        self._crowded = ink.marks.added and self._below and line in ink.crowded
        self._cells: dict[int, str] = {}
        self._styles: dict[int, int] = {}
        self._at = -1
        self._from = 0
        self.frozen = False

    def begin(self, attributes: dict[str, str]) -> None:
        """A cell begins. Beyond the table it makes room for the reasons, and keeps what it showed, not how it came."""
        found = _LETTERS.match(attributes.get("r", ""))
        self._at = column_number(found[0]) if found else self._at + 1
        self.frozen = self._crowded and self._at >= self._ink.marks.reasons_at
        self._from = len(self._echo.out)
        style = int(attributes.get("s", "0"))
        new = self._shaded(self._at, style)
        self._styles[self._at] = style
        kept = dict(attributes) if new == style else {**attributes, "s": str(new)}
        if self.frozen:
            kept = {key: value for key, value in kept.items() if key != "cm"}  # which speaks of its formula
        kept["r"] = reference(self._line, self._at + self.frozen)
        Echo.start(self._echo, f"{self._echo.prefix}c", kept)

    def keep(self) -> None:
        """A cell is whole."""
        written = "".join(self._echo.out[self._from :])
        del self._echo.out[self._from :]
        self._cells[self._at + self.frozen] = written
        self.frozen = False

    def finish(self) -> None:
        """The row is whole: puts in what was not there, and writes it."""
        marks = self._ink.marks
        known = [at for at, _ in marks.heading.columns] if self._marks.refused and self._below else []
        for at in {*known, *self._marks.cells}:
            if at not in self._cells:
                self._cells[at] = self._empty(at)
        if self._line >= marks.heading_line:
            self._put_reasons(marks.reasons_at)
        self._echo.out += [self._cells[at] for at in sorted(self._cells)]

    def _put_reasons(self, at: int) -> None:
        """The column of reasons: its heading, what is said of this row, or nothing where a row is good."""
        if self._line == self._ink.marks.heading_line:
            if self._ink.marks.added:
                beside = self._ink.shades.shaded(self._styles.get(at - 1, self._style_of(at)), None)
                self._cells[at] = self._text(at, self._ink.reason_header, beside)
            return
        if self._marks.reasons:
            shade = Shade.REFUSED_ROW if self._marks.refused else Shade.WARNING
            self._cells[at] = self._text(at, " / ".join(self._marks.reasons), self._ink.shades.shaded(0, shade))
        else:
            self._cells.pop(at, None)

    def _shaded(self, at: int, style: int) -> int:
        """Its own style, under the colour of what was found, and without one of ours from the last time."""
        if self._line < self._ink.marks.heading_line or self.frozen:
            return style
        severity = self._marks.cells.get(at)
        if severity is not None:
            return self._ink.shades.shaded(style, OF_SEVERITY[severity])
        row_refused = self._marks.refused and self._below and at < self._ink.marks.heading.width
        return self._ink.shades.shaded(style, Shade.REFUSED_ROW if row_refused else None)

    def _empty(self, at: int) -> str:
        style = self._shaded(at, self._style_of(at))
        return tag(f"{self._echo.prefix}c", {"r": reference(self._line, at), "s": str(style)}) + "/>"

    def _text(self, at: int, text: str, style: int) -> str:
        return text_cell(reference(self._line, at), text, style, self._echo.prefix)
