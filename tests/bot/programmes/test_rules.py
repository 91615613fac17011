"""Every rule of every edition answers at its edges as the leaflets print them, with its limit, source and reason."""

import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st

from bot.intake.dates import read_date
from bot.programmes.check import as_json, check
from bot.programmes.edition import editions
from bot.programmes.given import BadInput, given
from bot.programmes.rule import UnknownRule, known_inputs, rule, rules
from bot.programmes.rules import COMPUTED
from tests.bot.programmes.edges import ASK, EDGES, IN, KOSODATE, OUT

TODAY = date(2026, 11, 27)
CASES = [
    pytest.param(f"{edition}/{name}", values, out, id=f"{edition}/{name} {json.dumps(values, ensure_ascii=False)}")
    for names, name, cases in EDGES
    for edition in names
    for values, out in cases
]
COVERED: dict[str, list[Any]] = {}
for names, name, cases in EDGES:
    for edition in names:
        COVERED.setdefault(f"{edition}/{name}", []).extend(out for _, out in cases)


def day(text: str) -> date | None:
    return read_date(text).day


def asked(name: str, values, on: date = TODAY):
    return check(rule(name), given(rule(name), values, day), on)


@pytest.mark.parametrize(("name", "values", "out"), CASES)
def test_a_rule_at_its_edges(name, values, out):
    found = asked(name, values)
    assert found.out == out
    assert found.rule == name
    assert found.source.endswith(rule(name).source.ja)
    for words in found.reason:
        assert not re.search(r"[{}]|\bNone\b", words)
    assert rule(name).source.en in found.reason.en
    assert rule(name).source.ja in found.reason.ja


def test_every_rule_has_its_edges():
    assert sorted(COVERED) == sorted(rules())
    for name, outs in COVERED.items():
        kind = rule(name).out.kind
        if kind == "verdict":
            assert {IN, OUT} <= set(outs), name
        elif kind == "open":
            assert outs == [ASK], name
        else:
            assert any(out not in (IN, OUT, ASK) for out in outs), name


def test_an_answer_is_of_the_kind_that_the_list_announces():
    forms = {
        "date": lambda out: bool(date.fromisoformat(out)),
        "dates": lambda out: all(map(date.fromisoformat, out)),
        "percent": lambda out: re.fullmatch(r"\d+(\.\d+)?", out),
        "yen": lambda out: isinstance(out, int),
        "integer": lambda out: isinstance(out, int),
        "number": lambda out: isinstance(out, int) or re.fullmatch(r"\d+\.\d+", out),
    }
    for name, outs in COVERED.items():
        found = rule(name).out
        values = [out for out in outs if out not in (IN, OUT, ASK)]
        for out in values:
            if found.kind in ("code", "codes"):
                assert set([out] if isinstance(out, str) else out) <= set(found.choices), name
            else:
                assert forms[found.kind](out), name


def test_every_name_in_the_files_is_used():
    assert {each.name for one in rules().values() for each in one.inputs} == set(known_inputs())
    assert {one.by for one in rules().values() if one.by} == set(COMPUTED)
    for one in rules().values():
        assert all((*one.title, *one.source)), one.name
        assert one.tests or one.means.ja or one.out.kind == "open", one.name
        assert as_json(one.limit) is not None, one.name


def test_the_rules_say_the_same_as_the_rates_of_their_edition():
    for name in ("sumairu-kosodate-2026", "sumairu-machizukuri-2026", "kosodate-2023", "sakoju-2023"):
        rates = editions()[name].data["rates"]
        for one in rates["reduction"]:
            values = {each.name: each.name in one["codes"] for each in rule(f"{name}/reduction").inputs}
            assert asked(f"{name}/reduction", values).out == one["off_pct"]
            assert one["years"] * 12 == asked(f"{name}/last_reduced_payment", {}).out
        for one in (one for one in rates.get("reference", ()) if "restricted" in one):
            values = {"fixed_years": one["fixed_years"], "restricted": one["restricted"]}
            assert asked(f"{name}/reference_rate", values).out == one["rate_pct"]


