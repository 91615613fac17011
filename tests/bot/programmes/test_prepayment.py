"""Paying back earlier: what it saves, what it costs, and that every yen is repaid once."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.programmes.edition import edition
from bot.programmes.loan import BadLoan, Loan, Method
from bot.programmes.prepayment import Effect, Prepayment, Restriction, charge, prepaid, restriction
from bot.programmes.repayment import schedule
from bot.programmes.rule import rules
from tests.bot.programmes.loans import any_loan, loan

RENTAL = loan(100_000_000, 420, {1: "1.95"})
CONTRACTED = date(2026, 6, 10)
PRINTED = restriction(edition("sumairu-kosodate-2026"))


def test_the_charge_and_its_years_are_those_that_every_edition_prints():
    """The rule and the charge come of one leaflet; one that prints no restriction has no charge."""
    printed = {each.edition.id: each.limit for each in rules().values() if each.by == "prepayment_charge"}
    assert printed
    for name, limit in printed.items():
        told = restriction(edition(name))
        assert (told.years, told.per_cent) == (limit["years"], limit["charge_pct"])
    with pytest.raises(BadLoan, match="prints no restriction"):
        restriction(edition("kosodate-2023"))


def test_a_newer_edition_with_other_numbers_is_charged_by_those():
    other = Restriction(5, Decimal("2.5"))
    assert charge(1_000_001, date(2031, 6, 10), CONTRACTED, other) == 25_000
    assert charge(1_000_001, date(2031, 6, 11), CONTRACTED, other) == 0


@given(any_loan(least=10**6), st.sampled_from(Effect), st.data())
def test_every_yen_is_repaid_once_and_no_balance_is_out_of_step(each: Loan, effect: Effect, data):
    payments = schedule(each)
    assume(len(payments) > 1)
    number = data.draw(st.integers(1, len(payments) - 1))
    yen = data.draw(st.integers(1, payments[number - 1].balance))
    found = prepaid(each, Prepayment(number, yen, effect))
    balance = each.principal
    for place, one in enumerate(found.payments, 1):
        balance -= one.principal
        assert (one.number, one.balance) == (place, balance)
    assert balance == 0
    assert found.payments[: number - 1] == tuple(payments[: number - 1])
    assert found.payments[number - 1].yen == payments[number - 1].yen + yen
    assert len(found.payments) <= len(payments)


@given(st.integers(1, 418), st.integers(1_000_000, 30_000_000), st.sampled_from(Method))
def test_a_part_shortens_the_term_or_lowers_the_payment(number: int, yen: int, method: Method):
    each = replace(RENTAL, method=method)
    before = schedule(each)
    assume(yen < before[number - 1].balance - 1_000_000)
    shorter = prepaid(each, Prepayment(number, yen, Effect.SHORTEN))
    lower = prepaid(each, Prepayment(number, yen, Effect.LOWER))
    assert len(shorter.payments) < len(before) == len(lower.payments)
    assert lower.payments[number].yen < before[number].yen
    assert all(one.yen <= before[number].yen for one in shorter.payments[number:-1])
    assert shorter.saved >= lower.saved > 0


def test_one_month_fewer_would_have_raised_the_payment():
    """Ten million yen after ten years: the term is as short as the payment allows, and no shorter."""
    found = prepaid(RENTAL, Prepayment(120, 10_000_000))
    rest = RENTAL.rest(120, found.payments[119].balance)
    months = len(found.payments) - 120
    level = schedule(RENTAL)[0].yen
    assert schedule(replace(rest, months=months))[0].yen <= level < schedule(replace(rest, months=months - 1))[0].yen


def test_all_of_it_ends_the_loan():
    owed = schedule(RENTAL)[59].balance
    found = prepaid(RENTAL, Prepayment(60, owed))
    assert len(found.payments) == 60
    assert found.payments[-1].balance == 0
    assert found.saved == sum(one.interest for one in schedule(RENTAL)[60:])


def test_steps_to_come_stay_where_they_are():
    each = loan(100_000_000, 420, {1: "1.54", 181: "2.25"})
    found = prepaid(each, Prepayment(60, 10_000_000, Effect.LOWER))
    rest = schedule(each.rest(60, found.payments[59].balance))
    assert [one[1:] for one in found.payments[60:]] == [one[1:] for one in rest]
    assert found.payments[180].interest == found.payments[179].balance * 225 // 120_000


@pytest.mark.parametrize(
    ("on", "yen"),
    [(date(2026, 6, 11), 50_000), (date(2036, 6, 10), 50_000), (date(2036, 6, 11), 0)],
)
def test_ten_years_from_the_contract_a_prepayment_is_charged(on: date, yen: int):
    assert charge(1_000_000, on, CONTRACTED, PRINTED) == yen
    assert charge(1_000_000, on, None, PRINTED) == 0


def test_the_charge_is_cut_down_to_whole_yen():
    assert charge(1_000_019, CONTRACTED, CONTRACTED, PRINTED) == 50_000


@pytest.mark.parametrize(
    "prepayment",
    [Prepayment(0, 1), Prepayment(420, 1), Prepayment(60, 0), Prepayment(60, 100_000_000)],
)
def test_more_than_is_owed_or_too_late(prepayment):
    with pytest.raises(BadLoan, match="a prepayment must"):
        prepaid(RENTAL, prepayment)


def test_a_loan_with_a_residual_keeps_its_term():
    each = replace(RENTAL, residual=50_000_000)
    with pytest.raises(BadLoan, match="keeps its term"):
        prepaid(each, Prepayment(60, 1_000_000))
    assert prepaid(each, Prepayment(60, 1_000_000, Effect.LOWER)).payments[-1].balance == 0
