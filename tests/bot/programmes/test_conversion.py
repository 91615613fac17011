"""The options of a residual-value loan: what is owed is what the house is bought for, and every yen is repaid once."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.programmes.conversion import Reduced, buy_back, converted
from bot.programmes.loan import BadLoan
from bot.programmes.repayment import schedule
from tests.bot.programmes.loans import RATES, loan

HOUSE = loan(40_000_000, 420, {1: "1.50"})
RATE = Decimal("1.50")


def test_payments_become_much_smaller_and_the_rest_comes_in_the_end():
    """After 25 years of 35: twelve million stay owed until the borrower dies, interest alone from year fifty."""
    found = converted(HOUSE, Reduced(300, 720, RATE, residual=12_000_000, interest_only_from=601))
    before = schedule(HOUSE)
    assert found[:300] == before[:300]
    assert found[300].yen < before[300].yen // 4
    assert {one.principal for one in found[600:-1]} == {0}
    assert found[600].yen == found[599].balance * 150 // 120_000
    assert found[-1].principal == found[599].balance
    assert abs(found[599].balance - 12_000_000) < 1_000  # yen that rounding left


@given(st.integers(1, 419), st.integers(1, 600), RATES, st.data())
def test_every_yen_is_repaid_once(after: int, longer: int, rate: Decimal, data):
    owed = buy_back(HOUSE, after)
    residual = data.draw(st.integers(0, owed))
    only = data.draw(st.none() | st.integers(after + 1, after + longer))
    found = converted(HOUSE, Reduced(after, after + longer, rate, residual, only))
    assert sum(one.principal for one in found) == HOUSE.principal
    assert [one.number for one in found] == list(range(1, len(found) + 1))
    assert found[-1].balance == 0
    assert found[after - 1].balance == owed


def test_the_house_is_bought_for_what_is_owed():
    assert buy_back(HOUSE, 300) == schedule(HOUSE)[299].balance
    assert buy_back(HOUSE, 420) == buy_back(HOUSE, 500) == 0


@pytest.mark.parametrize(
    ("terms", "line"),
    [
        (Reduced(0, 720, RATE), "the change must come after a payment from 1 to 419"),
        (Reduced(420, 720, RATE), "the change must come after a payment from 1 to 419"),
        (Reduced(300, 300, RATE), "months must be from 1"),
        (Reduced(300, 720, RATE, residual=40_000_000), "residual must be from 0"),
        (Reduced(300, 720, RATE, interest_only_from=300), "interest_only_from must be a payment after the change"),
    ],
)
def test_terms_that_cannot_be(terms: Reduced, line: str):
    with pytest.raises(BadLoan, match=line):
        converted(HOUSE, terms)
