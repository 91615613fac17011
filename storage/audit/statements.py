"""What was stated for the law's list, against the facts that told it: both ways, field by field."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row

from storage.audit.finding import Finding
from storage.audit.rows import Kept, Told, differing, gone
from storage.record import Seal
from storage.witness import statement_witness

STATED = ("statement_made", "statement_taken_back")
OF_FACT = ("line", "on_day", "second_on", "told_on", "paper", "paper_on", "corrects")


def statements(kept: Kept, seal: Seal) -> Iterator[Finding]:
    """Rows that say otherwise than their facts, that no fact tells of, and that are gone."""
    wanted = {fact.data["number"]: fact for fact in kept.told(*STATED)}
    for row in kept.statements:
        fact, where = wanted.pop(row.number, None), kept.place("statements", row.number)
        if fact is None:
            yield Finding("row_untold", where, "no fact tells of it")
            continue
        pairs: dict[str, tuple[object, object]] = {
            name: (row._mapping[name] or None, fact.data.get(name)) for name in OF_FACT
        }
        pairs |= {"told_by": (row.told_by, fact.by), "person_id": (row.person_id, fact.data.get("person"))}
        yield from differing(where, fact, pairs)
        yield from _words(where, fact, row, seal)
    for number, fact in wanted.items():
        yield gone(kept.place("statements", number), fact)


def _words(where: str, fact: Told, row: Row[Any], seal: Seal) -> Iterator[Finding]:
    """By the digests in the fact. The name of an owner who was erased is not there any more."""
    for name, told in statement_witness(seal, row.house_id, row.number, (row.text, row.name)).items():
        erased = name == "named" and not row.name and row.erased_on is not None
        if told != fact.data[name] and not erased:
            yield Finding("row_differs", where, f"what is {name}: not that of fact #{fact.seq}")
