"""Repayments to the yen: what the leaflets print, and what holds for every loan."""

from decimal import Decimal
from itertools import pairwise

import pytest

from bot.programmes.loan import Loan, Method, Step
from bot.programmes.repayment import estimate, schedule

RENTAL, FLAT35 = 100_000_000, 30_000_000  # yen
PRINTED = [  # what is borrowed for 35 years, the rates, the payments a month, all together
    (RENTAL, {1: "1.50", 181: "1.70"}, {1: 306_184, 181: 312_055}, 130_006_361),
    (RENTAL, {1: "1.70"}, {1: 316_075}, 132_751_510),
    (FLAT35, {1: "0.93"}, {1: 83_710}, 35_158_240),
    (FLAT35, {1: "0.33", 121: "0.93"}, {1: 75_642, 121: 81_391}, 33_494_258),
    (FLAT35, {1: "0.33", 61: "0.93"}, {1: 75_642, 61: 82_549}, 34_256_036),
]


def loan(principal: int, months: int, rates: dict[int, str], method: Method = Method.LEVEL) -> Loan:
    return Loan(principal, months, tuple(Step(first, Decimal(rate)) for first, rate in rates.items()), method)


@pytest.mark.parametrize(("principal", "rates", "payments", "total"), PRINTED)
def test_the_worked_examples_of_the_leaflets_come_out_to_the_yen(principal, rates, payments, total):
    found = estimate(loan(principal, 420, rates))
    assert dict(found.levels) == payments
    assert found.total == total


def test_the_printed_differences_come_out_too():
    kept, lost = ({first.from_payment: first.yen for first in estimate(loan(*each)).levels} for each in RENTALS)
    assert (kept[1] - lost[1], kept[181] - lost[1]) == (-9_891, -4_020)
    totals = [estimate(loan(principal, 420, rates)).total for principal, rates, *_ in PRINTED]
    assert totals[0] - totals[1] == -2_745_149
    assert (totals[3] - totals[2], totals[4] - totals[2]) == (-1_663_982, -902_204)


RENTALS = [(principal, 420, rates) for principal, rates, *_ in PRINTED[:2]]


def test_with_level_principal_each_share_is_alike_and_the_last_takes_the_rest():
    payments = schedule(loan(1_000, 3, {1: "12"}, Method.PRINCIPAL))
    assert [(one.interest, one.principal, one.balance) for one in payments] == [
        (10, 333, 667),
        (6, 333, 334),
        (3, 334, 0),
    ]
    assert all(earlier.yen >= later.yen for earlier, later in pairwise(payments[:-1]))
