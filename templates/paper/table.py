"""Tables over many pages: a heading never stands alone, the columns' names are repeated, no row is torn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import zip_longest

from templates.forms import plain
from templates.paper.font import legible
from templates.paper.lines import wrap
from templates.paper.sheet import Sheet, Strip, Type

LEFT, RIGHT = 18.0, 192.0
TOP, BOTTOM = 22.0, 280.0  # of what is written; above and below stand the sheet's own lines
CELL, NAME, SMALL = Type(9.5), Type(8.5, grey=0.3), Type(8.5, grey=0.25)
LINE, SMALL_LINE, GAP = 4.7, 4.1, 2.5  # mm
MOST = 45  # lines of a row that stay together; a longer one goes on in the next
Placed = tuple[float, Strip]


@dataclass(frozen=True, slots=True)
class Part:
    """Something with a heading: ``again`` is what is repeated on every page that it goes over to."""

    heading: Sequence[Strip]
    rows: Sequence[Strip]
    again: Sequence[Strip] = ()
    names: Strip | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column's name and its width in mm."""

    name: str
    wide: float


@dataclass(slots=True)
class Pages:
    """Strips placed page by page."""

    pages: list[list[Placed]] = field(default_factory=lambda: [[]])
    y: float = TOP

    def put(self, strips: Sequence[Strip]) -> None:
        for strip in strips:
            self.pages[-1].append((self.y, strip))
            self.y += strip.height

    def turn(self) -> None:
        self.pages.append([])
        self.y = TOP

    def fits(self, strips: Sequence[Strip]) -> bool:
        return self.y + sum(strip.height for strip in strips) <= BOTTOM


def laid_out(parts: Sequence[Part]) -> list[list[Placed]]:
    """Every page's strips with the height at which each stands."""
    pages = Pages()
    for part in parts:
        names = [part.names] if part.names else []
        begin = [*part.heading, *names]
        if not pages.fits([*begin, *part.rows[:1]]) and pages.y > TOP:
            pages.turn()
        pages.put(begin)
        for row in part.rows:
            if not pages.fits([row]):
                pages.turn()
                pages.put([*part.again, *names])
            pages.put([row])
    return pages.pages


def names(columns: Sequence[Column]) -> Strip:
    """The columns' names above a rule."""
    cells = [wrap(legible(column.name), NAME.size, column.wide - GAP) for column in columns]
    high = max(len(cell) for cell in cells) * SMALL_LINE + 1.5
    return Strip(high, partial(_names, cells, columns, high))


def _names(cells: Sequence[Sequence[str]], columns: Sequence[Column], high: float, sheet: Sheet, y: float) -> None:
    x = LEFT
    for cell, column in zip(cells, columns, strict=True):
        for number, line in enumerate(cell):
            sheet.line(x, y + (number + 0.75) * SMALL_LINE, line, NAME)
        x += column.wide
    sheet.rule((LEFT, y + high - 0.5), (RIGHT, y + high - 0.5), 0.25)


def row(columns: Sequence[Column], values: Sequence[str], below: str = "") -> Iterator[Strip]:
    """One row as one strip, or more where it is longer than a page holds; ``below`` stands under it, smaller."""
    cells = [
        wrap(plain(legible(value)), CELL.size, column.wide - GAP) for column, value in zip(columns, values, strict=True)
    ]
    lines = list(zip_longest(*cells, fillvalue=""))
    under = wrap(plain(legible(below)), SMALL.size, RIGHT - LEFT - 4) if below else []
    while lines or under:
        some, lines = lines[:MOST], lines[MOST:]
        also, under = under[: MOST - len(some)], under[MOST - len(some) :]
        last = not lines and not under
        yield Strip(len(some) * LINE + len(also) * SMALL_LINE + 1.6, partial(_row, columns, some, also, last))


def _row(
    columns: Sequence[Column], lines: Sequence[Sequence[str]], under: Sequence[str], last: bool, sheet: Sheet, y: float
) -> None:
    base = y + 0.4
    for line in lines:
        x = LEFT
        for column, text in zip(columns, line, strict=True):
            sheet.line(x, base + LINE * 0.78, text, CELL)
            x += column.wide
        base += LINE
    for text in under:
        sheet.line(LEFT + 4, base + SMALL_LINE * 0.75, text, SMALL)
        base += SMALL_LINE
    if last:
        sheet.rule((LEFT, base + 0.8), (RIGHT, base + 0.8), 0.08)


def heading(text: str, beside: str = "") -> list[Strip]:
    """A section's heading, with what stands beside it in small type, on a line of its own where there is no room."""
    lines = wrap(legible(text), 12.5, RIGHT - LEFT)
    strips = [_text(line, Type(12.5, bold=True), 7) for line in lines]
    return [space(4.5), *strips, *([_text(legible(beside), SMALL, 4.5)] if beside else []), space(0.8)]


def again(text: str) -> list[Strip]:
    """A section's heading on a page that it goes over to."""
    return [_text(wrap(legible(text), 10.5, RIGHT - LEFT)[0], Type(10.5, bold=True), 6), space(0.8)]


def paragraph(text: str, how: Type, line: float) -> list[Strip]:
    return [_text(part, how, line) for part in wrap(legible(text), how.size, RIGHT - LEFT)] + [space(1.2)]


def space(high: float) -> Strip:
    return Strip(high, lambda sheet, y: None)


def _text(text: str, how: Type, high: float) -> Strip:
    return Strip(high, lambda sheet, y: sheet.line(LEFT, y + high * 0.74, text, how))
