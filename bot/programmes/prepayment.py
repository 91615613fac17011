"""Paying back earlier than agreed (繰上返済): whole or in part, with its charge, and what it saves.

For how many years a prepayment is restricted, and what it costs then, stands in the edition's data. Sources:
機構すまい・る賃貸ローン（令和8年1月）「繰上返済制限制度」, and 「11. 返済方法変更手数料」: changing the
repayment costs no fee.

Assumed, because nothing of it is printed: a prepayment comes together with a monthly payment, so no interest has run up
between two; the charge is cut down to whole yen; a shorter term has as few whole months as keep the payment from rising
above what it was, and the level is worked out anew from balance and months, as at a step.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from bot.programmes.edition import Edition
from bot.programmes.loan import BadLoan, Loan, Method
from bot.programmes.repayment import Payment, level, schedule
from bot.programmes.windows import restriction_ends_on


class Effect(StrEnum):
    """What a part prepaid changes."""

    SHORTEN = "shorten"  # 期間短縮: the payments stay about as they are, there are fewer of them
    LOWER = "lower"  # 返済額軽減: the months stay, each payment is smaller


@dataclass(frozen=True, slots=True)
class Restriction:
    """For how many years from the contract a prepayment costs how many per cent of it, as an edition prints it."""

    years: int
    per_cent: Decimal

    def ends_on(self, contracted_on: date) -> date:
        """Its last day, on which the charge is still due."""
        return restriction_ends_on(contracted_on, self.years)


@dataclass(frozen=True, slots=True)
class Prepayment:
    """Yen that are paid back together with a payment, counted from 1, on top of it."""

    number: int
    yen: int
    effect: Effect = Effect.SHORTEN


@dataclass(frozen=True, slots=True)
class Prepaid:
    """A loan after a prepayment, every payment from the first; ``yen`` is what was prepaid, ``saved`` the interest."""

    payments: tuple[Payment, ...]
    yen: int
    saved: int


def restriction(edition: Edition) -> Restriction:
    """What an edition prints of it. Raises BadLoan where that is nothing."""
    found = edition.data.get("rates", {}).get("restriction")
    if found is None:
        raise BadLoan(f"{edition.id} prints no restriction on prepayments")
    return Restriction(found["years"], Decimal(found["charge_pct"]))


def charge(yen: int, prepaid_on: date, contracted_on: date | None, restricted: Restriction) -> int:
    """The charge in yen (繰上返済違約金) for this much prepaid on a day.

    Its share, cut down to whole yen, until the last day of the restriction and on it; nothing after it, and nothing
    where the loan was taken without the restriction (None).
    """
    if contracted_on is None or prepaid_on > restricted.ends_on(contracted_on):
        return 0
    above, below = restricted.per_cent.as_integer_ratio()
    return yen * above // (below * 100)


def prepaid(loan: Loan, prepayment: Prepayment) -> Prepaid:
    """The loan with a part of it, or all of it, prepaid. Raises BadLoan for more than is owed, or too late."""
    payments = schedule(loan)
    if not 1 <= prepayment.number < len(payments):
        raise BadLoan(f"a prepayment must come with a payment from 1 to {len(payments) - 1}")
    paid = payments[: prepayment.number]
    balance = paid[-1].balance
    if not 1 <= prepayment.yen <= balance:
        raise BadLoan(f"a prepayment must be from 1 to {balance} yen, which is what is owed")
    after = _rest(loan, payments, prepayment)
    paid[-1] = paid[-1]._replace(principal=paid[-1].principal + prepayment.yen, balance=balance - prepayment.yen)
    told = (*paid, *(one._replace(number=one.number + len(paid)) for one in after))
    return Prepaid(told, prepayment.yen, _interest(payments) - _interest(told))


def _rest(loan: Loan, payments: Sequence[Payment], prepayment: Prepayment) -> Sequence[Payment]:
    balance = payments[prepayment.number - 1].balance - prepayment.yen
    if not balance:
        return ()
    rest = loan.rest(prepayment.number, balance)
    if prepayment.effect is Effect.LOWER:
        return schedule(rest)
    before = payments[prepayment.number]
    return schedule(_shortened(rest, before.principal if loan.method is Method.PRINCIPAL else before.yen))


def _shortened(rest: Loan, at_most: int) -> Loan:
    """The same with as few months as keep its first payment, or share of principal, from being above ``at_most``."""
    if rest.interest_only_from is not None or rest.residual:
        raise BadLoan("a loan with a residual keeps its term: a prepayment lowers its payments")
    low, high = 1, rest.months
    while low < high:
        middle = (low + high) // 2
        if _first(_lasting(rest, middle)) <= at_most:
            high = middle
        else:
            low = middle + 1
    return _lasting(rest, low)


def _lasting(rest: Loan, months: int) -> Loan:
    return replace(rest, months=months, steps=tuple(step for step in rest.steps if step.from_payment <= months))


def _first(rest: Loan) -> int:
    """What is held against the payment before: the level, or with level principal the share."""
    if rest.method is Method.PRINCIPAL:
        return -(-rest.principal // rest.months)
    return level(rest, 1, rest.principal)


def _interest(payments: Sequence[Payment]) -> int:
    return sum(one.interest for one in payments)
