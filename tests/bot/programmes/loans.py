"""Loans for tests: as they are written down, and as chance would have them."""

from decimal import Decimal, localcontext

from hypothesis import strategies as st

from bot.programmes.loan import Loan, Method, Step

RATES = st.decimals(0, 20, places=3)


def loan(principal: int, months: int, rates: dict[int, str], method: Method = Method.LEVEL) -> Loan:
    """Rates by the payment from which each holds."""
    return Loan(principal, months, tuple(Step(first, Decimal(rate)) for first, rate in rates.items()), method)


def grown(rate: Decimal, months: int) -> Decimal:
    """What one yen a month that rounding lost or won has come to in the end."""
    with localcontext(prec=60):
        i = rate / 1200
        return ((1 + i) ** months - 1) / i if i else Decimal(months)


@st.composite
def any_steps(draw, months: int) -> tuple[Step, ...]:
    """Up to four rates, the first from the first payment; one may begin with the last."""
    firsts = sorted({1, *draw(st.lists(st.integers(1, months), max_size=3))})
    return tuple(Step(first, draw(RATES)) for first in firsts)


@st.composite
def any_loan(draw, methods=tuple(Method), least: int = 1) -> Loan:
    """From a few yen to more than anybody lends, for one month or a hundred years, at nothing or at 20 %."""
    months = draw(st.integers(1, 600))
    principal = draw(st.integers(least, 10**6) | st.integers(least, 10**12))
    return Loan(principal, months, draw(any_steps(months)), draw(st.sampled_from(methods)))
