"""A batch of rows on their way, and what was seen before that concerns them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.intake.cells import Cell
from bot.intake.reasons import Fault
from bot.intake.rows import Row, key_of
from bot.intake.seen import Entry, Seen, key_hash
from bot.intake.tables import Table


@dataclass(slots=True)
class Candidate:
    """A row on its way: its line, its cells as written, its faults, and the row itself unless it was refused.

    ``repeated`` says that an earlier row of the file was the same: it stands, and there is nothing to store. ``said``
    says whether the last row with its key in this call, in whichever file, was the same; None if there was none.
    ``values`` are the good cells by column, where the file lacks a column and so no row can be made of them.
    """

    line: int
    cells: list[Cell]
    faults: list[Fault]
    row: Row | None = None
    repeated: bool = False
    said: bool | None = None
    values: Mapping[str, Any] | None = None

    def fault(self, reason: str, column: str, value: object) -> None:
        self.faults.append(Fault(reason, column, value.isoformat() if isinstance(value, date) else str(value)))


@dataclass(slots=True)
class Page:
    """The part of what this call has seen that concerns one batch of one file, with what the batch adds to it."""

    seen: Seen
    file: int
    found: dict[int, Entry]
    added: dict[int, Entry] = field(default_factory=dict)

    def get(self, kind: str, *parts: object) -> Entry | None:
        key = key_hash(kind, *parts)
        return self.added.get(key) or self.found.get(key)

    def put(self, note: str | None, kind: str, *parts: object) -> None:
        self.added[key_hash(kind, *parts)] = Entry(self.file, 0, note)

    def stands(self, table: Table, candidate: Candidate, note: str | None = None) -> bool:
        """Whether a good row may stand beside those before it in the file; remembers it if so."""
        assert candidate.row is not None
        parts = key_of(candidate.row, table)
        key, data = key_hash(table.name, *parts), hash(candidate.row)
        before = self.added.get(key) or self.found.get(key)
        again = before is not None and before.file == self.file
        if before is not None and again and before.data != data:
            candidate.fault("same_key_other_data", table.key[-1], parts[-1])
            return False
        candidate.repeated = again
        candidate.said = before.data == data if before is not None else None
        self.added[key] = Entry(self.file, data, note)
        return True

    def close(self) -> None:
        """Remembers what the batch added."""
        self.seen.remember(self.added)
