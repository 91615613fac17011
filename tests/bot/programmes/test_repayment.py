"""Repayments to the yen: what holds for every loan."""

from dataclasses import replace
from decimal import Decimal, localcontext
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.programmes.loan import BadLoan, Loan, Method, Step
from bot.programmes.repayment import estimate, firsts, schedule, summed, together
from tests.bot.programmes.loans import RATES, any_loan, grown, loan


@given(any_loan())
def test_principal_is_repaid_exactly(each: Loan):
    payments = schedule(each)
    assert sum(one.principal for one in payments) == each.principal
    assert payments[-1].balance == 0
    assert [one.number for one in payments] == list(range(1, len(payments) + 1))
    assert all(one.principal >= 0 and one.interest >= 0 for one in payments)
    assert len(payments) <= each.months


@given(any_loan())
def test_each_balance_is_the_one_before_less_what_was_paid_and_bears_its_own_interest(each: Loan):
    balance = each.principal
    for one in schedule(each):
        above, below = each.rate_at(one.number).as_integer_ratio()
        assert one.interest == balance * above // (below * 1200)
        balance -= one.principal
        assert one.balance == balance


@given(any_loan([Method.LEVEL]))
def test_between_two_steps_every_payment_is_alike(each: Loan):
    payments = schedule(each)
    changes = {*firsts(each), len(payments)}
    assert all(now.yen == before.yen for before, now in pairwise(payments) if now.number not in changes)


@given(any_loan([Method.LEVEL]))
def test_the_last_payment_differs_by_no_more_than_rounding_explains(each: Loan):
    """Each payment loses less than a yen to its level, each month less than a yen to its interest, and both grow."""
    payments = schedule(each)
    assume(len(payments) == each.months > each.steps[-1].from_payment)
    level = payments[-2].yen if len(payments) > 1 else payments[-1].yen
    highest = max(step.rate for step in each.steps)
    assert abs(payments[-1].yen - level) <= grown(highest, each.months) + 1


@given(any_loan([Method.LEVEL]), st.data())
def test_a_level_is_the_annuity_cut_down(each: Loan, data):
    """Computed a second way, in decimals of sixty digits."""
    only = replace(each, steps=each.steps[:1])
    rate = only.steps[0].rate
    assume(rate)
    with localcontext(prec=80):
        i = rate / 1200
        exact = only.principal * i / (1 - (1 + i) ** -only.months)
    payments = schedule(only)
    assume(len(payments) > 1)
    assert payments[0].yen in {int(exact), int(exact + Decimal("1e-40"))}


@given(any_loan([Method.LEVEL], least=10**6), RATES)
def test_a_higher_rate_never_costs_less(each: Loan, rate: Decimal):
    """But for what rounding leaves to the last payment, which at 20 % grows for fifty years."""
    lower = replace(each, steps=(Step(1, rate),))
    higher = replace(each, steps=(Step(1, rate + Decimal("0.5")),))
    assert estimate(higher).levels[0].yen >= estimate(lower).levels[0].yen
    assert estimate(higher).total >= estimate(lower).total - grown(rate + 1, each.months)


@given(any_loan([Method.PRINCIPAL]))
def test_with_level_principal_each_share_is_alike_and_the_last_takes_the_rest(each: Loan):
    payments = schedule(each)
    share = each.principal // each.months
    assert {one.principal for one in payments[:-1]} <= {share}
    assert share <= payments[-1].principal < share + each.months
    for before, now in pairwise(payments[:-1]):
        assert now.interest <= before.interest or each.rate_at(now.number) > each.rate_at(before.number)


