"""What is told of an event, in whatever order; from which strength on a plan asks; and when owners are asked."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.days import TOKYO
from bot.core.event import (
    SCALE,
    THRESHOLDS,
    UNREPORTED,
    Bulletin,
    Event,
    Hazard,
    OtherHazardError,
    State,
    asked_from,
    concerned,
    first_morning,
    perhaps,
    reaches,
    release,
    strength,
    strongest_first,
    take,
)
from bot.core.house import House
from bot.core.municipality import check_digit, city_of, five_digits, kin_of, level_at

NIGHT = datetime(2027, 1, 18, 5, 46, tzinfo=TOKYO)
LATER = datetime(2027, 1, 20, 1, tzinfo=UTC)
PLACES = ("13112", "13113", "14101", "17204")
areas = st.dictionaries(st.sampled_from(PLACES), st.sampled_from([*SCALE, UNREPORTED]), max_size=4)
bulletins = st.builds(
    lambda minutes, serial, told, cancelled: Bulletin(
        "jma-1",
        Hazard.EARTHQUAKE,
        None if cancelled else NIGHT,
        NIGHT + timedelta(minutes=minutes),
        "jma",
        serial,
        {} if cancelled else told,
        cancelled,
    ),
    st.integers(1, 4),
    st.integers(1, 3),
    areas,
    st.booleans(),
)


def house(place: str = "13112", **given: object) -> House:
    day = date(2022, 4, 1)
    return House("H1", day, day, 50, day, municipality=place, **given)  # type: ignore[arg-type]


def asked_at(event: Event) -> set[str]:
    """Of the houses of a small country, one in each place, those that are asked about."""
    where = strongest_first(event.asked_areas)
    return {place for place in PLACES if concerned(house(place), event, where) is not None}


def after(told: list[Bulletin]) -> Event:
    """The event once all of that has been told, in this order, and the staff have let it begin."""
    event: Event | None = None
    for bulletin in told:
        event = take(event, bulletin) or event
    assert event is not None
    return event if event.state is State.CANCELLED else release(event, LATER)


@given(told=st.lists(bulletins, min_size=1, max_size=6), order=st.randoms())
def test_in_any_order_the_same_houses_are_asked_about(told, order):
    other = list(told)
    order.shuffle(other)
    first, second = after(told), after(other)
    assert asked_at(first) == asked_at(second)
    assert first.bulletin == second.bulletin


@given(told=st.lists(bulletins, min_size=1, max_size=4))
def test_what_is_told_twice_tells_nothing_new(told):
    event = after(told)
    assert all(take(event, bulletin) is None for bulletin in (event.bulletin, event.bulletin))


@given(before=areas, newer=areas)
def test_what_a_newer_bulletin_adds_waits_for_the_staff_and_what_it_takes_away_is_over(before, newer):
    """Nobody is asked whom the staff have not let be asked, and nobody of whom no bulletin tells any more."""
    first = Bulletin("jma-1", Hazard.EARTHQUAKE, NIGHT, NIGHT, "jma", areas=before)
    event = take(None, first)
    assert event is not None
    running = release(event, LATER)
    second = Bulletin("jma-1", Hazard.EARTHQUAKE, NIGHT, NIGHT + timedelta(hours=1), "jma", areas=newer)
    corrected = take(running, second)
    assert corrected is not None
    now_told = asked_at(release(corrected, LATER))
    assert asked_at(corrected) == asked_at(running) & now_told
    assert corrected.undecided == (dict(before) != dict(newer))
    assert corrected.waits == any(
        code not in before or strength(newer[code]) > strength(before[code]) for code in newer
    )


@given(level=st.sampled_from(SCALE), threshold=st.sampled_from(THRESHOLDS))
def test_a_plan_says_from_which_strength_on(level, threshold):
    assert reaches(house(event_intensity=threshold), Hazard.EARTHQUAKE, level) == (
        SCALE.index(level) >= SCALE.index(threshold)
    )


@pytest.mark.parametrize(
    ("level", "asked"), [("4", False), ("5弱", False), ("5強", True), ("7", True), (UNREPORTED, True)]
)
def test_without_a_word_in_the_plan_it_is_5_upper(level, asked):
    """A station that is not heard of may have felt anything: rather a question too many than one too few."""
    assert reaches(house(), Hazard.EARTHQUAKE, level) is asked


@pytest.mark.parametrize(
    ("prefecture", "own", "asked"),
    [("13", "", True), ("17", "", False), ("17", "5弱", True), ("01", "", False), ("", "", True), ("", "7", False)],
)
def test_without_a_municipality_the_prefecture_says_whether_it_may_be_one(prefecture, own, asked):
    """By the strongest in the prefecture; where the address names none, by the strongest anywhere."""
    felt = strongest_first({"17204": "5弱", "13112": "6弱", "13113": "4"})
    event = Event(Bulletin("jma-1", Hazard.EARTHQUAKE, NIGHT, NIGHT, "jma", areas=felt))
    assert perhaps(house("", event_intensity=own), event, prefecture, felt) is asked


@pytest.mark.parametrize(("own", "gust", "asked"), [(None, "29", False), (None, "30", True), (40, "35", False)])
def test_wind_has_a_measure_of_its_own(own, gust, asked):
    assert reaches(house(event_wind=own), Hazard.WIND, gust) is asked


@given(one=st.sampled_from(SCALE), other=st.sampled_from(SCALE))
def test_the_scale_is_in_order(one, other):
    assert (strength(one) < strength(other)) == (SCALE.index(one) < SCALE.index(other))


@pytest.mark.parametrize(
    ("at", "day"),
    [("2027-01-18T02:00", "2027-01-18"), ("2027-01-18T05:46", "2027-01-19"), ("2027-01-18T23:59", "2027-01-19")],
)
def test_owners_are_asked_on_the_first_morning_that_leaves_them_some_hours(at, day):
    instant = datetime.fromisoformat(at).replace(tzinfo=TOKYO)
    assert first_morning(instant) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        ("2027-01-18T22:00", "2027-01-19T09:00"),
        ("2027-01-19T08:59", "2027-01-19T09:00"),
        ("2027-01-19T14:00", "2027-01-19T14:00"),
        ("2027-01-19T20:00", "2027-01-20T09:00"),
        ("2027-01-21T03:00", "2027-01-21T09:00"),
    ],
)
def test_who_lets_it_begin_hears_when_the_first_are_asked(now, begins):
    instant = datetime.fromisoformat(now).replace(tzinfo=TOKYO)
    asked = asked_from(max(date(2027, 1, 19), instant.date()), instant)
    assert asked == datetime.fromisoformat(begins).replace(tzinfo=TOKYO)


@given(st.integers(0, 60 * 24 * 400))
def test_nobody_is_asked_within_six_hours_nor_left_for_more_than_a_day_and_a_half(minutes):
    at = NIGHT + timedelta(minutes=minutes)
    asked = datetime.combine(first_morning(at), datetime.min.time(), TOKYO) + timedelta(hours=9)
    assert timedelta(hours=6) <= asked - at <= timedelta(hours=30)


def test_the_same_told_again_later_counts_and_is_nothing_to_look_at():
    first = Bulletin("a", Hazard.EARTHQUAKE, NIGHT, NIGHT, "api", areas={"13112": "5強"})
    event = take(None, first)
    assert event is not None
    again = take(event, replace(first, told_at=NIGHT + timedelta(hours=2)))
    assert again is not None
    assert (again.version, again.bulletin.told_at) == (1, NIGHT + timedelta(hours=2))
    late = replace(first, told_at=NIGHT + timedelta(hours=1), areas={"17204": "7"})
    assert take(again, late) is None


def test_an_event_stays_the_hazard_that_it_is():
    event = take(None, Bulletin("a", Hazard.EARTHQUAKE, NIGHT, NIGHT, "hand", areas={"13112": "5強"}))
    with pytest.raises(OtherHazardError, match="a is known as earthquake, not wind"):
        take(event, Bulletin("a", Hazard.WIND, NIGHT, NIGHT + timedelta(hours=1), "hand", areas={"13112": "40"}))


def test_what_the_staff_set_aside_stays_so_until_it_is_something_else():
    first = Bulletin("jma-1", Hazard.EARTHQUAKE, NIGHT, NIGHT, "jma", areas={"13112": "5強"})
    event = take(None, first)
    assert event is not None
    aside = Event(event.bulletin, State.SET_ASIDE)
    same = Bulletin("jma-1", Hazard.EARTHQUAKE, NIGHT, NIGHT + timedelta(hours=1), "jma", areas={"13112": "5強"})
    wider = Bulletin("jma-1", Hazard.EARTHQUAKE, NIGHT, NIGHT + timedelta(hours=1), "jma", areas={"17204": "6弱"})
    assert [take(aside, one).undecided for one in (same, wider)] == [False, True]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("code", "five"),
    [("1311200", "13112"), ("131121", "13112"), ("13112", "13112"), ("0110000", "01100"), ("011002", "01100")],
)
def test_a_municipality_is_the_same_in_every_form(code, five):
    assert five_digits(code) == five


@pytest.mark.parametrize("code", ["131122", "48101", "00000", "13000", "1311", "１３１１２", "", "13112000", "abcde"])
def test_what_is_no_municipality_is_refused(code):
    with pytest.raises(ValueError, match=r"municipality code|check digit"):
        five_digits(code)


@pytest.mark.parametrize(
    ("ward", "city"),
    [("14101", "14100"), ("14131", "14130"), ("14151", "14150"), ("13112", "13100"), ("27141", "27140"), ("14201", "")],
)
def test_a_ward_is_part_of_its_city(ward, city):
    assert city_of(ward) == city


def test_wards_and_cities_know_each_other():
    """Earthquakes are told by ward; a house may be known by its city alone, and other things are told by city."""
    assert "14100" in kin_of("14101")
    assert {"14101", "14118"} <= set(kin_of("14100"))
    assert "14131" not in kin_of("14100")
    assert level_at("14100", {"14103": "6弱", "14101": "5強"}) == "6弱"
    assert level_at("14101", {"14100": "30"}) == "30"
    assert level_at("14201", {"14100": "30"}) is None


def test_the_check_digits_of_known_cities():
    """札幌市, 千代田区, 横浜市, 浜松市."""
    known = ("011002", "131016", "141003", "221309")
    assert [code[:5] + check_digit(code[:5]) for code in known] == list(known)
