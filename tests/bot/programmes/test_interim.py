"""Money for a house that is being built: every share, what is taken off it, and the rest in the end."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.programmes.edition import edition
from bot.programmes.interim import Handed, Stage, Terms, handed_over, shares
from bot.programmes.loan import BadLoan
from bot.programmes.rule import rules

RATE = Decimal("1.95")
PRINTED = shares(edition("sumairu-kosodate-2026"))
DAYS = [
    (Stage.BEGUN, date(2026, 10, 1)),
    (Stage.ROOFED, date(2027, 1, 1)),
    (Stage.COMPLETED, date(2027, 4, 1)),
    (Stage.CONTRACTED, date(2027, 6, 1)),
]
EARLY = [(Stage.ADVANCE, date(2026, 9, 1)), *DAYS[1:]]
WORTH = st.none() | st.integers(0, 10**9)


def parts(found: list[Handed]) -> list[int]:
    return [each.share for each in found]


def test_thirty_thirty_thirty_and_the_rest():
    found = handed_over(Terms(100_000_000, RATE, PRINTED, fee=500_000), DAYS)
    assert parts(found) == [30_000_000, 30_000_000, 30_000_000, 10_000_000]
    assert [each.fee for each in found] == [500_000, 0, 0, 0]
    # 92 days of 30, 90 of 60, 61 of 90 million yen at 1.95 % of a year of 365 days
    assert [each.interest for each in found] == [0, 147_452, 288_493, 293_301]
    assert found[0].received == 29_500_000
    assert found[1].received == 30_000_000 - 147_452


def test_without_a_guarantee_company_twenty_on_completion_and_no_fee():
    found = handed_over(Terms(100_000_000, RATE, PRINTED), DAYS)
    assert parts(found) == [30_000_000, 30_000_000, 20_000_000, 20_000_000]
    assert {each.fee for each in found} == {0}


def test_what_is_handed_over_is_what_every_edition_prints():
    """A newer edition with other shares has to be told to these sums too."""
    whole, alone, early = (
        parts(handed_over(terms, days))
        for terms, days in (
            (Terms(100, RATE, PRINTED, fee=0), DAYS),
            (Terms(100, RATE, PRINTED), DAYS),
            (Terms(100, RATE, PRINTED, fee=0), EARLY),
        )
    )
    printed = [each.limit for each in rules().values() if each.by in ("interim_share", "interim_total_share")]
    assert len(printed) == 4
    for limit in printed:
        assert whole[:3] == [limit["start"], limit["roof"], limit["completion"]]
        assert alone[:3] == [limit["start"], limit["roof"], limit["completion_alone"]]
        assert early[0] == limit["before_start"]


def test_with_a_surety_forty_before_the_work_begins():
    found = handed_over(Terms(100_000_000, RATE, PRINTED, fee=0), EARLY)
    assert parts(found) == [40_000_000, 20_000_000, 30_000_000, 10_000_000]


def test_the_worth_of_the_land_limits_the_first_two_and_the_last_makes_up_for_it():
    found = handed_over(Terms(100_000_000, RATE, PRINTED, fee=0, land=45_000_000), DAYS)
    assert parts(found) == [30_000_000, 15_000_000, 30_000_000, 25_000_000]


def test_all_at_once_after_the_contract():
    (found,) = handed_over(Terms(100_000_000, RATE, PRINTED, fee=500_000), DAYS[-1:])
    assert (found.share, found.interest, found.fee) == (100_000_000, 0, 500_000)


@st.composite
def any_terms(draw) -> Terms:
    return Terms(draw(st.integers(1, 10**10)), draw(st.decimals(0, 5, places=2)), PRINTED, draw(WORTH), draw(WORTH))


@given(any_terms(), st.lists(st.integers(0, 200), min_size=3, max_size=3), st.sampled_from([DAYS, EARLY]))
def test_the_shares_are_the_loan_whatever_limits_them(terms: Terms, gaps: list[int], stages):
    principal, land, fee = terms.principal, terms.land, terms.fee
    days = [(stage, date(2027, 1, 1) + timedelta(sum(gaps[:n]))) for n, (stage, _) in enumerate(stages)]
    found = handed_over(terms, days)
    assert sum(parts(found)) == principal
    assert all(each.share >= 0 and each.interest >= 0 for each in found)
    most = 60 if land is None else min(60, land * 100 // principal + 1)
    assert sum(parts(found)[:2]) * 100 <= most * principal
    assert sum(parts(found)[:3]) * 100 <= (80 if fee is None else 90) * principal
    assert found[0].interest == 0


@pytest.mark.parametrize(
    "days",
    [
        [],
        DAYS[:-1],
        [DAYS[1], DAYS[0], DAYS[3]],
        [DAYS[0], DAYS[0], DAYS[3]],
        [DAYS[0], (Stage.CONTRACTED, date(2026, 9, 30))],
    ],
    ids=["none", "no last", "out of order", "twice", "before the day before"],
)
def test_days_that_cannot_be(days):
    with pytest.raises(BadLoan):
        handed_over(Terms(100, RATE, PRINTED), days)
