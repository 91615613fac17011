"""What stands twice in a table that is refused for its columns: found within the file alone, from what it does tell.

The rows of such a file never come to the checks against other files and the store; what they contradict among
themselves is told all the same. Hashes alone are kept.
"""

from bot.intake.house_checks import UNIQUE
from bot.intake.page import Candidate
from bot.intake.seen import key_hash
from bot.intake.tables import HOUSES, Table


class Twins:
    """The rows of one table so far: the first of a key stands, and so does the first house with a number of its own."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._held: dict[int, int] = {}  # by what must stand once: which row, or which house, has it

    def look_at(self, candidate: Candidate) -> None:
        """Adds a fault for what an earlier row says otherwise. A row with a fault of its own does not stand."""
        values = candidate.values
        if values is None:
            return
        key = [values[name] for name in self._table.key]
        if any(value is None for value in key):
            return
        if self._is_anothers(key_hash("row", *key), hash(repr(sorted(values.items())))):
            candidate.fault("same_key_other_data", self._table.key[-1], key[-1])
            return
        for name in UNIQUE if self._table is HOUSES else ():
            if values[name] and self._is_anothers(key_hash(name, values[name]), key_hash("house", *key)):
                candidate.fault("not_unique", name, values[name])

    def _is_anothers(self, what: int, whose: int) -> bool:
        return self._held.setdefault(what, whose) != whose
