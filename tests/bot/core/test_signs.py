"""When the record of a company says that somebody should ask how it is, and when it does not."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.business import OFFICE
from bot.core.signs import LICENCE_DAYS, SEEN_DAYS, SHARES, Counted, Sign, Watch, judged, settled, signs, taken

TODAY, DESK = date(2027, 2, 1), "staff:desk"
amounts = st.integers(0, 40)
companies = st.builds(
    Counted,
    requests=amounts,
    late=amounts,
    visits=amounts,
    fell_through=amounts,
    declines=amounts,
    load=amounts,
    capacity=st.none() | amounts,
    licence_until=st.none() | st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    dead=st.lists(st.sampled_from(["email", "line"]), unique=True).map(tuple),
    reached=st.booleans(),
)


def codes(**counted: object) -> list[str]:
    return [sign.code for sign in signs(replace(Counted(), **counted), TODAY)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("counted", "found"),
    [
        ({}, []),
        ({"requests": 2, "late": 2}, []),  # two are too few to say anything
        ({"requests": 6, "late": 1}, []),
        ({"requests": 6, "late": 2}, ["late"]),
        ({"visits": 8, "fell_through": 1}, []),
        ({"visits": 8, "fell_through": 2}, ["fell_through"]),
        ({"declines": 1}, []),
        ({"declines": 2}, ["declines"]),
        ({"load": 4, "capacity": 4}, []),
        ({"load": 5, "capacity": 4}, ["over_capacity"]),
        ({"load": 99}, []),  # it never said how many it can do
        ({"dead": ("email",)}, ["bounced"]),
        ({"dead": ("email",), "reached": False}, ["unreachable"]),
        ({"reached": False}, []),  # it never gave an address: that is no sign of the year
        ({"licence_until": TODAY}, ["licence_soon"]),
        ({"licence_until": TODAY - timedelta(days=1)}, ["licence_over"]),
        ({"licence_until": TODAY + timedelta(days=LICENCE_DAYS)}, ["licence_soon"]),
        ({"licence_until": TODAY + timedelta(days=LICENCE_DAYS + 1)}, []),
    ],
)
def test_each_sign_at_its_threshold(counted: dict[str, object], found: list[str]):
    assert codes(**counted) == found


@given(companies, st.sampled_from(["late", "fell_through", "declines", "load"]))
def test_what_gets_worse_takes_no_sign_away(company: Counted, name: str):
    """One more late answer, decline or open visit never makes a company look better."""
    worse = replace(company, **{name: getattr(company, name) + 1})
    assert {sign.code for sign in signs(company, TODAY)} <= {sign.code for sign in signs(worse, TODAY)}


@given(companies)
def test_a_share_of_too_few_is_no_sign(company: Counted):
    found = {sign.code: sign for sign in signs(company, TODAY)}
    for code, (least, share) in SHARES.items():
        assert code not in found or (found[code].of >= least and found[code].count >= share * found[code].of)


@given(st.lists(companies, min_size=1, max_size=8), st.lists(st.sampled_from(["take", "settle", ""]), max_size=8))
def test_a_company_with_signs_always_has_a_holder_and_a_day(years: list[Counted], deeds: list[str]):
    """Whatever the staff do, month after month: who is worrying is somebody's, and looked at again on an office day."""
    watch, day = Watch(), TODAY
    for number, company in enumerate(years):
        watch, _ = judged(watch, signs(company, day), DESK, day)
        deed = deeds[number] if number < len(deeds) else ""
        if watch.next_on is not None and deed:
            watch = taken(watch, "staff:sato", day) if deed == "take" else settled(watch, DESK, day)
        assert bool(watch.signs) == (watch.next_on is not None) == bool(watch.holder)
        if watch.next_on is not None:
            assert watch.next_on > day
            assert OFFICE.is_open(watch.next_on)
        day += timedelta(days=31)


def test_what_somebody_has_looked_at_rests_and_another_sign_does_not():
    late, gone = Sign("late", 3, 6), Sign("bounced", 1)
    watch, told = judged(Watch(), (late,), DESK, TODAY)
    assert told
    watch = settled(watch, DESK, TODAY)
    again, told = judged(watch, (late,), DESK, TODAY + timedelta(days=30))
    assert (again, told) == (watch, False)
    assert judged(watch, (gone, late), DESK, TODAY + timedelta(days=30))[1]
    assert watch.next_on is not None
    assert watch.next_on >= TODAY + timedelta(days=SEEN_DAYS)
    assert judged(watch, (late,), DESK, watch.next_on)[1]
    assert judged(watch, (), DESK, TODAY + timedelta(days=30)) == (Watch(), False)
