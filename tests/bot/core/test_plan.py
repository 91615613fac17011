"""The plan's dates: a grid fixed on the anchor, and the law's ten years behind it."""

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from bot.core.plan import Kind, PlanItem, backstop, nearest, occurrences, open_next


def item(first: int, interval: int, statutory: bool = True) -> PlanItem:
    return PlanItem("A", "屋根", Kind.INSPECTION, first, interval, statutory)


HANDED_OVER = date(2020, 4, 1)
GRID = occurrences(HANDED_OVER, item(5, 5), 50)


def test_every_five_years_for_fifty_years():
    """The tenth and last occurrence falls on the fiftieth anniversary."""
    assert GRID[0] == date(2025, 4, 1)
    assert (len(GRID), GRID[-1]) == (10, date(2070, 4, 1))


def test_once_means_once():
    """An interval of 0 has a single occurrence; beyond the plan's end there is none."""
    assert occurrences(HANDED_OVER, item(15, 0), 50) == [date(2035, 4, 1)]
    assert occurrences(HANDED_OVER, item(51, 1), 50) == []


@given(st.dates(date(2000, 1, 1), date(2030, 12, 31)), st.integers(1, 30), st.integers(0, 20), st.integers(30, 80))
def test_the_grid_is_what_a_library_computes(anchor: date, first: int, interval: int, years: int):
    """Each date is the anniversary that dateutil gives for it, counted from the anchor."""
    expected = [first] if interval == 0 and first <= years else list(range(first, years + 1, interval or 1000))
    assert occurrences(anchor, item(first, interval), years) == [anchor + relativedelta(years=n) for n in expected]


def test_nothing_on_record_opens_the_first():
    """The first occurrence is open however long ago it was: later ones merge into it."""
    assert open_next(item(5, 5), GRID, [], None).due_on == date(2025, 4, 1)


@pytest.mark.parametrize(
    ("done", "following"),
    [
        (date(2024, 11, 20), date(2030, 4, 1)),  # half a year early
        (date(2026, 2, 1), date(2030, 4, 1)),  # ten months late
        (date(2029, 1, 1), date(2035, 4, 1)),  # so late that it is the second one
    ],
)
def test_done_early_or_late_moves_nothing(done: date, following: date):
    """A record settles the nearest occurrence; the grid stays where it is."""
    assert open_next(item(5, 5), GRID, [done], None).due_on == following


def test_gaps_before_the_last_record_are_told_and_not_chased():
    """Whoever inspected in year 15 is not asked about years 5 and 10."""
    found = open_next(item(5, 5), GRID, [date(2035, 4, 3)], None)
    assert found.due_on == date(2040, 4, 1)
    assert found.gaps == (date(2025, 4, 1), date(2030, 4, 1))


def test_the_law_can_be_sooner_than_the_plan():
    """A part inspected last in 2021 must be looked at by 2031, also where the plan says 2035."""
    found = open_next(
        item(15, 15), occurrences(HANDED_OVER, item(15, 15), 50), [], backstop(HANDED_OVER, [date(2021, 6, 1)])
    )
    assert (found.due_on, found.backstop_on, found.limit) == (date(2035, 4, 1), date(2031, 6, 1), date(2031, 6, 1))


def test_an_advisory_item_has_no_backstop():
    """The ten years are the law's, for the parts the law names."""
    assert open_next(item(5, 5, statutory=False), GRID, [], date(2030, 4, 1)).backstop_on is None


@given(st.lists(st.dates(date(2020, 4, 1), date(2072, 1, 1)), max_size=12))
def test_what_is_open_lies_behind_every_record(done: list[date]):
    """The open occurrence is unsettled, comes after every settled one, and each earlier one is settled or a gap."""
    found = open_next(item(5, 5), GRID, done, None)
    settled = {GRID[nearest(GRID, day)] for day in done}
    earlier = [day for day in GRID if found.due_on is None or day < found.due_on]
    assert found.due_on not in settled
    assert set(earlier) == settled | set(found.gaps)


@given(st.dates(date(2020, 1, 1), date(2075, 1, 1)))
def test_nearest_is_nearest(done: date):
    """No other occurrence is nearer than the one a record settles."""
    mine = GRID[nearest(GRID, done)]
    assert all(abs(done - mine) <= abs(done - other) for other in GRID)


@given(st.lists(st.dates(date(2021, 1, 1), date(2060, 1, 1))))
def test_the_backstop_is_ten_years_after_the_last_thing_done(done: list[date]):
    """From completion where nothing was done; never later than ten years and a day after the last."""
    last = max(done, default=HANDED_OVER)
    assert backstop(HANDED_OVER, done) - last <= timedelta(days=3653)
    assert backstop(HANDED_OVER, done).year == last.year + 10
