"""What the reduction of a recorded loan is still worth: the printed example, and what is not known."""

from dataclasses import replace
from datetime import date

import pytest

from bot.core.loan import Reduction, Terms
from bot.programmes.edition import edition
from bot.programmes.stake import stake

KNOWN = edition("kosodate-2023")
TERMS = Terms(
    applied_on=date(2023, 7, 3),
    first_payment_on=date(2024, 5, 1),
    months=420,
    principal=100_000_000,
    steps=((1, "1.50"), (181, "1.70")),
    reductions=(Reduction.LONG_LIFE,),
)


def test_it_is_the_printed_difference_at_the_beginning():
    """2,745,149 yen, in the guide of 2023."""
    found = stake(KNOWN, TERMS, date(2024, 1, 1))
    assert found is not None
    assert found.total == 2_745_149
    assert [(one.from_payment, one.yen) for one in found.payments] == [(1, 306_184), (181, 312_055)]


def test_nothing_is_at_stake_when_the_reduction_is_over():
    over = stake(KNOWN, TERMS, date(2039, 4, 2))
    assert over is not None
    assert over.total == 0
    before = stake(KNOWN, TERMS, date(2039, 3, 2))
    assert before is not None
    assert 0 < before.total < 50_000


@pytest.mark.parametrize(
    "changes",
    [
        {"principal": None},
        {"months": None},
        {"first_payment_on": None},
        {"steps": ()},
        {"steps": ((1, "1.50"),)},
        {"steps": ((1, "1.50"), (121, "1.70"))},
        {"reductions": ()},
        {"reductions": (Reduction.PLAN_A,)},
        {"months": 120},
    ],
)
def test_what_was_not_told_in_full_has_no_yen(changes: dict[str, object]):
    assert stake(KNOWN, replace(TERMS, **changes), date(2026, 1, 1)) is None  # type: ignore[arg-type]
