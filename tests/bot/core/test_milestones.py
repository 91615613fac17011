"""The dates around the plan."""

from dataclasses import replace
from datetime import date

from bot.core.house import House
from bot.core.milestones import milestones, still_ahead

HOUSE = House(
    "H1", date(2024, 2, 29), date(2024, 2, 20), 50, taken_in_on=date(2027, 1, 1), residual_month=date(2049, 3, 1)
)


def test_every_date_that_a_house_also_has():
    """Sampling years, the builder's papers, the end of liability, the loan's month, years 30 and 50, the plan's end."""
    assert {each.code: each.due_on for each in milestones(HOUSE)} == {
        "sampling-5": date(2029, 9, 1),
        "sampling-10": date(2034, 9, 1),
        "sampling-20": date(2044, 9, 1),
        "sampling-30": date(2054, 9, 1),
        "documents": date(2033, 2, 28),
        "liability": date(2033, 8, 29),
        "residual": date(2049, 3, 1),
        "year-30": date(2054, 2, 28),
        "plan-end": date(2074, 2, 28),
        "year-50": date(2074, 2, 20),
        "common-id": date(2027, 4, 1),
    }


def test_the_liability_check_comes_before_ten_years_are_over():
    """Nine and a half years after the handover there is still half a year to have a defect mended."""
    liability = next(each for each in milestones(HOUSE) if each.code == "liability")
    assert liability.due_on < date(2034, 2, 28)


def test_a_house_with_a_common_id_needs_no_task_for_one():
    """The task to obtain a common ID is there only while it is missing."""
    assert "common-id" not in {each.code for each in milestones(replace(HOUSE, common_id="ABC"))}


def test_a_plan_of_thirty_years_ends_once():
    """Year 30 and the plan's end are the same thing where the plan is that short."""
    codes = [each.code for each in milestones(replace(HOUSE, plan_years=30))]
    assert "plan-end" in codes
    assert "year-30" not in codes


def test_what_had_passed_before_we_knew_the_house_is_no_task():
    """A house of 2010 taken in in 2027 is not asked for the report of year 5."""
    old = replace(HOUSE, handed_over_on=date(2010, 5, 1), completed_on=date(2010, 4, 1))
    codes = {each.code for each in still_ahead(old, frozenset({"sampling-20"}))}
    assert codes == {"sampling-30", "residual", "year-30", "plan-end", "year-50", "common-id"}


def test_the_owner_hears_a_year_before_the_loans_two_ways_open():
    """返済額軽減 and 買取 open from that month on; the papers are looked for in time."""
    residual = next(each for each in milestones(HOUSE) if each.code == "residual")
    assert residual.told_from == date(2048, 3, 1)
    assert residual.leads == (365, 182, 30)


def test_a_plan_of_thirty_years_is_to_be_extended_two_years_ahead():
    """The guarantee asks for fifty years, the law for thirty: who has a plan of thirty hears in time to extend it."""
    short = replace(HOUSE, plan_years=30)
    end = next(each for each in milestones(short) if each.code == "plan-end")
    assert (end.due_on, end.told_from) == (date(2054, 2, 28), date(2052, 2, 29))


def test_who_has_no_loan_with_a_residual_value_hears_nothing_of_one():
    """「うちは残価設定型ではありません」: neither its month nor a guarantee is on record, or that has ended."""
    without = replace(HOUSE, residual_month=None)
    fifty = date(2074, 2, 20)
    told = {
        without: False,
        replace(without, guaranteed=True): True,
        HOUSE: True,
        replace(HOUSE, guarantee_ended_on=fifty): False,
        replace(HOUSE, guarantee_ended_on=date(2074, 2, 21)): True,
    }
    for house, hears in told.items():
        assert ("year-50" in {each.code for each in milestones(house)}) is hears, house


def test_fifty_years_count_from_completion():
    """From then on the loan is interest-only; the plan counts from the handover, the loan from completion."""
    fifty = next(each for each in milestones(HOUSE) if each.code == "year-50")
    assert (fifty.due_on, fifty.told_from) == (date(2074, 2, 20), date(2073, 2, 20))
    of_leap_day = milestones(replace(HOUSE, completed_on=date(2024, 2, 29)))
    assert [each.due_on for each in of_leap_day if each.code == "year-50"] == [date(2074, 3, 1)]
