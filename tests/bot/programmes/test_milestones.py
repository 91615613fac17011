"""What a programme puts on a house's plan, and what it leaves without a day."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.days import days_after
from bot.core.loan import Reduction, Terms, loan_of, placed
from bot.core.milestones import named
from bot.intake.tables import EDITIONS
from bot.programmes.check import check
from bot.programmes.edition import edition, editions
from bot.programmes.milestones import dates, ends_on, steps
from bot.programmes.rule import rules
from templates.catalogue import Catalogue

RENTAL = "sumairu-kosodate-2026"
TERMS = Terms(
    applied_on=date(2026, 2, 27),
    contracted_on=date(2028, 2, 29),
    first_payment_on=date(2028, 4, 30),
    months=420,
    reductions=(Reduction.LONG_LIFE,),
    fixed_years=15,
    restricted=True,
    insured_until=date(2029, 2, 28),
)

RULES = {"rate-fixed": "rate_fixed_on", "restriction-end": "restriction_ends_on", "rate-review": "rate_reviewed_on"}


def days(name: str, **changes: object) -> dict[str, date]:
    return {one.code: one.due_on for one in dates(edition(name), 1, replace(TERMS, **changes))}  # type: ignore[arg-type]


def test_the_intake_knows_every_edition():
    """Builders choose among them by their ids."""
    assert tuple(editions()) == EDITIONS


def test_a_loan_of_today_has_four_days_and_two_questions():
    """When the money comes, until the first payment; and when the rate is reviewed again, once it was."""
    assert days(RENTAL) == {
        "ask-receipt": date(2027, 1, 23),
        "ask-rate-review-next": date(2043, 3, 30),
        "reduction-end": date(2043, 3, 30),
        "restriction-end": date(2038, 2, 28),
        "rate-review": date(2043, 2, 28),
        "fire-insurance": date(2029, 2, 28),
    }


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"fixed_years": 35}, "rate-review"),
        ({"fixed_years": None}, "rate-review"),
        ({"months": 180}, "rate-review"),
        ({"restricted": False}, "restriction-end"),
        ({"reductions": ()}, "reduction-end"),
        ({"first_payment_on": None}, "reduction-end"),
        ({"insured_until": None}, "fire-insurance"),
    ],
)
def test_what_does_not_hold_for_a_loan_has_no_day(changes: dict[str, object], missing: str):
    assert missing in days(RENTAL)
    assert missing not in days(RENTAL, **changes)


@pytest.mark.parametrize(
    ("months", "last"), [(420, date(2063, 2, 28)), (36, date(2031, 2, 28)), (None, date(2079, 2, 28))]
)
def test_the_insurance_comes_round_each_year_until_the_last_payment(months: int | None, last: date):
    """That is in March 2063, and after three years in March 2031; where nobody told the months, it comes round too."""
    (insured,) = (
        one for one in dates(edition(RENTAL), 1, replace(TERMS, months=months)) if one.code == "fire-insurance"
    )
    found = list(insured.days())
    assert found == [date(year, 2, 28) for year in range(2029, last.year + 1)]


@pytest.mark.parametrize("name", sorted(editions()))
def test_until_when_a_building_is_insured_is_a_day_under_every_edition(name: str):
    """Also where the text prints no duty: whoever tells the day is not left to think that somebody looks after it."""
    assert days(name)["fire-insurance"] == date(2029, 2, 28)
    assert "fire-insurance" not in days(name, insured_until=None)


@pytest.mark.parametrize(
    ("plan", "until"), [(Reduction.PLAN_A, date(2038, 3, 30)), (Reduction.PLAN_B, date(2033, 3, 30))]
)
def test_the_two_plans_end_after_ten_and_after_five_years(plan: Reduction, until: date):
    assert days("flat35-reno-2016", reductions=(plan,))["reduction-end"] == until


def test_until_the_contract_somebody_holds_the_papers():
    """The day of it is ours; the rate's is the programme's."""
    pending = days(
        RENTAL, contracted_on=None, first_payment_on=None, insured_until=None, inspection_on=date(2027, 9, 1)
    )
    assert pending == {
        "rate-fixed": date(2026, 4, 30),
        "loan-papers": date(2026, 6, 29),
        "certificate": date(2027, 9, 1),
        "completion-inspection": date(2027, 9, 1),
        **dict.fromkeys(("ask-design-inspection", "ask-contract-papers"), date(2026, 5, 28)),
        "ask-interim-payments": date(2026, 7, 27),
        **dict.fromkeys(("ask-total-decided", "ask-loan-contract", "ask-receipt"), date(2027, 1, 23)),
    }


def test_the_ten_steps_and_the_three_inspections():
    """With the papers of each; only the days that the text fixes are told."""
    ten = steps(edition(RENTAL), TERMS)
    assert [step.number for step in ten] == list(range(1, 11))
    assert {step.code: step.on for step in ten if step.on} == {
        "application": date(2026, 2, 27),
        "rate-fixed": date(2026, 4, 30),
        "loan-contract": date(2028, 2, 29),
    }
    assert ten[6].documents == ("conformity-certificate",)
    three = steps(edition("flat35-reno-2016"))
    assert [step.code for step in three] == ["pre-check", "plan-check", "conformity-inspection"]


PENDING = {"contracted_on": None, "first_payment_on": None, "insured_until": None, "inspection_on": None}


@pytest.mark.parametrize("name", sorted(editions()))
def test_every_step_that_is_still_ahead_is_on_the_plan(name: str):
    """With its own day where that is told or printed, otherwise as a question: none is left to a page alone."""
    over = {"consultation", "application"}  # once a loan is on record
    known = edition(name)
    asked = {one.code: one.told for step in steps(known) for one in (step, *step.parts) if one.told}
    everyone = tuple(Reduction)
    plan = days(name, **PENDING, reductions=everyone)
    for step in steps(known):
        of_it = {step.code, f"ask-{step.code}"}
        assert step.code in over or len(of_it & plan.keys()) == 1, step.code
    on = date(2026, 12, 1)
    told = tuple((code, on) for code in asked.values() if code != "inspection")
    plan = days(name, **PENDING | {"inspection_on": on}, reductions=everyone, step_days=told)
    assert {code: plan[code] for code in asked} == dict.fromkeys(asked, on)
    assert not any(code.startswith("ask-") for code in plan)
    paid = placed(dates(known, 1, replace(TERMS, reductions=everyone)), {}, date(2028, 5, 1))
    ahead = {"ask-rate-review-next"}  # the money has come: nothing is asked until the rate was reviewed
    assert {one.code for one in paid if one.ours} <= ahead


@pytest.mark.parametrize("name", ["sumairu-kosodate-2026", "sumairu-machizukuri-2026", "kosodate-2023"])
def test_who_has_a_zeh_alone_is_told_of_its_papers(name: str):
    told = days(name, **PENDING | {"inspection_on": date(2027, 9, 1)}, reductions=(Reduction.ZEH,))
    assert told["zeh-papers"] == date(2027, 9, 1)
    assert "certificate" not in told


@given(st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.dates(date(2026, 1, 1), date(2030, 1, 1)))
def test_a_question_stays_where_it_stands_and_never_begins_in_the_past(applied: date, today: date):
    """Whoever corrects a loan moves no question that the owner has before them; a step that is over is no task."""
    told = (("design-inspection", date(2028, 1, 1)),)
    terms = Terms(applied_on=applied, months=420, fixed_years=15, step_days=told)
    known = edition(RENTAL)
    first = placed(dates(known, 1, terms), {}, today)
    assert all(one.due_on >= days_after(today, 14) for one in first if one.ours)
    assert any(one.code == "design-inspection" for one in first) == (today <= date(2028, 1, 1))
    before = {one.code: one.due_on for one in first}
    again = placed(dates(known, 1, replace(terms, months=360)), before, date(2031, 1, 1))
    assert {one.code: one.due_on for one in again} == before


@pytest.mark.parametrize("name", sorted(editions()))
def test_the_plan_has_the_days_that_the_rules_of_its_edition_print(name: str):
    """Both are reckoned from one number, or a newer edition would tell two days for one thing."""
    plan = days(name, contracted_on=None) | days(name)
    reckoned = {code: rules().get(f"{name}/{rule}") for code, rule in RULES.items() if code in plan}
    for code, one in reckoned.items():
        assert one is not None, code
        on = "applied_on" if code == "rate-fixed" else "contracted_on"
        given_days = {each.name: None for each in one.inputs} | {on: getattr(TERMS, on)}
        assert check(one, given_days, TERMS.applied_on).out == plan[code].isoformat()


def test_every_day_has_its_words():
    """In both languages, with a sentence from the reviewed file."""
    lines = [line for each in editions().values() for line in each.data.get("milestone", ()) if "leads" in line]
    codes = {line["code"] for line in lines} | {f"ask-{line['code']}" for line in lines if "ask" in line}
    assert len(codes) == 38
    for words in Catalogue().words.values():
        for code in codes:
            assert words["law"][words["milestones"][code]["why"]]


@given(
    st.sampled_from(sorted(editions())),
    st.dates(date(2016, 1, 1), date(2040, 1, 1)),
    st.integers(1, 420),
    st.sampled_from(list(Reduction)),
)
def test_every_day_comes_after_the_application_and_has_one_name(name: str, applied: date, months: int, why: Reduction):
    terms = replace(
        TERMS,
        applied_on=applied,
        contracted_on=applied,
        first_payment_on=applied,
        insured_until=applied,
        months=months,
        reductions=(why,),
    )
    found = dates(edition(name), 3, terms)
    last = ends_on(terms)
    every = [(one, day) for one in found for day in one.days()]
    assert all(day >= applied for _, day in every)
    assert all(day <= max(last or day, one.due_on) for one, day in every)
    names = [one.named(day) for one, day in every]
    assert len(names) == len(set(names))
    assert all(loan_of(each) == 3 and named(each) == one.code for each, (one, _) in zip(names, every, strict=True))
