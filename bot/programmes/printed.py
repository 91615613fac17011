"""The results that an edition prints, beside what we compute: the same, inferred, or not to be computed at all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.programmes.benefit import Benefit
from bot.programmes.edition import Edition
from bot.programmes.lines import loan_of
from bot.programmes.loan import Loan
from bot.programmes.repayment import estimate, schedule


class Basis(StrEnum):
    """From what a printed result can be computed."""

    PRINTED = "printed"  # all that is needed stands beside it
    INFERRED = "inferred"  # one input is not printed, and was found by trying which gives the result
    NOT_REPRODUCIBLE = "not_reproducible"  # its inputs are not printed, and more than one set would give it


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed result in yen. ``computed`` is ours, None where it cannot be computed.

    ``of`` says what it is, ``from_payment`` at which payment; a result that is printed as "about" is rounded to
    ``unit`` yen.
    """

    of: str
    from_payment: int | None
    yen: int
    unit: int
    computed: int | None

    @property
    def agrees(self) -> bool | None:
        """None where there is nothing to hold it against."""
        if self.computed is None:
            return None
        rounded = (abs(self.computed) + self.unit // 2) // self.unit * self.unit
        return self.yen == (rounded if self.computed >= 0 else -rounded)


@dataclass(frozen=True, slots=True)
class Printed:
    """An example of a leaflet: what it is about, what it rests on, and its results."""

    what_ja: str
    what_en: str
    basis: Basis
    note_ja: str
    note_en: str
    benefit: Benefit | None
    figures: tuple[Figure, ...]


def printed(edition: Edition) -> list[Printed]:
    """The examples of an edition in the order of its file; none where it prints none."""
    return [_printed(each) for each in edition.data.get("printed", [])]


def _printed(each: Mapping[str, Any]) -> Printed:
    benefit = _benefit(each) if "principal" in each else None
    note = each.get("note", {"ja": "", "en": ""})
    return Printed(
        what_ja=each["what"]["ja"],
        what_en=each["what"]["en"],
        basis=Basis(each["basis"]),
        note_ja=note["ja"],
        note_en=note["en"],
        benefit=benefit,
        figures=tuple(_figure(figure, benefit) for figure in each["figures"]),
    )


def _benefit(each: Mapping[str, Any]) -> Benefit:
    """An example of one loan alone is beside itself."""
    kept = _loan(each, each["steps"])
    return Benefit(kept, _loan(each, each.get("without", each["steps"])))


def _loan(each: Mapping[str, Any], steps: object) -> Loan:
    return loan_of({"principal": each["principal"], "months": each["months"], "steps": steps})


def _figure(figure: Mapping[str, Any], benefit: Benefit | None) -> Figure:
    at = figure.get("from_payment")
    computed = None if benefit is None else COMPUTED[figure["of"]](benefit, at or 1)
    return Figure(figure["of"], at, figure["yen"], figure.get("unit", 1), computed)


def _payment(loan: Loan, number: int) -> int:
    return schedule(loan)[number - 1].yen


COMPUTED: Mapping[str, Callable[[Benefit, int], int]] = {
    "payment": lambda benefit, at: _payment(benefit.kept, at),
    "payment_without": lambda benefit, at: _payment(benefit.lost, at),
    "payment_difference": lambda benefit, at: _payment(benefit.kept, at) - _payment(benefit.lost, at),
    "payment_rise": lambda benefit, at: _payment(benefit.kept, at) - _payment(benefit.kept, 1),
    "total": lambda benefit, at: estimate(benefit.kept).total,
    "total_without": lambda benefit, at: estimate(benefit.lost).total,
    "total_difference": lambda benefit, at: benefit.total,
}
