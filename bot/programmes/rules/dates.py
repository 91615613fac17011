"""Rules whose answer is a day, or that ask whether a day lies within a window. The days come from ``windows``."""

from datetime import date
from typing import Any

from bot.core.days import add_months
from bot.programmes import windows
from bot.programmes.given import BadInput, Given
from bot.programmes.rules.finding import OUTSIDE, TO_CONFIRM, WITHIN, Finding, verdict


def _in_order(values: Given, first: str, second: str) -> tuple[date, date]:
    """Both days. Raises BadInput where the second lies before the first."""
    one, other = values[first], values[second]
    if other < one:
        raise BadInput(f"{second} cannot lie before {first}")
    return one, other


def rate_fixed_on(values: Given, limit: Any) -> Finding:
    """The end of the month that comes so many months after that of the application."""
    return Finding(windows.rate_fixed_on(values["applied_on"], limit["months"]))


def rate_of_day(values: Given, limit: Any) -> Finding:
    """Where the rate of one day holds for the whole term: that day."""
    return Finding(values[limit["day_of"]])


def last_reduced_payment(values: Given, limit: Any) -> Finding:
    """The number of the last payment with the reduction: years times twelve."""
    return Finding(_years(values, limit) * 12)


def _years(values: Given, limit: Any) -> int:
    of_plan = limit[values["plan"]] if "plan" in values else limit
    return int(of_plan["years"])


def reduction_ends_on(values: Given, limit: Any) -> Finding:
    """The day of the last payment with the reduction."""
    span = windows.reduction_span(values["first_payment_on"], _years(values, limit))
    return Finding(span.last_on, facts={"last_payment": (span.last_payment, "payment")})


def reduced_payment(values: Given, limit: Any) -> Finding:
    """Whether a payment, counted from 1, still has the reduction."""
    last = _years(values, limit) * 12
    return verdict(values["payment"] <= last, last_payment=(last, "payment"))


def restriction_ends_on(values: Given, limit: Any) -> Finding:
    """The last day on which a prepayment costs the charge."""
    return Finding(windows.restriction_ends_on(values["contracted_on"], limit["years"]))


def prepayment_free(values: Given, limit: Any) -> Finding:
    """Whether a prepayment on that day costs no charge."""
    contracted, prepaid = _in_order(values, "contracted_on", "prepaid_on")
    ends = windows.restriction_ends_on(contracted, limit["years"])
    return verdict(prepaid > ends or not values["restricted"], ends_on=(ends, ""))


def prepayment_charge(values: Given, limit: Any) -> Finding:
    """Yen: so many percent of what is prepaid within the restriction, 0 after it or without one.

    What becomes of a fraction of a yen is not printed; it is dropped, as in the payments of the leaflets.
    """
    free = prepayment_free(values, limit).out != OUTSIDE
    charge = 0 if free else values["amount_yen"] * limit["charge_pct"] // 100
    ends = windows.restriction_ends_on(values["contracted_on"], limit["years"])
    return Finding(charge, case="free" if free else "", facts={"ends_on": (ends, "")})


def rate_reviewed_on(values: Given, limit: Any) -> Finding:
    """When the rate is looked at anew; a term that is over by then has no review."""
    term = values["term_years"]
    if term is not None and term <= limit["years"]:
        return Finding(OUTSIDE)
    return Finding(windows.rate_reviewed_on(values["contracted_on"], limit["years"]))


def next_review_on(values: Given, limit: Any) -> Finding:
    """When the rate is looked at for the second time; no review lies at the end of the term or after it."""
    years = limit["years"] + int(values["reviewed_to"])
    if values["term_years"] <= years:
        return Finding(OUTSIDE)
    return Finding(windows.rate_reviewed_on(values["contracted_on"], years))


def review_default(values: Given, limit: Any) -> Finding:
    """The lowest of the rates without the restriction; of equal rates that with the longest period."""
    return Finding("fixed_15" if values["free_rate_15_pct"] < values["free_rate_35_pct"] else "fixed_35")


def new_application_from(values: Given, limit: Any) -> Finding:
    """The first day on which one can apply again."""
    return Finding(windows.new_application_from(values["applied_on"], limit["years"]))


def new_application(values: Given, limit: Any) -> Finding:
    """Whether one can apply again on that day."""
    applied, again = _in_order(values, "applied_on", "again_on")
    first = windows.new_application_from(applied, limit["years"])
    return verdict(again >= first, first=(first, ""))


def _land_from(values: Given, limit: Any) -> date:
    return windows.land_from(values["applied_on"], limit["fiscal_years_before"], limit["month"], limit["day"])


def land_from(values: Given, limit: Any) -> Finding:
    """From which day on land must have been acquired."""
    return Finding(_land_from(values, limit))


def land_acquired(values: Given, limit: Any) -> Finding:
    """Whether land acquired on that day, or to be acquired, is financed."""
    first = _land_from(values, limit)
    if values.get("reduced") is False:
        return Finding(OUTSIDE, case="no_reduction", facts={"first": (first, "")})
    return verdict(values["acquired_on"] >= first, first=(first, ""))


def land_financed(values: Given, limit: Any) -> Finding:
    """Whether land is financed: with the reduction from a day on; of the time before the text says that it may be."""
    if values["reduced"] is not limit["reduced"]:
        return Finding(OUTSIDE)
    return Finding(WITHIN if values["applied_on"] >= limit["from"] else TO_CONFIRM)


def receipt_expected(values: Given, limit: Any) -> Finding:
    """About when the money comes: so many months after the amount was settled. A guide."""
    return Finding([add_months(values["settled_on"], months) for months in limit["months"]])


def closing_told_by(values: Given, limit: Any) -> Finding:
    """About when an early end of applications is told at the latest. A guide."""
    return Finding(windows.closing_told_by(values["closes_on"], limit["weeks_before"]))


def options_from(values: Given, limit: Any) -> Finding:
    """The first day of the residual month."""
    return Finding(windows.residual_from(values["residual_month"]))


def options_open(values: Given, limit: Any) -> Finding:
    """Whether the options can be used on that day."""
    first = windows.residual_from(values["residual_month"])
    return verdict(values["on"] >= first, first=(first, ""))


def interest_only_from(values: Given, limit: Any) -> Finding:
    """From which day on only interest is paid."""
    return Finding(windows.interest_only_from(values["completed_on"], limit["years"]))


def interest_only(values: Given, limit: Any) -> Finding:
    """Whether only interest is paid on that day."""
    first = windows.interest_only_from(values["completed_on"], limit["years"])
    return verdict(values["on"] >= first, first=(first, ""))


def not_after(values: Given, limit: Any) -> Finding:
    """Whether one day lies no later than another."""
    return verdict(values[limit["day"]] <= values[limit["until"]])


def by_day(values: Given, limit: Any) -> Finding:
    """Which of two conditions holds: one before a day, the other from it on."""
    return Finding(limit["after" if values[limit["day"]] >= limit["from"] else "before"])


def to_confirm(values: Given, limit: Any) -> Finding:
    """What the text leaves open, or people alone record: no answer is computed."""
    return Finding(TO_CONFIRM)
