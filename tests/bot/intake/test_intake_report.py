"""Reports: one line of JSON that scripts can rely on, for files of any length."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.reasons import MESSAGES, Fault, Severity, severity_of
from bot.intake.report import FileReport, Verdict, exit_status

KEYS = ["file", "table", "verdict", "rows_total", "rows_accepted", "problems"]
PROBLEM_KEYS = ["table", "row", "field", "value", "reason", "severity", "message"]


@given(st.lists(st.builds(Fault, st.sampled_from(sorted(MESSAGES)), st.sampled_from(["house_id", None]), st.text())))
def test_a_report_is_one_line_and_the_same_in_pieces(faults):
    """Whatever the cells hold, in UTF-8, with the keys of the format in their order."""
    report = FileReport("住宅.csv", "houses")
    report.add("houses", 2, faults)
    line = "".join(report.json_pieces())
    assert len(line.splitlines()) == 1
    assert line.encode()
    read = json.loads(line)
    assert read == report.to_json()
    assert list(read) == KEYS
    assert [list(problem) for problem in read["problems"]] == [PROBLEM_KEYS] * len(faults)


def test_japanese_is_not_escaped():
    """A person reads it too."""
    report = FileReport("住宅.csv", "houses")
    report.add("houses", 2, [Fault("required", "owner_name")])
    line = "".join(report.json_pieces())
    assert "住宅.csv" in line
    assert "「所有者氏名」が空です" in line


@pytest.mark.parametrize("value", ["\ud800", "a\u2028b", "\x85", "\0", "{label}", "%s", "x" * 100_000])
def test_any_value_can_be_told(value):
    """Half characters, other line ends, braces, endless cells."""
    report = FileReport("a.csv", "houses")
    report.add("houses", 2, [Fault("bad_id", "house_id", value)])
    line = "".join(report.json_pieces())
    assert len(line.splitlines()) == 1
    assert len(line.encode()) < 2000


def test_more_problems_than_memory_should_hold_are_all_there():
    """They wait in a file, in order, also when read twice and added to."""
    report = FileReport("a.csv", "houses")
    for row in range(20_000):
        report.add("houses", row, [Fault("required", "owner_name")])
    assert [problem.row for problem in report.problems] == list(range(20_000))
    report.add("houses", 20_000, [Fault("required", "owner_name")])
    assert len(list(report.problems)) == len(report.problems) == 20_001


@pytest.mark.parametrize(
    ("faults", "row", "verdict"),
    [
        ([], 2, "accept"),
        (["date_form"], 2, "accept_normalised"),
        (["date_form", "consent_missing"], 2, "accept_with_warning"),
        (["consent_missing", "date_form"], 2, "accept_with_warning"),
        (["consent_missing", "required", "date_form"], 2, "reject_row"),
        (["hidden_sheet"], None, "accept_with_warning"),
        (["file_empty"], None, "reject_file"),
    ],
)
def test_the_verdict_is_the_worst_that_happened(faults, row, verdict):
    """In whatever order."""
    report = FileReport("a.csv")
    report.add("houses", row, [Fault(reason) for reason in faults])
    assert report.verdict.name == verdict


@given(st.lists(st.sampled_from(list(Verdict))))
def test_the_exit_status_is_that_of_the_worst_file(verdicts):
    """0 nothing refused, 3 rows, 4 a file."""
    reports = []
    for verdict in verdicts:
        reports.append(FileReport("a.csv"))
        reports[-1].verdict = verdict
    expected = 4 if Verdict.reject_file in verdicts else 3 if Verdict.reject_row in verdicts else 0
    assert exit_status(reports) == expected


def test_every_reason_has_a_message_and_one_severity():
    """Codes are snake_case, messages Japanese."""
    assert {severity_of(reason) for reason in MESSAGES} == set(Severity)
    for reason, message in MESSAGES.items():
        assert reason == reason.lower()
        assert reason.isidentifier()
        assert not message.isascii()
