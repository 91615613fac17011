"""What a fact knows of words that it must not hold: a salted digest, by which a row can be held against it.

Names and remarks stand in rows, so that a person can be erased; the fact of what was done bears witness to them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from bot.core.loan import Loan
from bot.core.outcome import Deed, Outcome
from bot.core.statements import Statement
from storage.record import Seal, canonical

OF_ITEM = ("code", "part", "kind", "first_year", "interval_years", "statutory", "done_by")
SPACE = 2**64


def witness(seal: Seal, house_id: str, part: str, performer: str, note: str = "") -> str:
    """Of what was done to which part, by whom, and what was remarked."""
    return seal.digest(canonical({"house": house_id, "words": (part, performer, note)}))


def number_witness(seal: Seal, house_id: str, guarantee_no: str | None) -> str:
    """Of a guarantee's number, as the fact of a changed house holds it."""
    return seal.digest(f"{house_id}:guarantee_no:{guarantee_no}")


def statement_witness(seal: Seal, house_id: str, number: int, words: tuple[str, str]) -> dict[str, str]:
    """Of what a statement says, and of whom it names, apart: a name goes when its person is erased."""
    place = {"house": house_id, "statement": number}
    return {
        name: seal.digest(canonical({**place, name: told})) for name, told in zip(("said", "named"), words, strict=True)
    }


def loan_witness(seal: Seal, loan: Loan) -> str:
    """Of what was borrowed, for how long and at which rates: the borrower's own."""
    sums = [loan.terms.months, loan.terms.principal, *map(list, loan.terms.steps)]
    return seal.digest(f"{loan.house_id}:loan {loan.number}:{sums}")


def plan_witness(seal: Seal, items: Iterable[Mapping[str, Any]]) -> str:
    """Of rows of one version of a plan. Those of several facts add up, in whatever order a file brought them."""
    return added(seal.digest(canonical({"house": row["house_id"], "item": _item(row)})) for row in items)


def added(digests: Iterable[str]) -> str:
    """Without the key nobody can find other rows of the same sum."""
    return f"{sum(int(digest, 16) for digest in digests) % SPACE:016x}"


def _item(row: Mapping[str, Any]) -> list[Any]:
    return [row[name] for name in OF_ITEM]


def witnessed(seal: Seal, outcome: Outcome) -> Iterator[Deed]:
    """The facts of an outcome, with what they know of its works' words, its guarantee's number and its statements."""
    works = {work.id: work for work in outcome.works if work.basis is not None}
    numbers = [change.data["guarantee_no"] for change in outcome.changes if change.kind == "guarantee_set"]
    stated = {one.number: one.content for one in _statements(outcome)}
    for deed in outcome.deeds:
        if deed.kind == "work_closed":
            work = works[deed.data["work"]]
            yield _with(deed, witness=witness(seal, outcome.house_id, work.part, work.performer))
        elif deed.kind == "guarantee_told":
            yield _with(deed, witness=number_witness(seal, outcome.house_id, numbers[-1]))
        elif deed.kind in ("statement_made", "statement_taken_back"):
            number = deed.data["number"]
            words = (stated[number].text, stated[number].name)
            yield _with(deed, **statement_witness(seal, outcome.house_id, number, words))
        else:
            yield deed


def _statements(outcome: Outcome) -> Iterator[Statement]:
    return (change.data["statement"] for change in outcome.changes if change.kind == "statement_made")


def _with(deed: Deed, **data: str) -> Deed:
    return replace(deed, data={**deed.data, **data})
