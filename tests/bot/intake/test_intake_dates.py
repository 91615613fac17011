"""Dates of builders are understood where they can mean one day only."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.eras import ERAS
from bot.intake.dates import OLDEST, from_serial, read_date, read_month, serial_day

DAYS = st.dates(min_value=OLDEST, max_value=date(2173, 10, 13))
FULL_WIDTH = str.maketrans("0123456789/.-", "０１２３４５６７８９／．－")


@given(DAYS)
def test_every_iso_date_is_standard(day):
    """YYYY-MM-DD is taken as it is, and nothing is reported."""
    read = read_date(day.isoformat())
    assert (read.day, read.reason) == (day, "")


@given(DAYS, st.sampled_from(["{y}/{m}/{d}", "{y}年{m}月{d}日", "{y}/{m:02}/{d:02}", "{y}.{m}.{d}"]), st.booleans())
def test_year_first_forms_are_put_in_standard_form(day, form, wide):
    """Four-digit years in front leave no doubt, with slashes or 年月日, in either width."""
    text = form.format(y=day.year, m=day.month, d=day.day)
    read = read_date(text.translate(FULL_WIDTH) if wide else text)
    assert (read.day, read.reason) == (day, "date_form")


@given(DAYS)
def test_full_width_iso_dates_are_put_in_standard_form(day):
    """The same date in full-width digits is the same date, and reported."""
    read = read_date(day.isoformat().translate(FULL_WIDTH))
    assert (read.day, read.reason) == (day, "date_form")


@given(
    DAYS.filter(lambda day: day >= ERAS[-1].since),
    st.sampled_from(["{e}{y}年{m}月{d}日", "{e}{y}.{m}.{d}"]),
    st.data(),
)
def test_every_day_is_found_again_in_its_era(day, form, data):
    """An era date written by the calendar of its time means that day, under each name of the era."""
    era = next(era for era in ERAS if era.since <= day)
    year = day.year - era.since.year + 1
    name = data.draw(st.sampled_from(era.names))
    read = read_date(form.format(e=name, y="元" if year == 1 else year, m=day.month, d=day.day))
    assert (read.day, read.reason) == (day, "date_form")


@given(DAYS)
def test_serial_numbers_of_both_systems_mean_the_same_day(day):
    """The 1904 system counts 1,462 days less."""
    serial = (day - date(1899, 12, 30)).days
    assert serial_day(serial) == day or serial < 61
    if serial > 61:
        assert serial_day(serial - 1462, from_1904=True) == day or day < date(1904, 1, 1)


@given(st.text())
def test_any_text_gives_a_day_or_a_reason(text):
    """Nothing crashes, and what is no date is refused with a reason."""
    read = read_date(text)
    assert read.day is not None or read.reason
    month, reason = read_month(text)
    assert month is not None or reason


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("令和8年4月1日", date(2026, 4, 1)),
        ("R8.4.1", date(2026, 4, 1)),
        ("Ｒ８．４．１", date(2026, 4, 1)),
        ("r08/04/01", date(2026, 4, 1)),
        ("H30/6/10", date(2018, 6, 10)),
        ("㋿8年4月1日", date(2026, 4, 1)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("R元.5.1", date(2019, 5, 1)),
        ("昭和64年1月7日", date(1989, 1, 7)),
        ("2026年 4月 1日", date(2026, 4, 1)),
        ("2026/ 4/ 1", date(2026, 4, 1)),
        ("46113", date(2026, 4, 1)),
        ("46113.75", date(2026, 4, 1)),
    ],
)
def test_forms_named_in_the_format_are_understood(text, day):
    """These are what builders write."""
    assert read_date(text).day == day
    assert read_date(text).reason == "date_form"


@pytest.mark.parametrize(
    ("text", "day"),
    [("平成31年5月1日", date(2019, 5, 1)), ("H38.11.3", date(2026, 11, 3)), ("昭和99年1月1日", date(2024, 1, 1))],
)
def test_a_date_after_its_era_ended_is_kept_with_a_warning(text, day):
    """Plans printed before a succession carry such dates."""
    assert (read_date(text).day, read_date(text).reason) == (day, "era_ended")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("23/4/1", "date_ambiguous"),
        ("04/01/2023", "date_ambiguous"),
        ("２３／４／１", "date_ambiguous"),
        ("8年4月1日", "date_ambiguous"),
        ("令和0年4月1日", "date_impossible"),
        ("R0.4.1", "date_impossible"),
        ("2026-02-29", "date_impossible"),
        ("2026/13/1", "date_impossible"),
        ("0000-01-01", "date_impossible"),
        ("0026-04-01", "date_impossible"),
        ("令和元年4月30日", "date_before_era"),
        ("平成元年1月7日", "date_before_era"),
        ("2026", "date_unreadable"),
        ("20260401", "date_unreadable"),
        ("2026年4月", "date_unreadable"),
        ("2026/4/1 1", "date_unreadable"),
        ("2026/4-1", "date_unreadable"),
        ("-46113", "date_unreadable"),
        ("٢٠٢٦-٠٤-٠١", "date_unreadable"),
        ("たぶん春", "date_unreadable"),
    ],
)
def test_what_is_impossible_or_has_two_readings_is_refused(text, reason):
    """Nothing is guessed."""
    read = read_date(text)
    assert (read.day, read.reason) == (None, reason)


@given(st.one_of(st.floats(), st.integers(-(10**12), 10**12)), st.booleans())
def test_any_number_gives_a_day_or_none(serial, from_1904):
    """Serial numbers of broken sheets crash nothing, and years are not taken for serials."""
    read = from_serial(serial, from_1904)
    assert (read.day is None) == (read.reason == "date_unreadable")
    day = serial_day(serial, from_1904)
    assert day is None or day >= OLDEST


def test_the_day_that_never_was_is_no_date():
    """29 February 1900 exists only in spreadsheets."""
    assert serial_day(60) is None
    assert serial_day(61) == date(1900, 3, 1)
    assert serial_day(0, from_1904=True) == date(1904, 1, 1)


@given(st.dates(min_value=OLDEST) | st.just(date(2026, 4, 1)))
def test_a_month_is_standard_or_put_in_standard_form(day):
    """YYYY-MM, 2051/4 and 2051年4月 are the same month."""
    standard = day.isoformat()[:7]
    assert read_month(standard) == (standard, "")
    for form in (f"{day.year:04}/{day.month}", f"{day.year:04}年{day.month}月"):
        assert read_month(form) == (standard, "month_form")


@pytest.mark.parametrize("text", ["51/4", "2051-13", "2051-00", "2051", "2051-04-15", "4/2051", "205104"])
def test_what_is_no_month_is_refused(text):
    """A month in doubt is no month."""
    assert read_month(text) == (None, "month_unreadable")


def test_era_months_are_understood():
    """令和 as well as 平成, the latter with a warning once it is over."""
    assert read_month("令和33年4月") == ("2051-04", "month_form")
    assert read_month("平成63年4月") == ("2051-04", "era_ended")


@given(st.sampled_from(ERAS), st.integers(1, 400))
def test_no_date_lies_before_its_own_era(era, days):
    """The day before an era began cannot be written in it."""
    day = era.since - timedelta(days=days)
    year = day.year - era.since.year + 1
    text = f"{era.names[0]}{year}年{day.month}月{day.day}日"
    assert read_date(text).day is None
