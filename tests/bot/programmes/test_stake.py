"""What the reduction of a recorded loan is still worth: the printed example, and what is not known."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bot.core.loan import Reduction, Terms
from bot.programmes.edition import edition
from bot.programmes.loan import Loan, Step
from bot.programmes.repayment import estimate
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


def worth(name: str, *steps: tuple[int, str], reasons: tuple[Reduction, ...]) -> int:
    found = stake(edition(name), replace(TERMS, steps=steps, reductions=reasons), date(2024, 1, 1))
    assert found is not None
    return found.total


def test_a_rate_that_is_reviewed_afterwards_is_the_same_with_the_reduction_and_without():
    """1.24 % is 1.54 % less 0.3: what the review brought in the sixteenth year is no part of it."""
    with_it = estimate(Loan(100_000_000, 420, (Step(1, Decimal("1.24")), Step(181, Decimal("2.25")))))
    without = estimate(Loan(100_000_000, 420, (Step(1, Decimal("1.54")), Step(181, Decimal("2.25")))))
    total = worth("sumairu-kosodate-2026", (1, "1.24"), (181, "2.25"), reasons=(Reduction.LONG_LIFE,))
    assert total == without.total - with_it.total


@pytest.mark.parametrize(("others", "off"), [((Reduction.CHILD_CARE,), "0.3"), ((Reduction.ZEH,), "0.1"), ((), "0.3")])
def test_of_several_reductions_only_what_the_certification_carries_hangs_on_it(others: tuple[Reduction, ...], off: str):
    """With child-rearing 0.3 of 0.5; where it is a ZEH too, 0.1 of 0.3: the other 0.2 would stay."""
    low = Loan(100_000_000, 420, (Step(1, Decimal("1.45")), Step(181, Decimal("1.95"))))
    high = Loan(100_000_000, 420, (Step(1, Decimal("1.45") + Decimal(off)), Step(181, Decimal("1.95"))))
    reasons = (Reduction.LONG_LIFE, *others)
    total = worth("sumairu-kosodate-2026", (1, "1.45"), (181, "1.95"), reasons=reasons)
    assert total == estimate(high).total - estimate(low).total


@pytest.mark.parametrize(
    ("name", "reasons"),
    [
        ("sumairu-kosodate-2026", (Reduction.CHILD_CARE,)),
        ("sumairu-kosodate-2026", (Reduction.ZEH,)),
        ("kosodate-2023", (Reduction.LONG_LIFE, Reduction.ZEH)),
    ],
)
def test_where_nothing_hangs_on_the_certification_there_is_no_yen(name: str, reasons: tuple[Reduction, ...]):
    """Also in the edition of 2023, in which a ZEH would keep the same reduction."""
    assert stake(edition(name), replace(TERMS, reductions=reasons), date(2024, 1, 1)) is None


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
