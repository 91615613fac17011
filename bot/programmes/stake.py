"""What the reduction of a recorded loan is still worth, in yen: for the borrower's own page and the staff alone.

The rates that were told are those with the reduction. Without it the rate is taken that holds after its last payment:
that is how the leaflets compare (令和5年の案内 <参考> 総返済額の試算; 平成28年の案内 毎月の返済額・総返済額の試算).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.core.loan import Terms
from bot.programmes.benefit import Benefit, payment_from
from bot.programmes.edition import Edition
from bot.programmes.loan import BadLoan, Loan, Step
from bot.programmes.milestones import reduced_years
from bot.programmes.repayment import estimate

MONTHS_OF_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Payments:
    """What is paid each month from this payment on, in yen."""

    from_payment: int
    yen: int


@dataclass(frozen=True, slots=True)
class Stake:
    """``total`` is how many yen more are paid from ``on`` to the end if the reduction were lost on that day."""

    on: date
    payments: tuple[Payments, ...]
    total: int


def stake(edition: Edition, terms: Terms, on: date) -> Stake | None:
    """None where the loan was not told in full, or what it costs without the reduction is not known from it.

    元利均等 is taken: how principal is paid back is not told. No payment after the last has anything at stake.
    """
    benefit, first = _benefit(edition, terms), terms.first_payment_on
    if benefit is None or first is None:
        return None
    found = tuple(Payments(level.from_payment, level.yen) for level in estimate(benefit.kept).levels)
    return Stake(on, found, benefit.at_stake(payment_from(first, on)))


def _benefit(edition: Edition, terms: Terms) -> Benefit | None:
    years = reduced_years(edition, terms)
    if years is None or terms.principal is None or not terms.months or not terms.steps:
        return None
    after = years * MONTHS_OF_A_YEAR + 1
    steps = tuple(Step(first, Decimal(rate)) for first, rate in terms.steps)
    if after > terms.months or [step.from_payment for step in steps[:2]] != [1, after]:
        return None
    try:
        kept = Loan(terms.principal, terms.months, steps)
        return Benefit(kept, Loan(terms.principal, terms.months, (Step(1, steps[1].rate), *steps[2:])))
    except BadLoan:
        return None
