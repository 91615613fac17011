"""What was borrowed for a house, as its rows say it, against the facts that told it: field by field.

Sums and rates are held against a digest. A loan of somebody who was erased, or who ended the support, has no row any
more; the facts of it stay.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.core.loan import Loan
from storage.audit.finding import Finding
from storage.audit.rows import Kept, Told, differing, gone
from storage.loans import COUNTS, DATES, fields_of, loan_of_row
from storage.record import Seal
from storage.witness import loan_witness

LENT = ("loan_recorded", "loan_corrected", "loan_repaid")
LEFT = ("person_erased", "contact_expired")
DAYS = (*DATES, "repaid_on", "uncertified_since")
WHOLE = (*COUNTS, "restricted", "method", "reductions", "step_days")


def loans(kept: Kept, seal: Seal) -> Iterator[Finding]:
    """Rows that say otherwise than the last fact of their loan, that no fact tells of, and that are gone."""
    last = {fact.data["loan"]: fact for fact in kept.told(*LENT)}
    for row in kept.loans:
        fact, where = last.pop(row.number, None), kept.place("loans", row.number)
        if fact is None:
            yield Finding("row_untold", where, "no fact tells of it")
        else:
            yield from _unlike(where, fact, loan_of_row(row), seal)
    for number, fact in last.items():
        if not _left(kept, fact.data["person"]):
            yield gone(kept.place("loans", number), fact)


def _unlike(where: str, fact: Told, loan: Loan, seal: Seal) -> Iterator[Finding]:
    told: Mapping[str, Any] = fact.data
    said = fields_of(loan)
    names = (*DAYS, *WHOLE) if "whole" in told else DAYS
    pairs: dict[str, tuple[object, object]] = {name: (said.get(name), told.get(name)) for name in names}
    pairs |= {"edition": (loan.edition, told["edition"]), "person_id": (loan.person_id, told["person"])}
    yield from differing(where, fact, pairs)
    if told["terms"] != loan_witness(seal, loan):
        yield Finding("row_differs", where, f"what was borrowed: not that of fact #{fact.seq}")


def _left(kept: Kept, person_id: str) -> bool:
    """Whether who borrowed was forgotten: here, or, where they have another house, perhaps there."""
    here = any(person_id in (fact.by, fact.data.get("person")) for fact in kept.told(*LEFT))
    return here or person_id not in kept.only_here
