"""The days that a programme's text fixes, worked out from the days of one loan. Civil dates in Tokyo, all pure.

A term of years begins on the day after the day that it is counted from, and passes with the day before the one of the
same date as its beginning (民法140条, 143条; ``term_ends_on``): ten years from a contract of 29 February 2028 have
passed with 28 February 2038, and from one of 28 February 2022 with 29 February 2032. "Until" includes that day, so what
is barred until then is free on the next. How old a house is, is counted as of a person (``years_old_on``).

The numbers here are those that the leaflets print so far; a rule hands over those of its own edition.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from bot.core.days import add_months, days_after, term_ends_on, years_old_on

RESTRICTION_YEARS = 10
REVIEW_YEARS = 15
BAR_YEARS = 1
INTEREST_ONLY_YEARS = 50
NOTICE_WEEKS = 3  # "about three weeks before": about, so the day is a guide
MONTHS_UNTIL_RATE = 2
LAND_YEARS = 2
APRIL = 4


@dataclass(frozen=True, slots=True)
class Span:
    """Payments of a loan, counted from 1, both ends included, and the days on which the two fall due."""

    first_payment: int
    last_payment: int
    first_on: date
    last_on: date


def month_end(day: date) -> date:
    """The last day of the month that ``day`` lies in."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def rate_fixed_on(applied_on: date, months: int = MONTHS_UNTIL_RATE) -> date:
    """The end of the second month, or so many months, after the month in which the application was taken.

    Source: 機構すまい・る賃貸ローン（令和8年1月）「技術基準以外の融資条件の概要」5 融資金利.
    """
    return month_end(add_months(applied_on.replace(day=1), months))


def payment_on(first_payment_on: date, number: int) -> date:
    """The day of a monthly payment, counted from 1. Raises ValueError for a number below 1."""
    if number < 1:
        raise ValueError("payments are counted from 1")
    return add_months(first_payment_on, number - 1)


def reduction_span(first_payment_on: date, years: int) -> Span:
    """The payments of the first ``years`` years (当初15年間, 10年間, 5年間): 180, 120, 60 of them.

    The worked examples of the leaflets change the payment with the sixteenth, eleventh and sixth year of payments.
    Raises ValueError for less than one year.
    """
    if years < 1:
        raise ValueError("a reduction lasts at least one year")
    last = years * 12
    return Span(1, last, first_payment_on, payment_on(first_payment_on, last))


def restriction_ends_on(contracted_on: date, years: int = RESTRICTION_YEARS) -> date:
    """The last day on which a prepayment costs the charge: ten years from the contract have passed with it.

    Source: 機構すまい・る賃貸ローン（令和8年1月）「繰上返済制限制度」.
    """
    return term_ends_on(contracted_on, years)


def prepayment_free_from(contracted_on: date) -> date:
    """The first day on which a prepayment costs no charge."""
    return days_after(restriction_ends_on(contracted_on), 1)


def rate_reviewed_on(contracted_on: date, years: int = REVIEW_YEARS) -> date:
    """When the fixed rate is looked at anew: the day with which that many years after the contract have passed.

    By which day the owner may choose another rate is not printed (所定の期限): no function here answers that.
    Source: 機構すまい・る賃貸ローン（令和8年1月）「15年固定金利を利用した場合」.
    """
    return term_ends_on(contracted_on, years)


def rate_reviews(contracted_on: date, term_years: int, fixed_years: tuple[int, ...] = (REVIEW_YEARS,)) -> list[date]:
    """The reviews within a term: after the first fixed period, then after each that was taken at a review.

    A later period is known only once it was taken; without it the list ends with the review that is still open.
    Raises ValueError for a period of less than one year.
    """
    found, passed = [], 0
    for years in fixed_years:
        if years < 1:
            raise ValueError("a rate is fixed for at least one year")
        passed += years
        if passed < term_years:
            found.append(rate_reviewed_on(contracted_on, passed))
    return found


def no_new_application_until(applied_on: date, years: int = BAR_YEARS) -> date:
    """The last day on which, as a rule, one cannot withdraw and apply again: one year from the application.

    Source: 機構すまい・る賃貸ローン（令和8年1月）「手続の流れ」*1.
    """
    return term_ends_on(applied_on, years)


def new_application_from(applied_on: date, years: int = BAR_YEARS) -> date:
    """The first day on which one can apply again."""
    return days_after(no_new_application_until(applied_on, years), 1)


def fiscal_year(day: date) -> int:
    """The Japanese fiscal year, which begins on 1 April."""
    return day.year if day.month >= APRIL else day.year - 1


def land_from(applied_on: date, years: int = LAND_YEARS, month: int = APRIL, day: int = 1) -> date:
    """From which day on land must have been acquired to be financed: 1 April two fiscal years before the application's.

    Source: 機構すまい・る賃貸ローン（令和8年1月）「2. 融資額」*1.
    """
    return date(fiscal_year(applied_on) - years, month, day)


def residual_from(residual_month: date) -> date:
    """From which day on the two options of a residual-value loan are open: the first of the residual month.

    Source: 残価設定型住宅ローン（令和5年度 様式6）「残価設定月以降いつでも」.
    """
    return residual_month.replace(day=1)


def interest_only_from(completed_on: date, years: int = INTEREST_ONLY_YEARS) -> date:
    """From which day on only interest is paid: the first on which the house is fifty years old.

    How they are counted is not printed: as a person's age, so from the day of the same date, and from 1 March of a
    house of 29 February, where the year has no such day.
    Source: 残価設定型住宅ローン（令和5年度 様式6）「家が完成してから50年たったところから」.
    """
    return years_old_on(completed_on, years)


def closing_told_by(closes_on: date, weeks: int = NOTICE_WEEKS) -> date:
    """About when an early end of applications is told at the latest: three weeks before it. A guide, not a limit.

    Source: 【フラット35】リノベ（平成28年10月）※ 予算金額.
    """
    return days_after(closes_on, -7 * weeks)
