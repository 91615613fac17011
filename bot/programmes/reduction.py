"""The reduction of interest that an edition prints for a house: by how much, and for how many years."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from bot.programmes.edition import Edition
from bot.programmes.loan import BadLoan


@dataclass(frozen=True, slots=True)
class Reduction:
    """``codes`` say what earns it, such as ``long_life`` or ``plan_a``; ``off`` is per cent a year off the rate."""

    codes: frozenset[str]
    off: Decimal
    years: int


def reductions(edition: Edition) -> list[Reduction]:
    """All of an edition, in the order of its file; what two codes earn together is an entry of its own."""
    found = edition.data.get("rates", {}).get("reduction", [])
    return [Reduction(frozenset(each["codes"]), Decimal(each["off_pct"]), each["years"]) for each in found]


def reduction(edition: Edition, codes: Collection[str]) -> Reduction:
    """What these codes earn together. Raises BadLoan, with what there is, where the edition prints no such thing."""
    known = reductions(edition)
    for each in known:
        if each.codes == set(codes):
            return each
    there_is = ", ".join("+".join(sorted(each.codes)) for each in known) or "none"
    raise BadLoan(
        f"{edition.id} has no reduction for {'+'.join(sorted(codes)) or 'nothing'}; what there is is {there_is}"
    )