@given(any_loan([Method.PRINCIPAL]), st.integers(0, 100))
def test_with_level_principal_an_estimate_is_what_every_payment_comes_to(each: Loan, left: int):
    """Worked out without a row for each payment, also of a loan that ends with a residual."""
    each = replace(each, residual=each.principal * left // 100)
    assert estimate(each) == summed(schedule(each))


def test_level_principal_by_hand():
    payments = schedule(loan(1_000, 3, {1: "12"}, Method.PRINCIPAL))
    assert [one[1:] for one in payments] == [(10, 333, 667), (6, 333, 334), (3, 334, 0)]


@given(any_loan())
def test_an_estimate_says_of_each_payment_but_the_last_what_it_is(each: Loan):
    payments, found = schedule(each), estimate(each)
    assert found.total == sum(one.yen for one in payments)
    assert found.last_payment == payments[-1].yen
    starts = {level.from_payment: level.yen for level in found.levels}
    assert 1 in starts
    yen = None
    for one in payments[:-1]:
        yen = starts.get(one.number, yen)
        assert yen == one.yen


@pytest.mark.parametrize(
    ("each", "levels", "total"),
    [
        (loan(1_000_000, 3, {1: "0"}), {1: 333_333}, 1_000_000),
        (loan(1_000_000, 1, {1: "12"}), {1: 1_010_000}, 1_010_000),
        (loan(1, 420, {1: "1.7"}), {1: 0}, 1),
        (loan(1_000_000, 2, {1: "0", 2: "12"}), {1: 500_000, 2: 505_000}, 1_005_000),
        (loan(1_000_000, 2, {1: "0", 2: "0"}), {1: 500_000}, 1_000_000),
    ],
    ids=["no interest", "one month", "one yen", "a step at the last payment", "a step that changes nothing"],
)
def test_the_smallest_of_loans(each: Loan, levels: dict[int, int], total: int):
    found = estimate(each)
    assert dict(found.levels) == levels
    assert found.total == total


def test_a_few_yen_are_repaid_before_their_time_and_never_twice():
    """Where interest is cut down to nothing, a level of whole yen is sooner done."""
    payments = schedule(loan(80, 50, {1: "11"}))
    assert payments[-1].balance == 0
    assert sum(one.yen for one in payments) == 80
    assert len(payments) == 40


@given(any_loan([Method.LEVEL], least=10**6), st.data())
def test_a_residual_comes_with_the_last_payment(each: Loan, data):
    residual = data.draw(st.integers(0, each.principal))
    payments = schedule(replace(each, residual=residual))
    found = estimate(replace(each, residual=residual))
    assert (found.total, found.last_payment) == (sum(one.yen for one in payments), payments[-1].yen)
    assert payments[-1].balance == 0
    assert sum(one.principal for one in payments) == each.principal
    assume(len(payments) == each.months > each.steps[-1].from_payment)
    highest = max(step.rate for step in each.steps)
    assert abs(payments[-1].yen - residual - payments[-2].yen) <= grown(highest, each.months) + 1


def test_interest_only_from_year_fifty_and_the_rest_in_the_end():
    """As the residual-value loan has it: interest alone from the fiftieth year, what is owed when the borrower dies."""
    terms = loan(20_000_000, 720, {1: "1.5"})
    payments = schedule(replace(terms, residual=5_000_000, interest_only_from=601))
    assert abs(payments[599].balance - 5_000_000) < 1_000  # yen that rounding left
    assert {one.principal for one in payments[600:-1]} == {0}
    assert payments[-1].principal == payments[599].balance
    assert payments[600].yen == payments[599].balance * 15 // 12_000


def test_without_a_residual_interest_only_leaves_what_would_still_be_owed():
    terms = loan(20_000_000, 720, {1: "1.5"})
    payments = schedule(replace(terms, interest_only_from=601))
    assert payments[:600] == schedule(terms)[:600]
    assert payments[-1].principal == payments[599].balance == schedule(terms)[599].balance


def test_a_rate_that_is_reviewed_is_a_step():
    terms = loan(100_000_000, 420, {1: "1.54"})
    reviewed = terms.with_rate_from(181, Decimal("2.25"))
    assert schedule(reviewed)[:180] == schedule(terms)[:180]
    assert estimate(reviewed).levels[1].from_payment == 181
    assert reviewed.with_rate_from(181, Decimal("1.54")) == terms


@given(any_loan([Method.LEVEL], least=10**6), st.data())
def test_the_rest_of_a_loan_goes_on_as_it_would_have(each: Loan, data):
    payments = schedule(each)
    changes = [number for number in firsts(each) if 1 < number <= len(payments)]
    assume(changes)
    first = data.draw(st.sampled_from(changes))
    rest = schedule(each.rest(first - 1, payments[first - 2].balance))
    assert [one[1:] for one in rest] == [one[1:] for one in payments[first - 1 :]]


def test_two_loans_side_by_side_are_each_rounded_by_itself():
    """Half fixed for 35 years, half for 15, at the reference rates of January 2026."""
    fixed, reviewed = loan(50_000_000, 420, {1: "1.95"}), loan(50_000_000, 180, {1: "1.54"})
    both = together([schedule(reviewed), schedule(fixed)])
    assert [one.number for one in both] == list(range(1, 421))
    assert both[0].yen == schedule(fixed)[0].yen + schedule(reviewed)[0].yen
    assert both[180:] == schedule(fixed)[180:]
    assert sum(one.principal for one in both) == 100_000_000


@pytest.mark.parametrize(
    ("terms", "line"),
    [
        ({"principal": 0}, "principal must be from 1 to"),
        ({"principal": 10**18 + 1}, "principal must be from 1 to"),
        ({"months": 0}, "months must be from 1 to 1200"),
        ({"months": 1201}, "months must be from 1 to 1200"),
        ({"steps": ()}, "steps must begin with from_payment 1"),
        ({"steps": (Step(2, Decimal(1)),)}, "steps must begin with from_payment 1"),
        ({"steps": (Step(1, Decimal(1)), Step(1, Decimal(2)))}, "steps must stand in the order"),
        ({"steps": (Step(1, Decimal(1)), Step(421, Decimal(2)))}, "from_payment must be a payment from 1 to months"),
        ({"steps": (Step(1, Decimal("-0.01")),)}, "annual_rate_pct must be from 0 to 100"),
        ({"steps": (Step(1, Decimal("100.01")),)}, "annual_rate_pct must be from 0 to 100"),
        ({"steps": (Step(1, Decimal("NaN")),)}, "annual_rate_pct must be from 0 to 100"),
        ({"steps": (Step(1, Decimal("1.00000000001")),)}, "annual_rate_pct must be from 0 to 100"),
        ({"residual": 101}, "residual must be from 0 to the principal"),
        ({"interest_only_from": 421}, "interest_only_from must be a payment"),
    ],
)
def test_terms_that_no_loan_can_have(terms, line):
    with pytest.raises(BadLoan, match=line):
        Loan(**{"principal": 100, "months": 420, "steps": (Step(1, Decimal(1)),)} | terms)
