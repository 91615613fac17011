"""Monthly repayments of a loan, exact to the yen.

Rounding, as every worked example of the leaflets bears out ("金利引下げ制度等のご案内" of 2023 for 1.50 % and 1.70 %,
"【フラット35】リノベのご案内" of October 2016 for 0.33 % and 0.93 %): the level payment is the annuity formula cut down
to whole yen, a month's interest is the balance times a twelfth of the yearly rate cut down to whole yen, where the rate
changes the level is worked out anew from the balance and the payments that are left, and the last payment takes what
remains. Their payments, totals and differences all come out so.

Assumed, because no leaflet prints an example: with level principal (元金均等) the share of principal is cut down to
whole yen too, and what is left over goes with the last payment.

All sums are whole yen and whole numbers: a yearly rate of 1.50 % is 15000/1200000 a month, and no fraction is lost.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import gcd
from typing import NamedTuple

from bot.programmes.loan import Loan, Method


class Payment(NamedTuple):
    """One payment, counted from 1: its parts, and what is still owed after it, in yen."""

    number: int
    interest: int
    principal: int
    balance: int

    @property
    def yen(self) -> int:
        return self.interest + self.principal


class Level(NamedTuple):
    """What is paid from a payment on, in yen."""

    from_payment: int
    yen: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """Each level from its first payment, all yen together, and the last payment, which takes the rest."""

    levels: tuple[Level, ...]
    total: int
    last_payment: int


def schedule(loan: Loan) -> list[Payment]:
    """Every payment in order. A loan of a few yen, whose interest is cut down to nothing, may end before its months."""
    payments: list[Payment] = []
    share = (loan.principal - loan.residual) // max(loan.amortised, 1)
    for first, end in pairwise([*firsts(loan), loan.months + 1]):
        balance = payments[-1].balance if payments else loan.principal
        if not balance:
            break
        part, whole = _monthly(loan.rate_at(first))
        terms = _Stretch(first, end, loan.months, part, whole)
        if loan.interest_only_from is not None and first >= loan.interest_only_from:
            payments += _alike(terms, balance, 0)
        elif loan.method is Method.PRINCIPAL:
            payments += _alike(terms, balance, share)
        else:
            payments += _level(terms, balance, level(loan, first, balance))
    return payments


def estimate(loan: Loan) -> Estimate:
    """What a schedule comes to. With level payments a level begins at each step, otherwise wherever the yen change."""
    if loan.interest_only_from is None:
        at_once = _from_levels(loan) if loan.method is Method.LEVEL else _from_shares(loan)
        if at_once is not None:
            return at_once
    payments = schedule(loan)
    if loan.method is Method.PRINCIPAL:
        return summed(payments)
    levels = tuple(Level(first, payments[first - 1].yen) for first in firsts(loan) if first <= len(payments))
    return Estimate(levels, sum(one.yen for one in payments), payments[-1].yen)


def summed(payments: Sequence[Payment]) -> Estimate:
    """What any payments come to, such as those of several loans: a level begins wherever the yen change."""
    changed = (now for before, now in pairwise(payments[:-1]) if now.yen != before.yen)
    levels = tuple(Level(one.number, one.yen) for one in (payments[0], *changed))
    return Estimate(levels, sum(one.yen for one in payments), payments[-1].yen)


def together(schedules: Iterable[Sequence[Payment]]) -> list[Payment]:
    """Loans that are paid side by side, such as one fixed for 35 years and one for 15: each is rounded by itself."""
    most = sorted(schedules, key=len, reverse=True)
    return [
        _sum(number, [one[number - 1] for one in most if len(one) >= number]) for number in range(1, len(most[0]) + 1)
    ]


def level(loan: Loan, first: int, balance: int) -> int:
    """The level payment in yen from this payment on: the annuity that leaves the residual, cut down to whole yen."""
    part, whole = _monthly(loan.rate_at(first))
    months = loan.amortised - first + 1
    if not part:
        return max((balance - loan.residual) // months, 0)
    grown: int = (whole + part) ** months
    still: int = whole**months
    paid = part * (balance * grown - loan.residual * still) // (whole * (grown - still))
    return max(paid, balance * part // whole)  # never less than the interest, wherever rounding had led


def firsts(loan: Loan) -> list[int]:
    """The payments at which something changes: each step, and the first that is interest alone."""
    found = {step.from_payment for step in loan.steps}
    return sorted(found | {loan.interest_only_from} if loan.interest_only_from else found)


class _Stretch(NamedTuple):
    """Payments under one rate, from ``first`` to before ``end``: a month's interest is balance × part / whole."""

    first: int
    end: int
    months: int
    part: int
    whole: int


def _level(terms: _Stretch, balance: int, yen: int) -> Iterator[Payment]:
    first, end, months, part, whole = terms
    for number in range(first, end):
        interest = balance * part // whole
        paid = yen - interest
        if number == months or paid > balance:
            paid = balance
        balance -= paid
        yield Payment(number, interest, paid, balance)
        if not balance:
            return


def _alike(terms: _Stretch, balance: int, share: int) -> Iterator[Payment]:
    first, end, months, part, whole = terms
    for number in range(first, end):
        interest = balance * part // whole
        paid = balance if number == months else share
        balance -= paid
        yield Payment(number, interest, paid, balance)


def _from_levels(loan: Loan) -> Estimate | None:
    """The same without a row for each payment, which is several times as fast; None where the loan ends early."""
    balance, total, levels = loan.principal, 0, []
    last = 0
    for first, end in pairwise([*firsts(loan), loan.months + 1]):
        part, whole = _monthly(loan.rate_at(first))
        yen = level(loan, first, balance)
        count = min(end, loan.months) - first
        for _ in range(count):
            balance += balance * part // whole - yen
        if balance <= 0:
            return None
        last = balance + balance * part // whole
        levels.append(Level(first, yen if count else last))
        total += yen * count
    return Estimate(tuple(levels), total + last, last)


def _from_shares(loan: Loan) -> Estimate:
    """The same for level principal, whose payments change with each month's interest."""
    balance, total = loan.principal, 0
    levels: list[Level] = []
    share, before, yen = (loan.principal - loan.residual) // loan.months, -1, 0
    for first, end in pairwise([*firsts(loan), loan.months + 1]):
        part, whole = _monthly(loan.rate_at(first))
        for number in range(first, end):
            interest = balance * part // whole
            yen = interest + (balance if number == loan.months else share)
            if yen != before and (number < loan.months or not levels):
                levels.append(Level(number, yen))
            balance, total, before = balance - share, total + yen, yen
    return Estimate(tuple(levels), total, yen)


def _sum(number: int, payments: Sequence[Payment]) -> Payment:
    parts = [(one.interest, one.principal, one.balance) for one in payments]
    interest, principal, balance = (sum(each) for each in zip(*parts, strict=True))
    return Payment(number, interest, principal, balance)


def _monthly(rate: Decimal) -> tuple[int, int]:
    """A yearly rate in per cent as the fraction that a month bears."""
    above, below = rate.as_integer_ratio()
    common = gcd(above, below * 1200)
    return above // common, below * 1200 // common
