"""A loan as it is borrowed: how much, for how many months, at which rates, paid back how."""

from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from bot.core.loan import Method

__all__ = ["BadLoan", "Loan", "Method", "Step"]

MOST_YEN = 10**18
MOST_MONTHS = 1200  # a hundred years
MOST_PER_CENT = Decimal(100)
DIGITS = 10  # of a rate, after its point


class BadLoan(ValueError):
    """A loan that cannot be: ``str()`` is one plain line with the field, what it must be, and no more."""


@dataclass(frozen=True, slots=True)
class Step:
    """From which payment on, counted from 1, which yearly rate holds; in per cent, as it is printed."""

    from_payment: int
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Loan:
    """What is borrowed and on which terms. Raises BadLoan for terms that no loan can have.

    ``months`` is the number of payments, one a month. ``residual`` yen are not paid off month by month but with the
    last payment (死亡時一括償還 of the residual-value loan). ``interest_only_from`` is the first payment that is
    interest alone: until there the loan is paid down to the residual, or, where no residual is named, as if it went on
    to the end, and what is still owed comes with the last payment. A step that changes nothing is left out.
    """

    principal: int
    months: int
    steps: tuple[Step, ...]
    method: Method = Method.LEVEL
    residual: int = 0
    interest_only_from: int | None = None

    def __post_init__(self) -> None:
        _check_sums(self)
        _check_steps(self)
        changing = (now for before, now in pairwise(self.steps) if now.rate != before.rate)
        object.__setattr__(self, "steps", (self.steps[0], *changing))

    @property
    def amortised(self) -> int:
        """By which payment the loan would be paid down to its residual."""
        return self.interest_only_from - 1 if self.interest_only_from and self.residual else self.months

    def rate_at(self, number: int) -> Decimal:
        """The yearly rate of this payment, in per cent."""
        return next(step.rate for step in reversed(self.steps) if step.from_payment <= number)

    def with_rate_from(self, number: int, rate: Decimal) -> "Loan":
        """The same loan whose rate is another one from this payment to the end, as after a review (金利の見直し)."""
        kept = tuple(step for step in self.steps if step.from_payment < number)
        return replace(self, steps=(*kept, Step(number, rate)))

    def rest(self, after: int, balance: int) -> "Loan":
        """What remains after so many payments with this balance, its payments counted from 1 again."""
        later = (step for step in self.steps if step.from_payment > after + 1)
        steps = (Step(1, self.rate_at(after + 1)), *(Step(step.from_payment - after, step.rate) for step in later))
        only = self.interest_only_from and max(self.interest_only_from - after, 1)
        terms = replace(self, steps=steps, months=self.months - after, interest_only_from=only)
        return replace(terms, principal=balance, residual=min(self.residual, balance))


def _check_sums(loan: Loan) -> None:
    if not 1 <= loan.principal <= MOST_YEN:
        raise BadLoan(f"principal must be from 1 to {MOST_YEN} yen")
    if not 1 <= loan.months <= MOST_MONTHS:
        raise BadLoan(f"months must be from 1 to {MOST_MONTHS}")
    if not 0 <= loan.residual <= loan.principal:
        raise BadLoan("residual must be from 0 to the principal")
    if loan.interest_only_from is not None and not 1 <= loan.interest_only_from <= loan.months:
        raise BadLoan("interest_only_from must be a payment from 1 to months")


def _check_steps(loan: Loan) -> None:
    numbers = [step.from_payment for step in loan.steps]
    if not numbers or numbers[0] != 1:
        raise BadLoan("steps must begin with from_payment 1")
    if any(later <= earlier for earlier, later in pairwise(numbers)):
        raise BadLoan("steps must stand in the order of their from_payment, none twice")
    if numbers[-1] > loan.months:
        raise BadLoan("from_payment must be a payment from 1 to months")
    for step in loan.steps:
        if not (step.rate.is_finite() and 0 <= step.rate <= MOST_PER_CENT and _digits(step.rate) <= DIGITS):
            raise BadLoan(
                f"annual_rate_pct must be from 0 to {MOST_PER_CENT}, with at most {DIGITS} digits after its point"
            )


def _digits(rate: Decimal) -> int:
    exponent = rate.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0
