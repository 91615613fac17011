"""Refused rows come back as a list beside the file, ready to be mended and sent again."""

import csv
import json
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.rejected import RejectedRows, guarded, rejected_path, unguarded

FORMULAS = ["=1+1", "+81-90", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", " =1"]


def read_list(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_refused_rows_stand_beside_the_file_with_their_reasons(take, sent, tmp_path):
    """As they were written, in the file's own columns, in UTF-8 with BOM."""
    text = "事業者ID,名称,法人番号,メモ\r\nS-1,工務店,７000012050003,x\r\nS-2,良い工務店,,\r\n,髙﨑,,\r\n"
    take(sent("会社.csv", text.encode("cp932")))
    path = tmp_path / "会社.rejected.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = read_list(path)
    assert rows[0] == ["理由", "事業者ID", "名称", "法人番号", "メモ"]
    assert rows[1][1:] == ["S-1", "工務店", "７000012050003", "x"]
    assert rows[2][1:] == ["", "髙﨑", "", ""]
    assert "法人番号" in rows[1][0]
    assert "事業者ID" in rows[2][0]
    assert len(rows) == 3


def test_a_mended_list_is_taken_and_what_was_guarded_is_itself_again(take, sent, tmp_path, store):
    """The column of reasons is ignored, the guard taken off."""
    take(sent("s.csv", "servicer_id,name,email\r\nS-1,=HYPERLINK(1),x\r\n"))
    path = tmp_path / "s.rejected.csv"
    rows = read_list(path)
    assert rows[1][2] == "'=HYPERLINK(1)"
    rows[1][3] = "a@example.jp"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    report = take(path)[0]
    assert report.verdict.name == "accept"
    assert store.servicers["S-1"].name == "=HYPERLINK(1)"


def test_a_list_refused_again_has_one_column_of_reasons(take, sent, tmp_path):
    """Nothing is guarded twice."""
    take(sent("s.csv", "servicer_id,name,email\r\nS-1,=1,x\r\nS-2,a,b,c\r\n"))
    first = read_list(tmp_path / "s.rejected.csv")
    take(tmp_path / "s.rejected.csv")
    assert read_list(tmp_path / "s.rejected.rejected.csv") == first


def test_a_file_without_refused_rows_leaves_no_list(take, sent, tmp_path):
    """Nor does a file refused as a whole."""
    take(sent("s.csv", "servicer_id,name\r\nS-1,工務店\r\n"), sent("t.csv", "x,y\r\n1,2\r\n"))
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["s.csv", "t.csv"]


def test_a_file_of_several_tables_leaves_a_list_per_table(take, sent, tmp_path):
    """Named after the table."""
    content = {"servicers": [{"name": "x"}], "records": [{"house_id": "H"}, ["odd"]], "plan": []}
    take(sent("all.json", json.dumps(content)))
    assert sorted(path.name for path in tmp_path.glob("*.rejected.csv")) == [
        "all.records.rejected.csv",
        "all.servicers.rejected.csv",
    ]
    rows = read_list(tmp_path / "all.records.rejected.csv")
    assert rows[0][:3] == ["理由", "house_id", "item_code"]
    assert rows[1][1] == "H"
    assert json.loads(rows[2][1]) == ["odd"]


def test_sheets_keep_their_own_columns(take, tmp_path):
    """Dates and numbers as a person sees them."""
    book = openpyxl.Workbook()
    book.worksheets[0].append(["事業者ID", "名称", "許可期限"])
    book.worksheets[0].append([7, "工務店", "=TODAY()"])
    book.save(tmp_path / "s.xlsx")
    take(tmp_path / "s.xlsx")
    assert read_list(tmp_path / "s.rejected.csv")[1][1:] == ["7", "工務店", ""]


def test_files_of_one_name_have_a_list_each(take, sent, tmp_path):
    """What was refused of one is not written over by the other."""
    row = {"servicer_id": "S-2", "name": "", "role": "工務店"}
    text = ",".join(row) + "\n" + ",".join(row.values()) + "\n"
    take(sent("firms.csv", text), sent("firms.json", json.dumps({"servicers": [row | {"servicer_id": "S-3"}]})))
    assert "S-2" in (tmp_path / "firms.rejected.csv").read_text(encoding="utf-8-sig")
    assert "S-3" in (tmp_path / "firms-2.rejected.csv").read_text(encoding="utf-8-sig")


def test_a_list_that_cannot_be_written_is_a_warning(take, sent, tmp_path):
    """The import goes on; the rows are in the report."""
    long_name = "x" * 245 + ".csv"  # its list would have a name longer than the system takes
    report = take(sent(long_name, "servicer_id,name\r\n,x\r\nS-1,工務店\r\n,y\r\n"))[0]
    reasons = [problem.reason for problem in report.problems]
    assert reasons == ["required", "required", "rejected_not_written"]
    assert report.rows_accepted == 1
    assert [entry.name for entry in tmp_path.iterdir()] == [long_name]


@given(st.text() | st.sampled_from(FORMULAS).flatmap(lambda formula: st.just("'" * 3 + formula)))
def test_a_guard_comes_off_as_it_went_on(text):
    """Whatever the text, apostrophes of its own included."""
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", FORMULAS)
def test_nothing_in_a_list_begins_like_a_formula(text):
    """Neither = + - @, nor behind blanks, nor in full width."""
    assert guarded(text) == "'" + text
    assert guarded("'" + text) == "''" + text


@pytest.mark.parametrize(("text", "plain"), [("山田", "山田"), ("'山田", "'山田"), ("", "")])
def test_other_texts_are_not_touched(text, plain):
    """An apostrophe before a name is part of it."""
    assert guarded(text) == unguarded(text) == plain


def test_the_list_appears_whole_or_not_at_all(tmp_path):
    """Until it is finished nothing is there; dropped, nothing remains."""
    rejected = RejectedRows(tmp_path / "a.rejected.csv", ["a"])
    rejected.add(["1"], "x")
    assert not rejected.path.exists()
    rejected.drop()
    assert list(tmp_path.iterdir()) == []
    rejected.add(["1"], "x")
    rejected.finish()
    assert read_list(rejected.path) == [["理由", "a"], ["x", "1"]]


def test_lists_are_named_after_file_and_table():
    """NAME is the file's name without its ending."""
    path = Path("/in/家.2026.xlsx")
    assert rejected_path(path).name == "家.2026.rejected.csv"
    assert rejected_path(path, "houses").name == "家.2026.houses.rejected.csv"
    assert rejected_path(path, "houses", 2).name == "家.2026.houses-2.rejected.csv"
