"""JSON files: rows one by one, what is wrong in a row costs the row, what is broken the file."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.json_file import open_json
from bot.intake.reasons import Refused

RECORD = {"house_id": "H-1", "item_code": "P1", "done_on": "2024-01-01"}


def rows_of(path):
    """Each row as (line, given cells by key, reasons)."""
    parts, _ = open_json(path)
    found = []
    for part in parts:
        keys = [column.key for _, column in part.heading.columns]
        for row in part.rows():
            given_cells = {key: cell for key, cell in zip(keys, row.cells, strict=True) if cell != ""}
            found.append((row.line, given_cells, [fault.reason for fault in row.faults]))
    return found


def refusal(path):
    with pytest.raises(Refused) as refused:
        open_json(path)
    return refused.value.faults[0].reason


@given(st.lists(st.dictionaries(st.sampled_from(list(RECORD)), st.text(max_size=20)), max_size=6), st.booleans())
def test_rows_are_read_as_written(tmp_path_factory, rows, indented):
    """Objects of a list come in order, counted from 1."""
    path = tmp_path_factory.mktemp("json") / "a.json"
    path.write_text(json.dumps({"records": rows}, indent=2 if indented else None, ensure_ascii=True))
    read = rows_of(path)
    assert [line for line, _, _ in read] == list(range(1, len(rows) + 1))
    assert [cells for _, cells, _ in read] == [{k: v for k, v in row.items() if v != ""} for row in rows]


def test_all_four_tables_of_one_object_are_found(sent):
    """In the order of the file, empty lists included; a BOM does not matter."""
    text = json.dumps({"records": [RECORD], "houses": [], "plan": [], "servicers": []})
    parts, faults = open_json(sent("a.json", text.encode("utf-8-sig")))
    assert [part.heading.table.name for part in parts] == ["records", "houses", "plan", "servicers"]
    assert faults == []


@pytest.mark.parametrize(
    ("row", "reasons"),
    [
        ('{"house_id":"H-1","house_id":"H-2"}', ["key_twice"]),
        ('{"house_id":"H-1","住宅ID":"H-2"}', ["key_twice"]),
        ('["H-1"]', ["not_an_object"]),
        ('"H-1"', ["not_an_object"]),
        ("null", ["not_an_object"]),
        ('{"house_id":"H-1","memo":1}', ["unknown_column"]),
        ('{"house_id":"H-1","reason":"x"}', []),
        ('{" house_id":"H-1"}', ["header_form"]),
        ('{"memo":NaN}', ["unknown_column", "not_finite"]),
    ],
)
def test_what_is_odd_about_an_object_is_told_with_its_row(sent, row, reasons):
    """The rows around it are not touched."""
    good = json.dumps(RECORD)
    read = rows_of(sent("a.json", f'{{"records":[{good},{row},{good}]}}'))
    assert [(line, found) for line, _, found in read] == [(1, []), (2, reasons), (3, [])]


def test_an_unknown_key_is_told_once(sent):
    """Not once per row."""
    rows = [{**RECORD, "memo": 1}] * 3
    assert [found for _, _, found in rows_of(sent("a.json", json.dumps({"records": rows})))] == [
        ["unknown_column"],
        [],
        [],
    ]


@pytest.mark.parametrize(
    ("value", "reason", "text"),
    [
        ("NaN", "not_finite", "NaN"),
        ("Infinity", "not_finite", "Infinity"),
        ("-Infinity", "not_finite", "-Infinity"),
        ("1e999", "not_finite", "1e999"),
        ("[1]", "not_text", '["1"]'),
        ('{"a":"b"}', "not_text", '{"a": "b"}'),
    ],
)
def test_values_no_cell_can_hold_are_marked(sent, value, reason, text):
    """They refuse their row when the cell is read."""
    _, cells, _ = rows_of(sent("a.json", f'{{"records":[{{"note":{value}}}]}}'))[0]
    assert (cells["note"].reason, cells["note"].text) == (reason, text)


def test_numbers_keep_the_form_in_which_they_were_written(sent):
    """Also those that no machine number holds."""
    _, cells, _ = rows_of(sent("a.json", '{"records":[{"note":1.50,"result":123456789012345678901234567890}]}'))[0]
    assert (cells["note"].text, cells["result"].text) == ("1.50", "123456789012345678901234567890")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[]", "json_shape"),
        ("[1,", "broken_json"),
        ("{}", "no_table"),
        ('{"people":[]}', "no_table"),
        ('{"houses":{}}', "json_shape"),
        ('{"houses":null}', "json_shape"),
        ('{"houses":[],"houses":[]}', "duplicate_list"),
        ('{"houses":[{"house_id":"H-1"},]}', "broken_json"),
        ('{"houses":[{"house_id":"H-1"}', "broken_json"),
        ('{"houses":[]}x', "broken_json"),
        ('{"houses":[],}', "broken_json"),
        ('{"houses" []}', "broken_json"),
        ("{1:[]}", "broken_json"),
        ('{"houses":[{"a":"\t"}]}', "broken_json"),
        ('{"people":[1,2', "broken_json"),
        ('{"houses":[' + "[" * 100_000, "broken_json"),
        ('{"houses":[' + '{"a":' * 100_000, "broken_json"),
    ],
)
def test_what_is_no_file_of_ours_is_refused(sent, text, reason):
    """With one reason, however deep it is nested."""
    assert refusal(sent("a.json", text)) == reason


def test_other_encodings_are_refused(sent):
    """JSON is UTF-8."""
    assert refusal(sent("a.json", '{"houses":[]}'.encode("utf-16"))) == "unknown_encoding"
    assert refusal(sent("b.json", '{"houses":["家"]}'.encode("cp932"))) == "unknown_encoding"


def test_a_list_nobody_knows_is_a_warning(sent):
    """What is beside it is taken."""
    parts, faults = open_json(sent("a.json", '{"people":[{"a":[1]}],"houses":[]}'))
    assert [part.heading.table.name for part in parts] == ["houses"]
    assert [(fault.reason, fault.value) for fault in faults] == [("unknown_list", "people")]


@given(st.text(max_size=60) | st.text('{}[]":,houseplan1eE+-.NaN ', max_size=60))
def test_any_text_is_read_or_refused(tmp_path_factory, text):
    """Random text ends in rows or one refusal."""
    path = tmp_path_factory.mktemp("json") / "a.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with suppress(Refused):
        assert len(rows_of(path)) < 1000
