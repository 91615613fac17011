"""How often a key may ask, whatever its machine does."""

from hypothesis import given
from hypothesis import strategies as st

from handlers.web.api.pace import KNOWN, Pace

GAPS = st.lists(st.floats(0, 30, allow_nan=False), max_size=60)


@given(GAPS)
def test_never_more_than_the_burst_and_what_came_back_since(gaps: list[float]):
    seconds, allowed = [0.0], 0
    pace = Pace(lambda: seconds[0], burst=3, a_second=0.5)
    for gap in gaps:
        seconds[0] += gap
        allowed += pace.wait(1) == 0
        assert allowed <= 3 + seconds[0] * 0.5 + 1e-6


@given(GAPS)
def test_whoever_waits_as_long_as_was_said_may_ask(gaps: list[float]):
    seconds = [0.0]
    pace = Pace(lambda: seconds[0], burst=2, a_second=0.25)
    for gap in gaps:
        seconds[0] += gap
        if wait := pace.wait(1):
            seconds[0] += wait
            assert pace.wait(1) == 0


def test_it_remembers_no_more_keys_than_it_may():
    pace = Pace(lambda: 0.0, burst=1)
    assert [pace.wait(key) for key in range(KNOWN + 1)] == [0] * (KNOWN + 1)
    assert pace.wait(KNOWN) > 0
    assert pace.wait(0) == 0
