"""The Japanese eras on paper."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import eras
from bot.core.days import TOKYO
from bot.core.eras import ERAS, Era, era_of
from bot.core.meaning import Context
from bot.intake.dates import read_date
from bot.language.understand import understand
from templates.eras import day_in_era


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2026, 11, 21), "令和8年（2026年）11月21日"),
        (date(2019, 5, 1), "令和元年（2019年）5月1日"),
        (date(2019, 12, 31), "令和元年（2019年）12月31日"),
        (date(2020, 1, 1), "令和2年（2020年）1月1日"),
        (date(2019, 4, 30), "平成31年（2019年）4月30日"),
        (date(1989, 1, 7), "昭和64年（1989年）1月7日"),
        (date(1926, 12, 25), "昭和元年（1926年）12月25日"),
        (date(1900, 1, 1), "1900年1月1日"),
    ],
)
def test_a_day_is_written_in_its_era(day, written):
    """The first year of an era is 元年, an era begins on its day, and what lies before the table is western."""
    assert day_in_era(day) == written


def test_a_new_era_is_one_line(monkeypatch: pytest.MonkeyPatch):
    """With one more line in the table, days from then on are counted in it, and those before stay as they were."""
    monkeypatch.setattr(eras, "ERAS", (Era("安永", "A", date(2040, 3, 1)), *ERAS))
    assert day_in_era(date(2040, 3, 1)) == "安永元年（2040年）3月1日"
    assert day_in_era(date(2041, 1, 1)) == "安永2年（2041年）1月1日"
    assert day_in_era(date(2040, 2, 29)) == "令和22年（2040年）2月29日"


@pytest.mark.parametrize("written", ["安永2年5月1日", "安永２年５月１日", "A2.5.1", "ａ２．５．１", "安2.5.1"])
def test_a_new_era_is_read_as_well(monkeypatch: pytest.MonkeyPatch, written: str):
    """The same line serves builders' files and what people write; before it they read nothing in it."""
    assert read_date(written).day is None
    monkeypatch.setattr(eras, "ERAS", (Era("安永", "A", date(2040, 3, 1)), *ERAS))
    assert read_date(written).day == date(2041, 5, 1)
    assert read_date("令和23年5月1日").reason == "era_ended"
    said = understand(f"{written}に点検しました", datetime(2041, 5, 6, 10, tzinfo=TOKYO), "servicer", Context.NONE)
    assert said.date == date(2041, 5, 1)


@given(st.dates(min_value=date(1912, 7, 31)))
def test_every_day_lies_in_the_era_that_began_last(day):
    """The day before an era's first lies in another era; the table is in order, newest first."""
    era = era_of(day)
    assert era is not None
    assert era.since <= day
    assert era_of(era.since - timedelta(days=1)) != era
    assert list(ERAS) == sorted(ERAS, key=lambda era: era.since, reverse=True)
