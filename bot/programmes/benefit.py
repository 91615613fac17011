"""What a reduction of interest is worth: a loan with it beside the same loan without it, and what is still at stake."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from bot.core.days import add_months
from bot.programmes.loan import BadLoan, Loan, Step
from bot.programmes.repayment import Payment, estimate, firsts, schedule


class Difference(NamedTuple):
    """What a month costs from a payment on, in yen, with the benefit and without it."""

    from_payment: int
    kept: int
    lost: int

    @property
    def yen(self) -> int:
        """Below nothing where the benefit makes the payment smaller, as leaflets print it (▲)."""
        return self.kept - self.lost


@dataclass(frozen=True, slots=True)
class Benefit:
    """A loan as it is paid with the benefit, and as it would be paid without.

    Raises BadLoan where the two are not the same loan at other rates.
    """

    kept: Loan
    lost: Loan

    def __post_init__(self) -> None:
        if replace(self.lost, steps=self.kept.steps) != self.kept:
            raise BadLoan("with and without a benefit must be the same loan at other rates")

    @property
    def total(self) -> int:
        """All payments with the benefit less all without, in yen: below nothing where it saves."""
        return estimate(self.kept).total - estimate(self.lost).total

    def monthly(self) -> list[Difference]:
        """The payments from wherever one of the two changes."""
        kept, lost = schedule(self.kept), schedule(self.lost)
        numbers = sorted({*firsts(self.kept), *firsts(self.lost)})
        return [Difference(number, _yen(kept, number), _yen(lost, number)) for number in numbers]

    def lost_from(self, number: int) -> Loan:
        """The loan if the benefit ends before this payment: from there the rates are those without it."""
        if number == 1:
            return self.lost
        before = [step for step in self.kept.steps if step.from_payment < number]
        later = [step for step in self.lost.steps if step.from_payment > number]
        return replace(self.kept, steps=(*before, Step(number, self.lost.rate_at(number)), *later))

    def at_stake(self, number: int) -> int:
        """How many yen more are paid in all if the benefit ends before this payment.

        What was saved until then stays saved, in the payments and in what they paid off; a reduction that is over has
        nothing at stake. Zero after the last payment.
        """
        if number > self.kept.months:
            return 0
        return estimate(self.lost_from(number)).total - estimate(self.kept).total

    def monthly_at_stake(self, number: int) -> int:
        """How many yen more this payment is if the benefit ends before it."""
        if number > self.kept.months:
            return 0
        return _yen(schedule(self.lost_from(number)), number) - _yen(schedule(self.kept), number)


def reduced(loan: Loan, per_cent: Decimal, payments: int) -> Benefit:
    """The benefit of a rate that is lower by so many per cent a year until this payment, never below nothing.

    A reduction that outlasts the loan ends with it.
    """
    until = min(payments, loan.months)
    rates = {step.from_payment: step.rate for step in loan.steps}
    if until < loan.months:
        rates.setdefault(until + 1, loan.rate_at(until + 1))
    steps = [Step(at, max(rate - per_cent, Decimal(0)) if at <= until else rate) for at, rate in sorted(rates.items())]
    return Benefit(replace(loan, steps=tuple(steps)), loan)


def payment_from(first_payment: date, on: date) -> int:
    """The number of the first payment that falls due on this day or later."""
    if on <= first_payment:
        return 1
    months = (on.year - first_payment.year) * 12 + on.month - first_payment.month
    return months + 1 if add_months(first_payment, months) >= on else months + 2


def _yen(payments: list[Payment], number: int) -> int:
    return payments[number - 1].yen if number <= len(payments) else 0
