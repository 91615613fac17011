"""A share of the month is never touched by what is not urgent."""

from hypothesis import given
from hypothesis import strategies as st

from bot.core.allowance import SHARE, Allowance

NUMBERS = st.integers(0, 10_000)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_the_share_is_kept_and_nothing_more(limit: int, used: int, ordinary: int):
    going = Allowance(limit, used).going(ordinary)
    left = limit - used
    assert 0 <= going <= ordinary
    assert going == 0 or left - (going - 1) > limit * SHARE
    assert going == ordinary or left - going <= limit * SHARE


@given(NUMBERS, NUMBERS)
def test_without_a_limit_everything_goes(used: int, ordinary: int):
    assert Allowance(None, used).going(ordinary) == ordinary