NEWER = [
    ("rate_fixed_on", {"months": 3}, {"applied_on": "2026-06-30"}, "2026-09-30"),
    ("restriction_ends_on", {"years": 5}, {"contracted_on": "2026-06-30"}, "2031-06-30"),
    (
        "prepayment_free",
        {"years": 5},
        {"contracted_on": "2026-06-30", "prepaid_on": "2031-07-01", "restricted": True},
        IN,
    ),
    (
        "prepayment_charge",
        {"years": 20, "charge_pct": 3},
        {"contracted_on": "2026-06-30", "prepaid_on": "2046-06-30", "restricted": True, "amount_yen": 1_000_000},
        30_000,
    ),
    ("new_application", {"years": 2}, {"applied_on": "2026-06-30", "again_on": "2028-06-30"}, OUT),
    ("new_application_from", {"years": 2}, {"applied_on": "2026-06-30"}, "2028-07-01"),
    ("land_from", {"fiscal_years_before": 3, "month": 10, "day": 2}, {"applied_on": "2026-06-30"}, "2023-10-02"),
    (
        "land_acquired",
        {"fiscal_years_before": 3, "month": 4, "day": 1},
        {"applied_on": "2026-06-30", "acquired_on": "2023-04-01", "reduced": True},
        IN,
    ),
    ("flat35-reno-2016/closing_told_by", {"weeks_before": 4}, {"closes_on": "2017-03-31"}, "2017-03-03"),
    ("zanka-2023/interest_only_from", {"years": 40}, {"completed_on": "2026-06-30"}, "2066-06-30"),
    ("zanka-2023/interest_only", {"years": 40}, {"completed_on": "2026-06-30", "on": "2066-06-30"}, IN),
]


@pytest.mark.parametrize(("name", "limit", "values", "out"), NEWER)
def test_a_newer_edition_reckons_with_the_limit_that_it_prints(name, limit, values, out):
    """Its days follow its own file, not the numbers of the leaflets before it."""
    here = rule(name if "/" in name else f"{KOSODATE}/{name}")
    assert limit.keys() <= here.limit.keys()
    newer = replace(here, limit={**here.limit, **limit})
    assert check(newer, given(newer, values, day), TODAY).out == out
    assert check(here, given(here, values, day), TODAY).out != out


def test_no_number_of_a_rule_is_a_float():
    def floats(value) -> bool:
        if isinstance(value, dict):
            return any(map(floats, value.values()))
        return any(map(floats, value)) if isinstance(value, list | tuple) else isinstance(value, float)

    assert [each.name for each in rules().values() if floats(each.limit)] == []


@pytest.mark.parametrize(
    ("name", "values", "on", "ja", "en"),
    [
        ("flat35-reno-2016/with_flat35s", {"with_flat35s": True}, TODAY, "受付終了", "no longer taking applications"),
        ("kosodate-2023/reduced_payment", {"payment": 1}, TODAY, "受付終了", "no longer taking applications"),
        (f"{KOSODATE}/site_area", {"site_m2": 200}, date(2025, 12, 31), "受付開始前", "not yet taking applications"),
        (f"{KOSODATE}/rate_choice_deadline", {}, date(2025, 12, 31), "要確認", "not yet taking applications"),
    ],
)
def test_an_edition_that_takes_no_applications_says_so_in_every_answer(name, values, on, ja, en):
    reason = asked(name, values, on).reason
    assert ja in reason.ja
    assert en in reason.en


def test_every_answer_of_a_closed_edition_begins_with_it():
    for names, name, cases in EDGES:
        for edition in names:
            values, _ = cases[0]
            found = asked(f"{edition}/{name}", values, date(2060, 1, 1))
            closed = rule(f"{edition}/{name}").status(date(2060, 1, 1)) == "closed"
            assert found.reason.ja.startswith("【受付終了】") is closed


