"""What a house adds to the figures."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.tally import Counted, Occurrence, months_of, tally

DAY = date(2027, 4, 20)
BLANK = Counted(guaranteed=True, ended_on=None, lapsed_on=None, mandated=True, at_risk=False, silent=False)
days = st.dates(date(2024, 1, 1), date(2029, 12, 31))
occurrences = st.builds(
    Occurrence,
    code=st.sampled_from("AB"),
    kind=st.sampled_from(("inspection", "repair", "milestone")),
    due_on=days,
    done_on=st.none() | days,
    basis=st.sampled_from((None, "both", "called_off")),
)
houses = st.builds(
    Counted,
    guaranteed=st.booleans(),
    ended_on=st.none() | days,
    lapsed_on=st.none() | days,
    mandated=st.booleans(),
    at_risk=st.booleans(),
    silent=st.booleans(),
    works=st.lists(occurrences, max_size=6),
    ahead=st.lists(st.tuples(st.sampled_from("AB"), days), max_size=3),
)


@given(houses, days)
def test_every_house_stands_somewhere_and_nothing_is_done_that_was_not_due(house: Counted, day: date):
    found = tally(house, day)
    assert sum(found[state, ""] for state in ("none", "good", "at_risk", "lapsed")) == found["houses", ""] == 1
    for month in months_of(day):
        assert found["due", month] >= found["done", month] >= found["on_time", month] >= 0
    assert {month for _, month in found} <= {"", *months_of(day)}


@given(days)
def test_the_months_are_two_years_back_and_one_ahead(day: date):
    months = months_of(day)
    assert (len(months), months[24]) == (37, f"{day:%Y-%m}")
    assert months == sorted(set(months))


def test_what_the_plan_says_next_counts_once():
    """An occurrence that is a work already is not counted a second time as the plan's."""
    work = Occurrence("A", "inspection", DAY)
    house = Counted(True, None, None, True, False, False, [work], [("A", DAY), ("B", DAY + timedelta(days=60))])
    found = tally(house, DAY)
    assert (found["due", "2027-04"], found["due", "2027-06"]) == (1, 1)


def test_milestones_and_what_was_called_off_are_no_works():
    works = [Occurrence("M", "milestone", DAY), Occurrence("A", "extra", DAY, basis="called_off")]
    house = Counted(True, None, None, True, False, False, works)
    assert tally(house, DAY)["due", "2027-04"] == 0
    assert tally(BLANK, DAY)["good", ""] == 1
