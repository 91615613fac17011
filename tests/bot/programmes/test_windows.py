"""The days that a programme's text fixes: ends of months, leap years, fiscal years."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.programmes import windows

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
NEXT = timedelta(days=1)


@pytest.mark.parametrize(
    ("applied", "fixed"),
    [
        ((2026, 1, 1), (2026, 3, 31)),
        ((2026, 1, 31), (2026, 3, 31)),
        ((2026, 2, 1), (2026, 4, 30)),
        ((2026, 12, 31), (2027, 2, 28)),
        ((2027, 12, 1), (2028, 2, 29)),
        ((2026, 11, 30), (2027, 1, 31)),
    ],
)
def test_a_rate_is_fixed_at_the_end_of_the_second_month_after(applied, fixed):
    assert windows.rate_fixed_on(date(*applied)) == date(*fixed)


@given(DAYS)
def test_the_day_of_a_rate_is_a_last_day_two_months_on(applied: date):
    fixed = windows.rate_fixed_on(applied)
    assert (fixed + NEXT).day == 1
    assert (fixed.year * 12 + fixed.month) - (applied.year * 12 + applied.month) == 2


@pytest.mark.parametrize(
    ("years", "last", "on"), [(15, 180, (2041, 3, 30)), (10, 120, (2036, 3, 30)), (5, 60, (2031, 3, 30))]
)
def test_a_reduction_ends_with_the_last_payment_of_its_years(years, last, on):
    span = windows.reduction_span(date(2026, 4, 30), years)
    assert (span.first_payment, span.last_payment, span.first_on) == (1, last, date(2026, 4, 30))
    assert span.last_on == date(*on)


def test_a_payment_on_the_31st_falls_on_the_last_day_of_a_short_month():
    assert windows.payment_on(date(2027, 8, 31), 7) == date(2028, 2, 29)
    assert windows.reduction_span(date(2027, 3, 31), 5).last_on == date(2032, 2, 29)
    with pytest.raises(ValueError, match="from 1"):
        windows.payment_on(date(2027, 8, 31), 0)
    with pytest.raises(ValueError, match="one year"):
        windows.reduction_span(date(2027, 8, 31), 0)


def test_ten_years_from_a_contract_have_passed_with_the_day_of_the_same_date():
    assert windows.restriction_ends_on(date(2026, 4, 15)) == date(2036, 4, 15)
    assert windows.prepayment_free_from(date(2026, 4, 15)) == date(2036, 4, 16)
    assert windows.restriction_ends_on(date(2028, 2, 29)) == date(2038, 2, 28)
    assert windows.prepayment_free_from(date(2026, 12, 31)) == date(2037, 1, 1)


def test_years_from_the_last_day_of_february_pass_with_the_last_day_of_february():
    """「2月29日に返したら違約金がかかりました」: they begin on 1 March, and end on the day before one."""
    assert windows.restriction_ends_on(date(2022, 2, 28)) == date(2032, 2, 29)
    assert windows.prepayment_free_from(date(2022, 2, 28)) == date(2032, 3, 1)
    assert windows.restriction_ends_on(date(2022, 2, 27)) == date(2032, 2, 27)
    assert windows.restriction_ends_on(date(2022, 3, 1)) == date(2032, 3, 1)
    assert windows.new_application_from(date(2027, 2, 28)) == date(2028, 3, 1)
    assert windows.rate_reviewed_on(date(2029, 2, 28)) == date(2044, 2, 29)


def test_one_can_apply_again_on_the_day_after_a_year_has_passed():
    assert windows.no_new_application_until(date(2026, 6, 1)) == date(2027, 6, 1)
    assert windows.new_application_from(date(2026, 6, 1)) == date(2027, 6, 2)
    assert windows.new_application_from(date(2028, 2, 29)) == date(2029, 3, 1)


@given(DAYS)
def test_a_fiscal_year_begins_in_april_and_land_counts_from_two_before(applied: date):
    year = windows.fiscal_year(applied)
    assert date(year, 4, 1) <= applied < date(year + 1, 4, 1)
    assert windows.land_from(applied) == date(year - 2, 4, 1)


def test_land_at_the_turn_of_a_fiscal_year():
    assert windows.land_from(date(2026, 3, 31)) == date(2023, 4, 1)
    assert windows.land_from(date(2026, 4, 1)) == date(2024, 4, 1)


def test_reviews_follow_the_periods_that_were_taken_within_the_term():
    signed = date(2026, 4, 1)
    assert windows.rate_reviews(signed, 35) == [date(2041, 4, 1)]
    assert windows.rate_reviews(signed, 35, (15, 15)) == [date(2041, 4, 1), date(2056, 4, 1)]
    assert windows.rate_reviews(signed, 35, (15, 35)) == [date(2041, 4, 1)]
    assert windows.rate_reviews(signed, 15) == []
    assert windows.rate_reviews(signed, 16) == [date(2041, 4, 1)]
    with pytest.raises(ValueError, match="one year"):
        windows.rate_reviews(signed, 35, (0,))


def test_the_days_of_a_residual_value_loan():
    assert windows.residual_from(date(2050, 7, 19)) == date(2050, 7, 1)
    assert windows.interest_only_from(date(2028, 2, 29)) == date(2078, 3, 1)  # as a person of that day is fifty
    assert windows.interest_only_from(date(2022, 2, 28)) == date(2072, 2, 28)
    assert windows.closing_told_by(date(2017, 3, 31)) == date(2017, 3, 10)
