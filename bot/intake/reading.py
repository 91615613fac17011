"""One row as read, to a candidate: its cells judged one by one, and the row in itself."""

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

from bot.intake.cells import Cell, read_cell, shown
from bot.intake.heading import Heading
from bot.intake.page import Candidate
from bot.intake.part import Part, RawRow, is_blank
from bot.intake.reasons import Fault, refuses
from bot.intake.rejected import unguarded
from bot.intake.rows import GIVEN_IN_PART, made
from bot.intake.rules import judge


def read_candidates(part: Part, today: date) -> Iterator[Candidate]:
    """Every row of a table that is not blank."""
    heading = part.heading
    defaults = {column.key: column.default for column in heading.table.columns}
    ours = frozenset(heading.reasons_at)
    for raw in part.rows():
        if raw.faults or not is_blank(
            [cell for at, cell in enumerate(raw.cells) if at not in ours] if ours else raw.cells
        ):
            yield _candidate(raw, heading, dict(defaults), today)


def batched(candidates: Iterator[Candidate], size: int) -> Iterator[list[Candidate]]:
    while batch := list(islice(candidates, size)):
        yield batch


def _candidate(raw: RawRow, heading: Heading, values: dict[str, Any], today: date) -> Candidate:
    cells, faults = list(raw.cells), list(raw.faults)
    if heading.mended:
        cells = [unguarded(cell) if isinstance(cell, str) else cell for cell in cells]
    candidate = Candidate(raw.line, cells, faults)
    if refuses(faults):
        return candidate
    if len(cells) != heading.width:
        _drop_reasons(candidate, heading)
        faults.append(Fault("wrong_cell_count", None, f"{len(cells)} / {len(heading.cells)}"))
        return candidate
    for at, column in heading.columns:
        values[column.key] = read_cell(cells[at], column, faults)
    faults += [Fault("nul_character", None, shown(cells[at])) for at in heading.others if "\0" in shown(cells[at])]
    faults += judge(heading.table.name, values, today)
    if not refuses(faults):
        if heading.wrong:
            candidate.values = values
        else:
            candidate.row = made(heading.table, values, _given(cells, heading))
    _drop_reasons(candidate, heading)
    return candidate


def _given(cells: list[Cell], heading: Heading) -> frozenset[str]:
    """The columns in which something is written: a blank one, or one that the file leaves out, says nothing."""
    if heading.table.name not in GIVEN_IN_PART:
        return frozenset()
    return frozenset(column.key for at, column in heading.columns if not is_blank(cells[at : at + 1]))


def _drop_reasons(candidate: Candidate, heading: Heading) -> None:
    """What we wrote ourselves about a row is no part of it."""
    for at in reversed(heading.reasons_at):
        del candidate.cells[at : at + 1]
