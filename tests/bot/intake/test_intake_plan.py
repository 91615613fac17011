"""Plans and records: whole years, known houses, ten years between statutory inspections, nothing twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.rows import STATUTORY_PARTS, is_statutory


def test_a_good_plan_row_is_accepted_without_a_word(take_rows, good, store):
    """And replaces the guide plan of its house."""
    assert take_rows("plan", good("plan")).verdict.name == "accept"
    assert list(store.plans["H-001"]) == ["P01"]
    assert store.plans["H-001"]["P01"].source == ""


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"house_id": "H-404"}, "house_id", "unknown_house"),
        ({"house_id": ""}, "house_id", "required"),
        ({"item_code": ""}, "item_code", "required"),
        ({"item_name": ""}, "item_name", "required"),
        ({"kind": ""}, "kind", "required"),
        ({"kind": "清掃"}, "kind", "bad_choice"),
        ({"first_year": "0"}, "first_year", "out_of_range"),
        ({"first_year": "101"}, "first_year", "out_of_range"),
        ({"first_year": ""}, "first_year", "required"),
        ({"first_year": "2.5"}, "first_year", "not_whole"),
        ({"first_year": "5年目"}, "first_year", "not_a_number"),
        ({"interval_years": "-1"}, "interval_years", "out_of_range"),
        ({"interval_years": "101"}, "interval_years", "out_of_range"),
        ({"interval_years": ""}, "interval_years", "required"),
        ({"legal_class": "義務"}, "legal_class", "bad_choice"),
        ({"done_by": "大工"}, "done_by", "bad_choice"),
    ],
)
def test_what_is_no_plan_row_is_refused(take_rows, good, found, change, field, reason):
    """One reason, at its field."""
    report = take_rows("plan", good("plan", **change))
    assert found(report) == [(2, field, reason)]
    assert report.verdict.name == "reject_row"


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        ({"first_year": "1", "interval_years": "0"}, []),
        ({"first_year": "10", "interval_years": "10"}, []),
        ({"first_year": "5", "interval_years": "11"}, ["interval_years"]),
        ({"first_year": "11", "interval_years": "10"}, ["first_year"]),
        ({"first_year": "15", "interval_years": "15"}, ["interval_years"]),
        ({"first_year": "15", "interval_years": "15", "legal_class": "任意"}, []),
        ({"first_year": "15", "interval_years": "15", "kind": "交換"}, []),
        ({"first_year": "15", "interval_years": "15", "kind": "修繕", "legal_class": "法定"}, []),
        ({"first_year": "15", "interval_years": "15", "item_name": "給湯器"}, []),
        (
            {"first_year": "15", "interval_years": "15", "item_name": "給湯器", "legal_class": "法定"},
            ["interval_years"],
        ),
        ({"first_year": "100", "interval_years": "100", "item_name": "浴室"}, []),
    ],
)
def test_more_than_ten_years_between_statutory_inspections_is_a_warning(take_rows, good, found, change, problems):
    """Ten are lawful; advisory parts, repairs and renewals may take longer."""
    report = take_rows("plan", good("plan", **change))
    assert found(report) == [(2, field, "inspection_gap") for field in problems]
    assert report.rows_accepted == 1


def test_years_in_other_forms_are_put_in_standard_form(take_rows, good, found, store):
    """５年ごと is every five years."""
    report = take_rows("plan", good("plan", first_year="５", interval_years="５年ごと"))
    assert found(report) == [(2, "first_year", "number_form"), (2, "interval_years", "number_form")]
    assert report.verdict.name == "accept_normalised"
    assert store.plans["H-001"]["P01"].interval_years == 5


@given(st.sampled_from(STATUTORY_PARTS), st.sampled_from(["", "北側の", "ﾘﾋﾞﾝｸﾞの"]))
def test_parts_that_the_law_names_are_statutory_when_inspected(part, prefix):
    """Where the plan does not say otherwise."""
    assert is_statutory(prefix + part, "点検")
    assert not is_statutory(prefix + part, "修繕")
    assert not is_statutory(prefix + part, "点検", "任意")
    assert is_statutory("浴室", "修繕", "法定")


@pytest.mark.parametrize(
    ("name", "statutory"), [("ﾊﾞﾙｺﾆｰ", True), ("雨どい", False), ("給排水管", True), ("キッチン", False)]
)
def test_parts_are_known_in_either_width(name, statutory):
    """Half-width katakana name the same part."""
    assert is_statutory(name, "点検") is statutory


def test_the_same_item_twice_with_other_data_refuses_the_second(take_rows, good, found):
    """The same data is one item; another house or code is another item."""
    report = take_rows(
        "plan",
        good("plan"),
        good("plan"),
        good("plan", item_code="P02"),
        good("plan", interval_years="3"),
    )
    assert found(report) == [(5, "item_code", "same_key_other_data")]
    assert (report.rows_total, report.rows_accepted) == (4, 3)


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"house_id": "H-404"}, "house_id", "unknown_house"),
        ({"done_on": "2018-09-29"}, "done_on", "before_handover"),
        ({"done_on": "2026-11-22"}, "done_on", "in_the_future"),
        ({"done_on": ""}, "done_on", "required"),
        ({"done_on": "2023-02-29"}, "done_on", "date_impossible"),
        ({"item_code": ""}, "item_code", "required"),
        ({"result": "可"}, "result", "bad_choice"),
        ({"note": "x" * 1001}, "note", "too_long"),
    ],
)
def test_what_is_no_record_is_refused(take_rows, good, found, change, field, reason):
    """One reason, at its field."""
    report = take_rows("records", good("records", **change))
    assert found(report) == [(2, field, reason)]
    assert report.rows_accepted == 0


@pytest.mark.parametrize("done_on", ["2018-09-30", "2026-11-21"])
def test_a_record_may_be_of_the_handover_or_of_today(take_rows, good, done_on):
    """Both days count."""
    assert take_rows("records", good("records", done_on=done_on)).verdict.name == "accept"


def test_a_record_for_an_item_not_in_the_plan_is_kept_with_a_warning(take_rows, good, found, store):
    """Something was done, whatever the plan says."""
    report = take_rows("records", good("records", item_code="P99"))
    assert found(report) == [(2, "item_code", "item_not_in_plan")]
    assert report.rows_accepted == len(store.records) == 1


def test_the_same_record_again_is_kept_once_with_a_warning(take_rows, good, found, store):
    """In one file, and against what is stored."""
    report = take_rows("records", good("records"), good("records"))
    assert found(report) == [(3, "done_on", "record_again")]
    assert (report.rows_accepted, len(store.records)) == (2, 1)
    again = take_rows("records", good("records"))
    assert found(again) == [(2, "done_on", "record_again")]
    assert again.verdict.name == "accept_with_warning"
    assert len(store.records) == 1


def test_a_record_with_other_data_is_refused_in_one_file_and_an_update_later(take_rows, good, found, store):
    """Two results of one day cannot both be true in one file; a later file corrects."""
    report = take_rows("records", good("records"), good("records", result="要補修"))
    assert found(report) == [(3, "done_on", "same_key_other_data")]
    assert take_rows("records", good("records", result="要補修")).verdict.name == "accept"
    assert next(iter(store.records.values())).result == "要補修"


def test_records_of_a_house_with_a_guide_plan_are_checked_against_it(take, sent, csv_text, good, found):
    """In the call that brings the house, and later."""
    files = [sent(f"{name}.csv", csv_text([good(name)])) for name in ("servicers", "houses")]
    records = sent("records.csv", csv_text([good("records", item_code="G-基礎"), good("records", item_code="P01")]))
    for paths in ([*files, records], [records]):
        report = take(*paths)[-1]
        assert (3, "item_code", "item_not_in_plan") in found(report)
        assert (2, "item_code", "item_not_in_plan") not in found(report)
