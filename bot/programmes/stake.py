"""What hangs on the certification of a house whose loan is recorded, in yen: for the borrower and the staff alone.

The rates that were told are those with all reductions. If the certification went, the rate would be higher until the
reduction ends, by what its edition prints for it: what is printed for all reasons of the loan less what is printed for
those that stay (令和5年の案内 <参考> 総返済額の試算 compares in this way). What comes after, as a rate that is reviewed
when its fixed years are over, is the same on both sides.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from bot.core.loan import CERTIFIED, Method, Reduction, Terms
from bot.programmes.benefit import Benefit, payment_from
from bot.programmes.edition import Edition
from bot.programmes.loan import BadLoan, Loan, Step
from bot.programmes.milestones import reduced_years
from bot.programmes.reduction import reductions
from bot.programmes.repayment import estimate, firsts

MONTHS_OF_A_YEAR = 12
# As the editions' files call the reasons of a reduction.
CODES: Mapping[Reduction, str] = MappingProxyType(
    {
        Reduction.LONG_LIFE: "long_life",
        Reduction.ZEH: "zeh",
        Reduction.CHILD_CARE: "child_rearing",
        Reduction.PLAN_A: "plan_a",
        Reduction.PLAN_B: "plan_b",
    }
)


@dataclass(frozen=True, slots=True)
class Payments:
    """What is paid each month from this payment on, in yen."""

    from_payment: int
    yen: int


@dataclass(frozen=True, slots=True)
class Stake:
    """``total`` is how many yen more are paid from ``on`` to the end if the certification were lost on that day.

    ``assumed``: how principal is paid back was not told, and 元利均等 is taken. With level principal ``payments`` are
    those at which the rate changes.
    """

    on: date
    payments: tuple[Payments, ...]
    total: int
    assumed: bool = False


def stake(edition: Edition, terms: Terms, on: date) -> Stake | None:
    """None where nothing hangs on the certification, or the loan was not told in full.

    No payment after the last has anything at stake.
    """
    benefit, first = _benefit(edition, terms), terms.first_payment_on
    if benefit is None or first is None:
        return None
    changes = {1, *firsts(benefit.kept)}
    levels = (level for level in estimate(benefit.kept).levels if level.from_payment in changes)
    found = tuple(Payments(level.from_payment, level.yen) for level in levels)
    return Stake(on, found, benefit.at_stake(payment_from(first, on)), assumed=terms.method is None)


def _benefit(edition: Edition, terms: Terms) -> Benefit | None:
    """The loan as it is paid beside the same loan without what the certification carries."""
    years, hangs = reduced_years(edition, terms), _hangs_on_it(edition, terms)
    if years is None or not hangs or terms.principal is None or not terms.months or not terms.steps:
        return None
    after = years * MONTHS_OF_A_YEAR + 1
    steps = tuple(Step(first, Decimal(rate)) for first, rate in terms.steps)
    if [step.from_payment for step in steps[:2]] != ([1, after] if after <= terms.months else [1]):
        return None
    lost = (Step(1, steps[0].rate + hangs), *steps[1:])
    by = terms.method or Method.LEVEL
    try:
        return Benefit(Loan(terms.principal, terms.months, steps, by), Loan(terms.principal, terms.months, lost, by))
    except BadLoan:
        return None


def _hangs_on_it(edition: Edition, terms: Terms) -> Decimal:
    """Per cent a year that the loan would cost more without the certification; none where it carries no reduction."""
    if CERTIFIED not in terms.reductions:
        return Decimal(0)
    return _off(edition, terms.reductions) - _off(edition, [one for one in terms.reductions if one != CERTIFIED])


def _off(edition: Edition, reasons: Iterable[Reduction]) -> Decimal:
    """The most that the edition prints for any of these reasons together: not all of them add up."""
    codes = {CODES[one] for one in reasons}
    return max((each.off for each in reductions(edition) if each.codes <= codes), default=Decimal(0))
