"""The reductions that editions print: each for its own codes, none that is not printed."""

from decimal import Decimal

import pytest

from bot.programmes.edition import edition, editions
from bot.programmes.loan import BadLoan
from bot.programmes.reduction import reduction, reductions


@pytest.mark.parametrize(
    ("name", "codes", "off", "years"),
    [
        ("sumairu-kosodate-2026", ["long_life"], "0.3", 15),
        ("sumairu-machizukuri-2026", ["child_rearing", "long_life"], "0.5", 15),
        ("sumairu-kosodate-2026", ["zeh", "child_rearing"], "0.4", 15),
        ("kosodate-2023", ["long_life"], "0.2", 15),
        ("flat35-reno-2016", ["plan_a"], "0.6", 10),
        ("flat35-reno-2016", ["plan_b"], "0.6", 5),
    ],
)
def test_what_an_edition_prints(name, codes, off, years):
    found = reduction(edition(name), codes)
    assert (found.off, found.years) == (Decimal(off), years)


@pytest.mark.parametrize("codes", [["long_life", "zeh"], ["plan_a"], []])
def test_what_it_does_not_print_is_not_added_up(codes):
    """A house that is both long-lived and a ZEH has no reduction of its own in the leaflet of 2026."""
    with pytest.raises(BadLoan, match="long_life"):
        reduction(edition("sumairu-kosodate-2026"), codes)


def test_no_reduction_is_above_half_a_per_cent_but_that_of_2016():
    found = [(each.id, one) for each in editions().values() for one in reductions(each)]
    assert max(one.off for name, one in found if name != "flat35-reno-2016") == Decimal("0.5")
