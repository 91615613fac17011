"""What the leaflets print comes out to the yen, and what cannot be computed again says so."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.programmes.edition import edition, editions
from bot.programmes.printed import Basis, printed
from bot.programmes.repayment import estimate
from tests.bot.programmes.loans import loan

RENTAL, FLAT35 = 100_000_000, 30_000_000  # yen


@pytest.mark.parametrize(
    ("principal", "rates", "payments", "total"),
    [
        (RENTAL, {1: "1.50", 181: "1.70"}, {1: 306_184, 181: 312_055}, 130_006_361),
        (RENTAL, {1: "1.70"}, {1: 316_075}, 132_751_510),
        (FLAT35, {1: "0.93"}, {1: 83_710}, 35_158_240),
        (FLAT35, {1: "0.33", 121: "0.93"}, {1: 75_642, 121: 81_391}, 33_494_258),
        (FLAT35, {1: "0.33", 61: "0.93"}, {1: 75_642, 61: 82_549}, 34_256_036),
    ],
)
def test_the_worked_examples_come_out_to_the_yen(principal, rates, payments, total):
    found = estimate(loan(principal, 420, rates))
    assert dict(found.levels) == payments
    assert found.total == total


def test_every_printed_figure_that_can_be_computed_agrees():
    found = [(each.id, one) for each in editions().values() for one in printed(each)]
    assert {one.basis for _, one in found} == set(Basis)
    for name, one in found:
        for figure in one.figures:
            assert figure.agrees is (None if one.basis is Basis.NOT_REPRODUCIBLE else True), (name, figure)


def test_a_figure_that_is_not_ours_would_be_seen():
    figure = printed(edition("flat35-reno-2016"))[0].figures[0]
    assert replace(figure, yen=figure.yen + 1).agrees is False
    assert replace(figure, yen=-figure.yen).agrees is False


def test_what_rests_on_more_than_is_printed_says_so_in_both_languages():
    for each in editions().values():
        for one in printed(each):
            assert bool(one.note_ja and one.note_en) is (one.basis is not Basis.PRINTED)


def test_the_rate_that_was_not_printed_is_the_only_one_that_gives_the_difference():
    """Tried in steps of 0.01 % from nothing to 6 %, the first rate of five, each half a per cent above the last."""

    def rise(hundredths: int) -> int:
        first = Decimal(hundredths) / 100
        rates = {1 + 60 * n: str(first + n * Decimal("0.5")) for n in range(5)}
        levels = estimate(loan(RENTAL, 420, rates)).levels
        return levels[4].yen - levels[0].yen

    (inferred,) = printed(edition("sumairu-kosodate-2026"))
    assert inferred.basis is Basis.INFERRED
    assert inferred.benefit is not None
    assert inferred.benefit.kept.steps[0].rate == Decimal("0.5")
    assert [rate for rate in range(601) if rise(rate) == 62_111] == [50]
