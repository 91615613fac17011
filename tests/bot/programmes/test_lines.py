"""Loans as JSON: read digit by digit, and refused in one plain line that names the field."""

import json
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.programmes.lines import answer, benefits, loans
from bot.programmes.loan import BadLoan, Method
from bot.programmes.repayment import estimate
from tests.bot.programmes.loans import loan

ONE = '{"principal": 100000000, "months": 420, "steps": [{"from_payment": 1, "annual_rate_pct": 1.70}]}'
RENTAL = loan(100_000_000, 420, {1: "1.70"})


def changed(**fields: object) -> str:
    return json.dumps(json.loads(ONE) | fields)


def rated(rate: str) -> str:
    return ONE.replace("1.70", rate)


@pytest.mark.parametrize("rate", ["1.70", "1.7", '"1.70"', '"1.7"', "170e-2", "1.700"])
def test_a_rate_is_a_number_or_its_text(rate):
    assert loans(rated(rate)) == [RENTAL]


@given(st.decimals(0, 100, places=10))
def test_no_digit_of_a_rate_is_lost(rate: Decimal):
    assert loans(rated(f"{rate:f}"))[0].steps[0].rate == rate


def test_a_loan_may_stand_on_many_lines_and_many_loans_one_after_the_other():
    assert loans(json.dumps(json.loads(ONE), indent=2)) == [RENTAL]
    assert loans(f"\ufeff{ONE}\r\n{ONE}\n\n".encode()) == [RENTAL, RENTAL]


def test_the_answer_has_exactly_the_stated_form():
    said = changed(steps=[{"from_payment": 1, "annual_rate_pct": "1.5"}, {"from_payment": 181, "annual_rate_pct": 1.7}])
    assert json.dumps(answer(estimate(loans(said)[0]))) == (
        '{"payments": [{"from_payment": 1, "yen": 306184}, {"from_payment": 181, "yen": 312055}], '
        '"total": 130006361, "last_payment": 312096}'
    )


def test_what_may_be_said_besides():
    (found,) = loans(changed(method="principal", residual=10, interest_only_from=400))
    assert (found.method, found.residual, found.interest_only_from) == (Method.PRINCIPAL, 10, 400)


def test_with_and_without():
    kept = [{"from_payment": 1, "annual_rate_pct": "1.5"}, {"from_payment": 181, "annual_rate_pct": "1.7"}]
    (found,) = benefits(changed(steps=kept, without=[{"from_payment": 1, "annual_rate_pct": "1.7"}]))
    assert found.total == -2_745_149


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("", "no loan"),
        ("[]", "a loan must be a JSON object"),
        ("17", "a loan must be a JSON object"),
        ("{", "not JSON"),
        (b"\xff", "not UTF-8"),
        ("[" * 100_000, "not JSON"),
        (ONE.replace("100000000", "1" + "0" * 5_000), "not JSON"),
        (ONE.replace("100000000", "NaN"), '"principal": NaN is no number'),
        (ONE.replace("100000000", "100000000.0"), "principal must be a whole number"),
        (ONE.replace("100000000", "true"), "principal must be a whole number"),
        (ONE.replace("100000000", '"100000000"'), "principal must be a whole number"),
        (ONE.replace("420", "420.5"), "months must be a whole number"),
        (ONE.replace("420", "-1"), "months must be from 1"),
        (changed(steps={}), "steps must be a list"),
        (changed(steps=[]), "steps must begin with from_payment 1"),
        (changed(steps=[1]), "a step must be a JSON object"),
        (changed(steps=[{"from_payment": 1}]), "a step must have annual_rate_pct"),
        (rated('"1.7%"'), "annual_rate_pct must be a number"),
        (rated('"１.７"'), "annual_rate_pct must be a number"),
        (rated("null"), "annual_rate_pct must be a number"),
        (rated("-1"), "annual_rate_pct must be from 0 to 100"),
        (rated("1e999999999"), "annual_rate_pct must be from 0 to 100"),
        (rated("1e-999999999"), "annual_rate_pct must be from 0 to 100"),
        (changed(method="bullet"), "method must be level or principal"),
        (changed(years=35), 'a loan has no field "years"'),
        ('{"months": 420}', "a loan must have principal, steps"),
        (ONE.replace('"months"', '"principal": 1, "months"'), '"principal" stands twice'),
        (f"{ONE}\n{changed(months=0)}", "loan 2: months must be from 1"),
    ],
)
def test_what_is_no_loan_is_told_in_one_line(said, line):
    with pytest.raises(BadLoan) as refused:
        loans(said)
    assert str(refused.value).startswith(line)
    assert str(refused.value).isprintable()


VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.lists(st.integers(), max_size=2)


@given(VALUES, st.sampled_from(["principal", "months", "steps", "method", "residual", "interest_only_from", "x"]))
def test_whatever_stands_in_a_field_it_is_a_loan_or_refused(value, field):
    """Nothing else is ever raised."""
    with suppress(BadLoan):
        (found,) = loans(changed(**{field: value}))
        assert estimate(found).total >= found.principal
