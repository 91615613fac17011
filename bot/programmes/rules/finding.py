"""What a rule that computes has found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

WITHIN, OUTSIDE, TO_CONFIRM = "within", "outside", "to_confirm"
VALUE = "value"  # the case of a rule that answered with a value
Outcome = str | int | Decimal | date | list[str] | list[date]


@dataclass(frozen=True, slots=True)
class Finding:
    """``case`` names the words that say why; by itself that is the verdict, or ``value``.

    ``facts`` are what those words may also name: each a value with its unit.
    """

    out: Outcome
    case: str = ""
    facts: Mapping[str, tuple[Any, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.case:
            verdicts = (WITHIN, OUTSIDE, TO_CONFIRM)
            object.__setattr__(self, "case", self.out if self.out in verdicts else VALUE)


def verdict(holds: bool, **facts: tuple[Any, str]) -> Finding:
    """Within or outside."""
    return Finding(WITHIN if holds else OUTSIDE, facts=facts)
