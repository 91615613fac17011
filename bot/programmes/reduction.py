"""The reduction of interest that an edition prints for a house: by how much, and for how many years."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.programmes.edition import Edition
from bot.programmes.loan import BadLoan
from bot.programmes.rule import rules
from bot.programmes.words import Words

RULE = "reduction"  # where an edition says which of its reasons go together


@dataclass(frozen=True, slots=True)
class Reduction:
    """``codes`` say what earns it, such as ``long_life`` or ``plan_a``; ``off`` is per cent a year off the rate.

    ``source`` is the place in the edition's leaflet where it stands.
    """

    codes: frozenset[str]
    off: Decimal
    years: int
    source: Words


def reductions(edition: Edition) -> list[Reduction]:
    """All that an edition prints, in the order of its file; what two codes earn together is an entry of its own.

    The rates of an edition may stand on another page: an entry without a place of its own has that of the rule.
    """
    found = edition.data.get("rates", {}).get("reduction", [])
    where = rules()[f"{edition.id}/{RULE}"].source if found else Words("", "")
    return [
        Reduction(frozenset(each["codes"]), Decimal(each["off_pct"]), each["years"], Words(*each.get("source", where)))
        for each in found
    ]


def reduction(edition: Edition, codes: Collection[str]) -> Reduction:
    """What these codes earn together. Raises BadLoan, with what there is, where the edition prints no such thing.

    Of codes that its rule takes together though it prints no sum for them, the most that is printed for some of them
    holds: a certified house that is also a ZEH gets the larger reduction, once.
    """
    known, asked = reductions(edition), frozenset(codes)
    printed = next((each for each in known if each.codes == asked), None)
    found = printed or (_most(edition, known, asked) if asked else None)
    if found is not None:
        return found
    there_is = ", ".join("+".join(sorted(each.codes)) for each in known) or "none"
    raise BadLoan(
        f"{edition.id} has no reduction for {'+'.join(sorted(asked)) or 'nothing'}; what there is is {there_is}"
    )


def _most(edition: Edition, known: Collection[Reduction], asked: frozenset[str]) -> Reduction | None:
    rule = rules().get(f"{edition.id}/{RULE}")
    if rule is None or not asked <= {each.name for each in rule.inputs}:
        return None
    best = max((each for each in known if each.codes <= asked), key=lambda each: each.off, default=None)
    return best and replace(best, codes=asked, source=rule.source)
