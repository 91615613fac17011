"""A4 sheets to draw on, one after another. Measures are mm from the upper left corner, type is in points."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from threading import Lock

import segno
from reportlab.pdfgen.canvas import Canvas

from templates.paper.font import MM, NAME, font

WIDE, HIGH = 210.0, 297.0
LEFT, RIGHT = 22.0, 188.0  # of what is written
QUIET = 4  # white modules around a QR code (ISO/IEC 18004)
Point = tuple[float, float]  # mm from the left and from the top
EMBEDDING = Lock()  # while a font is embedded it is read through the one position that all letters share
BOTTOM = 287.0  # most printers leave 4 to 5 mm white; below this stands only the page number


@dataclass(frozen=True, slots=True)
class Type:
    """How a line is set: size in points, ``bold`` by a thin outline (the font has one weight), grey from 0 (black)."""

    size: float
    bold: bool = False
    grey: float = 0.0
    spaced: float = 0.0  # mm between letters


@dataclass(frozen=True, slots=True)
class Strip:
    """A part of the page that is not divided: its height, and what draws it when told where its upper edge is."""

    height: float
    draw: Callable[["Sheet", float], None]


class Sheet:
    """The document as it is drawn; the same calls give the same bytes.

    The print dialogue is asked not to scale, since the address must meet the window, and to print one-sided, since the
    slip is cut off.
    """

    def __init__(self, language: str, title: str) -> None:
        font()
        self._bytes = BytesIO()
        size = (WIDE * MM, HIGH * MM)
        self._canvas = Canvas(
            self._bytes, pagesize=size, invariant=1, pdfVersion=(1, 7), lang=language, initialFontName=NAME
        )
        self._canvas.setTitle(title)
        self._canvas.setAuthor("Engawa")
        self._canvas.setCreator("Engawa")
        self._canvas.setViewerPreference("PrintScaling", "None")
        self._canvas.setViewerPreference("Duplex", "Simplex")

    def next(self) -> None:
        self._canvas.showPage()

    def finish(self) -> bytes:
        with EMBEDDING:
            self._canvas.save()
        return self._bytes.getvalue()

    def line(self, x: float, base: float, text: str, how: Type) -> None:
        """A line of text whose letters stand on ``base``."""
        self._canvas.setFillGray(how.grey)
        self._canvas.setStrokeGray(how.grey)
        self._canvas.setLineWidth(how.size * 0.03)
        self._canvas.setFont(NAME, how.size)
        mode = 2 if how.bold else 0
        self._canvas.drawString(x * MM, (HIGH - base) * MM, text, mode=mode, charSpace=how.spaced * MM)

    def rule(self, start: Point, end: Point, width: float = 0.2, dash: float = 0) -> None:
        """A line from one point to another; ``width`` and ``dash`` in mm."""
        self._pen(width, dash)
        self._canvas.line(start[0] * MM, (HIGH - start[1]) * MM, end[0] * MM, (HIGH - end[1]) * MM)

    def frame(self, corner: Point, size: Point, width: float = 0.3, bend: float = 0) -> None:
        """A rectangle from its upper left corner, its own corners rounded by ``bend``."""
        self._pen(width, 0)
        x, y = corner[0] * MM, (HIGH - corner[1] - size[1]) * MM
        if bend:
            self._canvas.roundRect(x, y, size[0] * MM, size[1] * MM, bend * MM)
        else:
            self._canvas.rect(x, y, size[0] * MM, size[1] * MM)

    def code(self, corner: Point, side: float, url: str) -> None:
        """A QR code with its quiet zone, ``side`` mm each way."""
        rows = dark(url)
        module = side * MM / (len(rows) + 2 * QUIET)
        path = self._canvas.beginPath()
        for at, row in enumerate(rows):
            for start, count in runs(row):
                path.rect(QUIET + start, -QUIET - at - 1, count, 1)
        self._canvas.saveState()
        self._canvas.translate(corner[0] * MM, (HIGH - corner[1]) * MM)
        self._canvas.scale(module, module)
        self._canvas.setFillGray(0)
        self._canvas.drawPath(path, stroke=0, fill=1)
        self._canvas.restoreState()

    def _pen(self, width: float, dash: float) -> None:
        self._canvas.setStrokeGray(0.35)
        self._canvas.setLineWidth(width * MM)
        self._canvas.setDash([dash * MM, dash * MM] if dash else [])


def dark(url: str) -> tuple[bytearray, ...]:
    """The rows of the QR code of an address, 1 for a dark module; at least level M, more where it costs no room."""
    return segno.make(url, error="m", micro=False).matrix


def runs(row: bytearray) -> list[tuple[int, int]]:
    """Where dark modules begin, and how many stand side by side."""
    found, start = [], -1
    for at, one in enumerate([*row, 0]):
        if one and start < 0:
            start = at
        elif not one and start >= 0:
            found.append((start, at - start))
            start = -1
    return found
