"""Plots as plain geometry, drawn by a page as inline SVG: no script, no library, and each has its table beside it.

Series are told apart by their place and their pattern, not by colour alone; the colours are those of Okabe and Ito,
which people who see few colours tell apart (https://jfly.uni-koeln.de/color/).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

WIDE, HIGH = 720, 260  # of the drawing; a narrow screen scrolls it
LEFT, RIGHT, TOP, BOTTOM = 52, 18, 14, 30
LINES = 4  # between nothing and the highest
ROW, NAME = 34, 132  # the height of a horizontal bar, and the room for its name
SHARE = 0.72  # of a column's place that is filled


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle of one series; ``said`` is what is read where one points at it."""

    x: float
    y: float
    wide: float
    high: float
    tone: int
    said: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A word at a place of an axis."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Plot:
    """What is drawn. ``lines`` are the heights of the horizontal rules, with what they stand for."""

    wide: int
    high: int
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    lines: tuple[Mark, ...] = ()
    names: tuple[str, ...] = ()  # of the series, in the order of their tones


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    values: Sequence[int]


def columns(labels: Sequence[str], series: Sequence[Series], every: int = 3) -> Plot:
    """Stacked columns, one for each label; every third label is written."""
    top = _round_up(max((sum(stack) for stack in zip(*(one.values for one in series), strict=True)), default=0))
    place = (WIDE - LEFT - RIGHT) / max(len(labels), 1)
    room = HIGH - TOP - BOTTOM
    bars = tuple(
        Bar(
            _short(LEFT + place * (at + (1 - SHARE) / 2)),
            _short(HIGH - BOTTOM - room * (below + value) / top),
            _short(place * SHARE),
            _short(room * value / top),
            tone,
            f"{labels[at]} {series[tone].name} {value:,}",
        )
        for at, tone, below, value in _stacked(series)
    )
    marks = tuple(
        Mark(_short(LEFT + place * (at + 0.5)), HIGH - 9, label) for at, label in enumerate(labels) if at % every == 0
    )
    steps = [top * step // LINES for step in range(LINES + 1)]
    lines = tuple(Mark(LEFT, _short(HIGH - BOTTOM - room * step / top), f"{step:,}") for step in steps)
    return Plot(WIDE, HIGH, bars, marks, lines, tuple(one.name for one in series))


def rows(labels: Sequence[str], series: Sequence[Series]) -> Plot:
    """Stacked bars that lie, one under the other, each with its name before it."""
    most = max((sum(stack) for stack in zip(*(one.values for one in series), strict=True)), default=0) or 1
    room = WIDE - NAME
    bars = tuple(
        Bar(
            _short(NAME + room * before / most),
            at * ROW + 6,
            _short(room * value / most),
            ROW - 12,
            tone,
            f"{labels[at]} {series[tone].name} {value:,}",
        )
        for at, tone, before, value in _stacked(series)
    )
    marks = tuple(Mark(NAME - 8, at * ROW + ROW / 2 + 5, label) for at, label in enumerate(labels))
    return Plot(WIDE, max(len(labels), 1) * ROW, bars, marks, names=tuple(one.name for one in series))


def _stacked(series: Sequence[Series]) -> Iterator[tuple[int, int, int, int]]:
    """Place, tone, what lies below it, and the value, of everything that is to be seen."""
    for at in range(len(series[0].values) if series else 0):
        below = 0
        for tone, one in enumerate(series):
            if one.values[at] > 0:
                yield at, tone, below, one.values[at]
            below += one.values[at]


def _round_up(most: int) -> int:
    """The top of the axis: four whole steps of 1, 2 or 5 times a power of ten."""
    step = 1
    for times in _steps():
        step = times
        if step * LINES >= most:
            break
    return step * LINES


def _steps() -> Iterator[int]:
    ten = 1
    while True:
        yield from (ten, 2 * ten, 5 * ten)
        ten *= 10


def _short(value: float) -> float:
    return round(value, 1)
