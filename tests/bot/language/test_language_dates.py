"""A hundred and forty ways to name a day, and the calendar rules behind them."""

import csv
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import jpholiday
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.dates import japan
from bot.language.dates.mentions import mentions
from bot.language.dates.resolve import resolve
from bot.language.dates.span import Look, Span
from bot.language.text.normal import normalise
from bot.language.times import hour_of

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=ZoneInfo("Asia/Tokyo"))  # a Saturday before a Monday holiday
LOOKS = {"past": Look.BACK, "future": Look.AHEAD, "any": Look.NEAR}
TABLE = Path(__file__).with_name("date_expressions.csv")

# Rows where the policy for labels says something else than the table, or the table asks for what a date is not.
OTHERWISE = {
    "21": "the direction decides; without one the nearer day is taken",
    "45": "a year is no precision of the policy",
    "85": "a month is its first to its last day, whatever deadline is meant",
    "94": "a year is no precision of the policy",
    "97": "a year is no precision of the policy",
    "98": "a year is no precision of the policy",
    "99": "a year is no precision of the policy",
    "100": "a year is no precision of the policy",
    "101": "a season is no precision of the policy",
    "102": "a season is no precision of the policy",
    "103": "a season is no precision of the policy",
    "105": "a season is no precision of the policy",
    "106": "a season is no precision of the policy",
}


def rows(*categories: str) -> list[dict[str, str]]:
    """The table's rows of these categories; of all when none is named."""
    with TABLE.open(encoding="utf-8") as lines:
        return [row for row in csv.DictReader(lines) if not categories or row["category"] in categories]


def spellings(row: dict[str, str]) -> list[str]:
    """The spellings a row gives, apart from the slashes that belong to a date."""
    if row["category"] in ("rel", "week", "month", "vague", "noise", "en") or row["id"] in ("26", "30"):
        return [part.strip() for part in row["expression"].split("/")]
    return [row["expression"]]


def days(text: str, look: Look) -> list[tuple[Span | None, str]]:
    """Every day a text names, with its doubt."""
    plain = normalise(text)
    found, last = [], None
    for mention in mentions(plain):
        resolved = resolve(mention.when, NOW, look, last)
        last = resolved.span
        found.append((resolved.span, resolved.span.doubt if resolved.span else resolved.doubt))
    return found


CASES = [
    pytest.param(row, spelling, id=f"{row['id']}-{spelling}")
    for row in rows("abs", "era", "rel", "week", "month", "noise", "en", "vague", "age")
    if row["id"] not in OTHERWISE
    for spelling in spellings(row)
]


@pytest.mark.parametrize(("row", "spelling"), CASES)
def test_every_row_of_the_table_is_read_as_it_says(row: dict[str, str], spelling: str) -> None:
    """Points, ranges and months come out day for day; what is ambiguous, in conflict or impossible is in doubt."""
    found = days(spelling, LOOKS[row["tense_context"]])
    kind = row["kind"]
    if kind in ("vague", "unknown", "any", "filter", "anchor") or (kind == "range" and not row["from"]):
        assert all(span is None for span, _ in found)
        return
    if kind == "multi":
        assert [span.first.isoformat() for span, _ in found if span] == [row["from"], row["to"]]
        return
    assert found
    span, doubt = found[-1]
    if kind in ("ambiguous", "conflict", "invalid"):
        assert doubt
        assert span is None or span.first.isoformat() in (row["from"], row["to"])
        return
    assert span is not None
    if kind == "deadline":
        assert span.last.isoformat() == row["to"]
    elif row["id"] == "142":
        assert span.first.day == 5
    else:
        assert (span.first.isoformat(), span.last.isoformat()) == (row["from"], row["to"])


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("13時半", "13:30"),
        ("13:30", "13:30"),
        ("午後1時半", "13:30"),
        ("１３：３０", "13:30"),
        ("正午", "12:00"),
        ("お昼の12時", "12:00"),
        ("17時以降", "17:00"),
        ("3時", "15:00"),
        ("10時から", "10:00"),
        ("2pm", "14:00"),
        ("25時", None),
        ("夕方", None),
        ("2時間", None),
    ],
)
def test_an_hour_is_read_as_people_mean_it_of_a_visit(text: str, hour: str | None) -> None:
    """Three o'clock is in the afternoon; a part of the day is no hour; an hour past midnight is none of a visit."""
    found = hour_of(normalise(text))
    assert (found.strftime("%H:%M") if found else None) == hour


@pytest.mark.parametrize(
    "text", ["03-1234-5678", "山田町1-11-3", "11.3万円", "11.3㎡", "1/50", "10日間", "3日かかる", "5年点検", "四日市"]
)
def test_figures_that_are_no_date_name_no_day(text: str) -> None:
    """Telephone numbers, addresses, prices, areas, lengths of time and names of checks are left alone."""
    assert all(span is None for span, _ in days(text, Look.NEAR))


def test_the_31st_is_looked_for_in_a_month_that_has_one() -> None:
    """Looking ahead from November the next 31st is in December, and no 31st of November is made up."""
    assert days("31日", Look.AHEAD)[0][0] == Span(date(2026, 12, 31), date(2026, 12, 31))


@given(st.integers(1987, 2090))
def test_national_holidays_agree_with_a_second_source(year: int) -> None:
    """Two libraries that compute Japan's holidays name the same days of every year."""
    assert set(japan.holidays_of(year)) == {day for day, _ in jpholiday.year_holidays(year)}


@given(
    st.dates(date(1990, 1, 1), date(2080, 12, 31)),
    st.sampled_from(["15日", "土曜", "7/15", "上旬", "第2土曜", "文化の日", "月末", "週末"]),
)
def test_what_looks_back_is_never_ahead_and_the_other_way_round(today: date, text: str) -> None:
    """A day that comes round has begun by today when it looks back, and is not over when it looks ahead."""
    now = datetime(today.year, today.month, today.day, 9, tzinfo=ZoneInfo("Asia/Tokyo"))
    (mention,) = mentions(normalise(text))
    back, ahead = resolve(mention.when, now, Look.BACK).span, resolve(mention.when, now, Look.AHEAD).span
    assert back is not None
    assert ahead is not None
    assert back.first <= today <= ahead.last


@given(st.dates(date(1990, 1, 1), date(2080, 12, 31)), st.integers(0, 6))
def test_weeks_run_from_monday_to_sunday(today: date, weekday: int) -> None:
    """Next week's n-th day lies in the seven days that begin on the coming Monday."""
    now = datetime(today.year, today.month, today.day, 9, tzinfo=ZoneInfo("Asia/Tokyo"))
    (mention,) = mentions(normalise(f"来週の{'月火水木金土日'[weekday]}曜日"))
    found = resolve(mention.when, now, Look.AHEAD).span
    monday = today + timedelta(days=7 - today.weekday())
    assert found is not None
    assert found.first == monday + timedelta(days=weekday)


def test_today_is_tokyos() -> None:
    """Half an hour after midnight in Tokyo, yesterday is the day before, though it is still that day in London."""
    now = datetime(2027, 3, 1, 0, 30, tzinfo=ZoneInfo("Asia/Tokyo"))
    (mention,) = mentions("昨日")
    found = resolve(mention.when, now, Look.BACK).span
    assert found is not None
    assert found.first == date(2027, 2, 28)
