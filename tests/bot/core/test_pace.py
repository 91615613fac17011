"""How often somebody may come, whatever they do."""

from hypothesis import given
from hypothesis import strategies as st

from bot.core.pace import Store

GAPS = st.lists(st.tuples(st.floats(-1, 30, allow_nan=False), st.integers(1, 5)), max_size=60)


@given(GAPS)
def test_never_more_than_the_store_and_what_came_back_since(gaps: list[tuple[float, int]]):
    """However many are wanted at a time, and though the clock of another machine is a little behind."""
    store, now, latest, allowed = Store(3.0, 0.0, 3, 0.5), 0.0, 0.0, 0
    for gap, wanted in gaps:
        now = max(now + gap, 0.0)
        latest = max(latest, now)
        store, some, _ = store.take(now, wanted)
        assert 0 <= some <= wanted
        allowed += some
        assert allowed <= 3 + latest * 0.5 + 1e-6


@given(GAPS)
def test_whoever_waits_as_long_as_was_said_may_come(gaps: list[tuple[float, int]]):
    store, now = Store(2.0, 0.0, 2, 0.25), 0.0
    for gap, wanted in gaps:
        now += abs(gap)
        store, some, wait = store.take(now, wanted)
        assert bool(some) == (wait == 0)
        if wait:
            now += wait + 1e-6
            store, some, _ = store.take(now, wanted)
            assert some
