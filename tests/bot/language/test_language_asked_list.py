"""A company asks what it has to do: which days that means."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.asked_list import DAYS_ON, WEEKS_ON, Period, asked_list, span_of


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("今月の予定は？", Period.MONTH),
        ("来週の訪問一覧を見せてください", Period.NEXT_WEEK),
        ("いまの案件", Period.NOW),
        ("今日の予定", Period.TODAY),
        ("明日の予定を変更してください", None),
        ("来月の10日に伺う予定です", None),
    ],
)
def test_what_is_asked_for(text: str, period: Period | None):
    assert asked_list(text) is period


@given(st.dates(date(2026, 1, 1), date(2080, 12, 31)), st.sampled_from(Period))
def test_a_period_is_whole(today: date, period: Period):
    first, last = span_of(period, today)
    days = (last - first).days + 1
    if period in DAYS_ON:
        assert days == 1
    elif period in WEEKS_ON:
        assert (days, first.weekday()) == (7, 0)
    else:
        assert (first.day, (last + timedelta(days=1)).day) == (1, 1)
        assert 28 <= days <= 31


@given(st.dates(date(2026, 1, 1), date(2080, 12, 31)))
def test_periods_follow_one_another(today: date):
    for one, other in ((Period.WEEK, Period.NEXT_WEEK), (Period.MONTH, Period.NEXT_MONTH)):
        assert span_of(one, today)[0] <= today <= span_of(one, today)[1]
        assert span_of(other, today)[0] - span_of(one, today)[1] == timedelta(days=1)
