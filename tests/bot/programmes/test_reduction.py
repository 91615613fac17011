"""The reductions that editions print: each for its own codes, together as their rule has it."""

from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from bot.programmes.check import check
from bot.programmes.edition import edition, editions
from bot.programmes.loan import BadLoan
from bot.programmes.reduction import reduction, reductions
from bot.programmes.rule import rules

ON = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("name", "codes", "off", "years"),
    [
        ("sumairu-kosodate-2026", ["long_life"], "0.3", 15),
        ("sumairu-machizukuri-2026", ["child_rearing", "long_life"], "0.5", 15),
        ("sumairu-kosodate-2026", ["zeh", "child_rearing"], "0.4", 15),
        ("kosodate-2023", ["long_life"], "0.2", 15),
        ("sumairu-kosodate-2026", ["long_life", "zeh"], "0.3", 15),  # of both the larger, once
        ("sumairu-kosodate-2026", ["zeh", "long_life", "child_rearing"], "0.5", 15),
        ("kosodate-2023", ["long_life", "zeh"], "0.2", 15),
        ("sakoju-2023", ["long_life", "zeh"], "0.2", 15),
        ("flat35-reno-2016", ["plan_a"], "0.6", 10),
        ("flat35-reno-2016", ["plan_b"], "0.6", 5),
    ],
)
def test_what_an_edition_prints(name, codes, off, years):
    found = reduction(edition(name), codes)
    assert (found.off, found.years) == (Decimal(off), years)


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("sumairu-kosodate-2026", ["plan_a"]),
        ("sumairu-kosodate-2026", ["long_life", "plan_a"]),
        ("sumairu-kosodate-2026", []),
        ("kosodate-2023", ["long_life", "child_rearing"]),
        ("flat35-reno-2016", ["plan_a", "plan_b"]),
    ],
)
def test_what_it_does_not_print_is_not_added_up(name, codes):
    with pytest.raises(BadLoan, match=f"{name} has no reduction for"):
        reduction(edition(name), codes)


def test_whatever_goes_together_earns_what_the_rule_of_the_edition_answers():
    """One number, asked in two ways, or a newer edition would promise two things."""
    asked = [one for one in rules().values() if one.by == "reduction"]
    assert len(asked) == 5
    for each in asked:
        names = [one.name for one in each.inputs]
        for taken in product((False, True), repeat=len(names)):
            told = check(each, dict(zip(names, taken, strict=True)), ON)
            codes = [name for name, held in zip(names, taken, strict=True) if held]
            assert not codes or str(reduction(each.edition, codes).off) == told.out, (each.name, codes)


def test_no_reduction_is_above_half_a_per_cent_but_that_of_2016():
    found = [(each.id, one) for each in editions().values() for one in reductions(each)]
    assert max(one.off for name, one in found if name != "flat35-reno-2016") == Decimal("0.5")
