"""Loans in a builder's file."""

import pytest


@pytest.fixture
def reasons(take_rows, good):
    """Why a loan with these changes is refused; the house is there."""
    take_rows("servicers", good("servicers"))
    take_rows("houses", good("houses"))
    return lambda **changes: [
        (problem.reason, problem.field) for problem in take_rows("loans", good("loans", **changes)).problems
    ]


def test_a_loan_is_taken_as_it_is_written(reasons, store):
    assert reasons() == []
    (loan,) = store.loans.values()
    assert (loan.principal_yen, loan.rate_steps) == (100_000_000, ((1, "1.50"), (181, "1.70")))
    assert (loan.reductions, loan.prepayment_restricted, loan.fixed_years) == (("長期優良住宅",), False, None)
    assert "100000000" not in repr(loan)
    assert "1.50" not in repr(loan)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"house_id": "H-9"}, ("unknown_house", "house_id")),
        ({"edition": "kosodate"}, ("bad_choice", "edition")),
        ({"rate_steps": "2:1.50"}, ("bad_rates", "rate_steps")),
        ({"rate_steps": "1:1.50>1:1.70"}, ("bad_rates", "rate_steps")),
        ({"rate_steps": "1.50"}, ("bad_rates", "rate_steps")),
        ({"rate_steps": "1:1.5 > 181:1.7"}, ("number_form", "rate_steps")),
        ({"reductions": "長期優良"}, ("bad_choice", "reductions")),
        ({"contracted_on": "2023-07-02"}, ("before_application", "contracted_on")),
        ({"repaid_on": "2030-01-01"}, ("in_the_future", "repaid_on")),
        ({"units": "6", "certified_units": "7"}, ("out_of_range", "certified_units")),
        ({"months": "0"}, ("out_of_range", "months")),
    ],
)
def test_what_cannot_be_is_told(reasons, changes, reason):
    assert reason in reasons(**changes)
