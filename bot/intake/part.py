"""What every reader of files gives: the tables of a file, each a heading and a stream of rows."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from bot.intake.cells import Cell, cleaned
from bot.intake.heading import Heading
from bot.intake.reasons import Fault


class RawRow(NamedTuple):
    """One row as read. ``line`` is the line a person sees in the file (in JSON the object's place in its list).

    ``faults`` are those that concern the row as such, found while reading.
    """

    line: int
    cells: Sequence[Cell]
    faults: tuple[Fault, ...] = ()


class Part(Protocol):
    """One table of a file. ``rows`` can be asked for more than once and reads the file anew each time."""

    heading: Heading
    heading_line: int
    faults: list[Fault]  # what is to be reported about the heading
    progress: float  # how much of this part has been read, 0 to 1

    def rows(self) -> Iterator[RawRow]: ...


def is_blank(cells: Sequence[Cell]) -> bool:
    """Whether nothing is written in a row."""
    return not any(cleaned(cell) if isinstance(cell, str) else True for cell in cells)