@pytest.mark.parametrize(
    ("name", "values", "line"),
    [
        ("site_area", {}, "site_m2 is missing"),
        ("site_area", {"site_m2": None}, "site_m2 is missing"),
        ("site_area", {"site_m2": 165, "area": 1}, "'area' is no input"),
        ("site_area", {"site_m2": "165㎡x"}, "site_m2 must be a number"),
        ("site_area", {"site_m2": -1}, "site_m2 must be 0 or more"),
        ("site_area", {"site_m2": True}, "site_m2 must be a number"),
        ("site_area", {"site_m2": "1e3"}, "site_m2 must be a number"),
        ("site_area", {"site_m2": 10**15}, "site_m2 must be a number"),
        ("reduced_payment", {"payment": "1.5"}, "payment must be a whole number"),
        ("reduced_payment", {"payment": 0}, "payment must be 1 or more"),
        ("rate_fixed_on", {"applied_on": "2026-02-29"}, "applied_on must be a day"),
        ("rate_fixed_on", {"applied_on": 20260201}, "applied_on must be a day"),
        ("rate_fixed_on", {"applied_on": "2201-01-01"}, "applied_on must be a day"),
        ("structure", {"structure": "wood"}, "structure must be one of fireproof"),
        ("reduction", {"long_life": "yes", "zeh": False, "child_rearing": False}, "long_life must be true or false"),
        ("applicant_age", {}, "age is missing"),
        ("applicant_age", {"born_on": "1961-06-01"}, "applied_on is missing"),
        ("applicant_age", {"age": 64, "born_on": "1961-06-01", "applied_on": "2026-06-01"}, "age is not the age"),
        ("new_application", {"applied_on": "2026-06-01", "again_on": "2026-05-31"}, "again_on cannot lie before"),
        ("mixed_use", {"other_use_m2": 401, "total_m2": 400}, "other_use_m2 cannot be more than total_m2"),
        ("mixed_use", {"other_use_m2": 0, "total_m2": 0}, "total_m2 must be more than 0"),
        ("floor_area_factor", {"building_form": "communal"}, "storeys is missing"),
        ("certified_units", {"financed_units": 3, "certified_units": 4}, "certified_units cannot be more"),
        ("land_cost_limit", {"land_bought": "bought_before", "reduced": True}, "land_loan_left_yen is missing"),
    ],
)
def test_what_cannot_be_is_named_in_one_line(name, values, line):
    with pytest.raises(BadInput) as refused:
        asked(f"{KOSODATE}/{name}", values)
    assert line in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_rule_nobody_wrote_is_unknown():
    with pytest.raises(UnknownRule):
        rule(f"{KOSODATE}/nothing")


AREAS = st.decimals(min_value=0, max_value=100_000, places=4)


@given_any(AREAS)
def test_an_area_is_compared_exactly(area):
    found = asked(f"{KOSODATE}/site_area", {"site_m2": str(area)}).out
    assert found == (IN if area >= 165 else OUT)


@given_any(st.integers(0, 10**12))
def test_a_loan_is_the_most_whole_steps_that_the_cost_allows(cost):
    most = asked(f"{KOSODATE}/loan_limit", {"project_cost_yen": cost}).out
    assert most % 100_000 == 0
    assert most <= cost < most + 100_000
    reform = asked("reform-2022/loan_limit", {"project_cost_yen": cost}).out
    assert reform * 5 <= cost * 4 < (reform + 100_000) * 5


@given_any(st.dates(date(1930, 1, 1), date(2010, 1, 1)), st.dates(date(2026, 1, 1), date(2100, 1, 1)))
def test_one_is_65_from_the_65th_birthday_on(born, applied):
    found = asked(f"{KOSODATE}/applicant_age", {"born_on": born.isoformat(), "applied_on": applied.isoformat()}).out
    passed = (applied.year - born.year, applied.month, applied.day) >= (65, born.month, born.day)
    assert found == (OUT if passed else IN)


def test_of_land_the_answer_says_that_one_type_lends_for_it_only_with_a_reduction():
    for values in ({}, {"reduced": True}, {"reduced": False}):
        assert "金利引下げを受ける場合" in asked(f"{KOSODATE}/cost_item", {"cost_item": "land", **values}).reason.ja


def test_who_was_born_on_29_february_is_65_on_1_march_of_a_common_year():
    for applied, out in (("2025-02-28", IN), ("2025-03-01", OUT)):
        assert asked(f"{KOSODATE}/applicant_age", {"born_on": "1960-02-29", "applied_on": applied}).out == out


@given_any(
    st.sets(st.sampled_from(["low_carbon", "primary_energy", "long_life"])),
    st.sets(st.sampled_from(["low_carbon", "primary_energy", "long_life"])),
)
def test_only_what_is_new_counts_and_an_old_energy_standard_bars_its_group(before, after):
    values: dict[str, object] = {}
    for when, codes in (("before", before), ("after", after)):
        values |= {f"{when}_{code}": True for code in codes - {"primary_energy"}}
        values |= {f"{when}_primary_energy_grade": 5} if "primary_energy" in codes else {}
    energy = {"low_carbon", "primary_energy"}
    counted = (after - before) - (energy if before & energy else set())
    found = asked("flat35-reno-2016/plan_a", values).out
    assert set([] if found == OUT else found) == counted
