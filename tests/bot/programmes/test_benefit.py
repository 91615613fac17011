"""What a reduction is worth, and what is still at stake of it."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.days import add_months
from bot.programmes.benefit import Benefit, payment_from, reduced
from bot.programmes.loan import BadLoan, Loan, Method
from bot.programmes.repayment import estimate
from tests.bot.programmes.loans import any_loan, grown, loan

RENTAL = reduced(loan(100_000_000, 420, {1: "1.70"}), Decimal("0.2"), 180)
DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))


def test_the_example_of_2023_a_month_and_in_all():
    assert [(each.from_payment, each.yen) for each in RENTAL.monthly()] == [(1, -9_891), (181, -4_020)]
    assert RENTAL.total == -2_745_149


def test_at_the_beginning_all_of_it_is_at_stake_and_after_its_end_nothing():
    assert RENTAL.at_stake(1) == 2_745_149
    assert RENTAL.monthly_at_stake(1) == 9_891
    assert [RENTAL.at_stake(number) for number in (181, 420, 421, 1000)] == [0, 0, 0, 0]
    assert RENTAL.monthly_at_stake(421) == 0


def test_lost_on_the_way_it_costs_the_rest_at_the_full_rate():
    """After five years: the loan as it stands goes on at 1.70 % for thirty years."""
    lost = RENTAL.lost_from(61)
    assert lost == loan(100_000_000, 420, {1: "1.50", 61: "1.70"})
    assert RENTAL.at_stake(61) == estimate(lost).total - estimate(RENTAL.kept).total
    assert 0 < RENTAL.at_stake(180) < RENTAL.at_stake(61) < RENTAL.at_stake(1)


@given(any_loan(least=10**6), st.decimals(0, 1, places=2), st.integers(1, 600), st.data())
def test_the_longer_a_benefit_was_kept_the_less_is_at_stake(each: Loan, off: Decimal, payments: int, data):
    benefit = reduced(each, off, payments)
    assert benefit.lost_from(1) == each
    assert benefit.at_stake(1) == -benefit.total
    first, later = sorted(data.draw(st.lists(st.integers(1, each.months + 1), min_size=2, max_size=2)))
    rounding = 2 * grown(max(step.rate for step in each.steps), each.months)  # of two loans, in the last payment
    assert benefit.at_stake(first) >= benefit.at_stake(later) - rounding
    if later > payments:
        assert abs(benefit.at_stake(later)) == 0


@pytest.mark.parametrize(
    ("off", "payments", "rates"),
    [
        ("0.2", 180, {1: "1.50", 61: "1.80", 181: "2.00"}),
        ("0.2", 60, {1: "1.50", 61: "2.00"}),
        ("0.2", 420, {1: "1.50", 61: "1.80"}),
        ("0.2", 999, {1: "1.50", 61: "1.80"}),
        ("3", 60, {1: "0", 61: "2.00"}),
    ],
)
def test_a_reduction_over_steps(off, payments, rates):
    """It goes over every step within it, ends where it ends, and takes no rate below nothing."""
    each = loan(10_000_000, 420, {1: "1.70", 61: "2.00"})
    assert reduced(each, Decimal(off), payments).kept == loan(10_000_000, 420, rates)


def test_two_loans_that_are_not_the_same_are_no_benefit():
    each = loan(10_000_000, 420, {1: "1.70"})
    for other in (replace(each, principal=1), replace(each, months=180), replace(each, method=Method.PRINCIPAL)):
        with pytest.raises(BadLoan):
            Benefit(each, other)


@given(DAYS, st.integers(1, 420), st.integers(0, 27))
def test_a_day_belongs_to_the_next_payment(first: date, number: int, before: int):
    due = add_months(first, number - 1)
    assert payment_from(first, due) == number
    assert payment_from(first, due + timedelta(days=1)) == number + 1
    assert payment_from(first, due - timedelta(days=before)) == number


def test_before_the_first_payment_it_is_the_first():
    assert payment_from(date(2027, 4, 30), date(2020, 1, 1)) == 1
