"""The two options of a residual-value loan (残価設定型住宅ローン), in yen.

From the residual month on the borrower may go over to a loan with much smaller payments (返済額軽減オプション), which
runs until they die, is interest alone from the fiftieth year of the house, and is then repaid at once; or sell the
house for what is still owed (買取オプション).

Source: 「JTIの残価保証による残価設定型住宅ローン」, 令和5年度 様式6「取組の詳細⑥」.

The text prints neither rate nor residual of the second loan, so both are given. Assumed: the change comes right after a
monthly payment, and the level is worked out anew from what is owed then, as at a step.
"""

from dataclasses import dataclass
from decimal import Decimal

from bot.programmes.loan import BadLoan, Loan, Step
from bot.programmes.repayment import Payment, schedule


@dataclass(frozen=True, slots=True)
class Reduced:
    """The second loan. All payments are counted from the first of the first loan.

    It takes the first one's place after payment ``after`` and ends with payment ``until``, at a yearly rate in per
    cent. ``residual`` yen come with the last payment, and from ``interest_only_from`` on only interest is paid.
    """

    after: int
    until: int
    rate: Decimal
    residual: int = 0
    interest_only_from: int | None = None


def buy_back(loan: Loan, after: int) -> int:
    """For how many yen the house is bought after this payment: what is owed then. Nothing once the loan is repaid."""
    payments = schedule(loan)
    if after < 1:
        raise BadLoan("payments are counted from 1")
    return payments[after - 1].balance if after <= len(payments) else 0


def converted(loan: Loan, terms: Reduced) -> list[Payment]:
    """Every payment of both loans. Raises BadLoan for terms that cannot be, such as a residual above what is owed."""
    payments = schedule(loan)
    if not 1 <= terms.after < len(payments):
        raise BadLoan(f"the change must come after a payment from 1 to {len(payments) - 1}")
    if terms.interest_only_from is not None and terms.interest_only_from <= terms.after:
        raise BadLoan("interest_only_from must be a payment after the change")
    only = terms.interest_only_from
    second = Loan(
        principal=payments[terms.after - 1].balance,
        months=terms.until - terms.after,
        steps=(Step(1, terms.rate),),
        residual=terms.residual,
        interest_only_from=None if only is None else only - terms.after,
    )
    later = (one._replace(number=one.number + terms.after) for one in schedule(second))
    return [*payments[: terms.after], *later]
