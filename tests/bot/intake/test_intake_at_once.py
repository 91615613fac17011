"""Whoever mends a file mends it once: all that is wrong is told together, in the words that stand in it."""

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.values import code_of
from tests.bot.intake.books import WORDS, load, marked

HEADING = "住宅ID,施工事業者ID,維持管理事業者ID,引渡日,所有者氏名,メール\r\n"
PLAIN = "".join(map(chr, range(0x21, 0x7F)))
CODES = st.text(st.sampled_from(PLAIN), min_size=1, max_size=12)


def wide(text: str) -> str:
    """As an input method in its Japanese mode writes it."""
    return "".join(chr(ord(sign) + 0xFEE0) for sign in text)


def told(report):
    return [(problem.row, problem.field, problem.reason, problem.value) for problem in report.problems]


def test_a_missing_column_hides_nothing_else(take, sent):
    """丸太工務店: 列を足して送り直したら、今度は日付。一度に言ってほしかった。"""
    rows = "H1,S-1,24/4/1,not-a-mail\r\n,S-1,2024-04-01,a@example.jp\r\n"
    (report,) = take(sent("h.csv", "住宅ID,施工事業者ID,引渡日,メール,備考\r\n" + rows.replace("\r\n", ",\r\n")))
    assert (report.verdict.name, report.rows_accepted, report.table) == ("reject_file", 0, "houses")
    assert told(report) == [
        (1, "備考", "unknown_column", "備考"),
        (None, "servicer_id", "missing_column", None),
        (None, "owner_name", "missing_column", None),
        (2, "handed_over_on", "date_ambiguous", "24/4/1"),
        (2, "email", "bad_address", "not-a-mail"),
        (3, "house_id", "required", None),
    ]


def test_a_missing_column_hides_no_row_that_contradicts_another(take, sent):
    """丸太工務店: 同じ住宅が2行あること、共通IDが2軒で同じことも、列を足す前に分かればよかった。"""
    rows = "H1,S-1,2024-04-01,C-1\r\nH2,S-1,2024-04-02,C-1\r\nH1,S-1,2024-04-03,\r\nH1,S-1,2024-04-01,C-1\r\n"
    (report,) = take(sent("h.csv", "住宅ID,施工事業者ID,引渡日,共通ID\r\n" + rows))
    assert report.verdict.name == "reject_file"
    assert [one for one in told(report) if one[0]] == [
        (3, "common_id", "not_unique", "C-1"),
        (4, "house_id", "same_key_other_data", "H1"),  # the fifth line says the same as the second
    ]
    without_a_key = "施工事業者ID,引渡日,共通ID\r\nS-1,2024-04-01,C-1\r\nS-1,2024-04-02,C-1\r\n"
    (report,) = take(sent("h.csv", without_a_key))
    assert [one for one in told(report) if one[0]] == []  # whose each row is cannot be known


def test_nothing_of_such_a_file_is_taken(take, sent, store):
    take(sent("s.csv", "servicer_id,name\r\nS-1,工務店\r\n"), sent("h.csv", "house_id,builder_id\r\nH1,S-1\r\n"))
    assert (list(store.servicers), store.houses, store.plans) == (["S-1"], {}, {})


def test_every_sheet_of_a_workbook_is_looked_at(take, tmp_path):
    book = openpyxl.Workbook()
    book.worksheets[0].title = "住宅"
    for row in (["住宅ID", "引渡日"], ["H1", "24/4/1"]):
        book.worksheets[0].append(row)
    plan = book.create_sheet("維持保全計画")
    for row in (["住宅ID", "項目コード", "部位", "種別", "初回年", "間隔年"], ["H1", "P1", "屋根", "点検", "x", "5"]):
        plan.append(row)
    path = tmp_path / "b.xlsx"
    book.save(path)
    (report,) = take(path)
    found = [(problem.table, problem.reason) for problem in report.problems if problem.row]
    assert found == [("houses", "date_ambiguous"), ("plan", "not_a_number")]


def test_the_marked_copy_shows_them_where_they_are(tmp_path):
    path = tmp_path / "h.csv"
    path.write_text("住宅ID,引渡日\r\nH1,24/4/1\r\n", "utf-8")
    book = load(marked(path))
    assert "24/4/1" in str(book["住宅"]["C2"].value)
    assert book["取込結果"]["A1"].value == WORDS.verdicts["reject_file"]


def test_what_an_office_types_is_understood(take, sent, store):
    """つるが住建: 日本語入力のまま打った表です。"""
    companies = sent("s.csv", "事業者ID,名称\r\nＳ－１,つるが住建\r\n")
    row = "Ｈ１,S-1,Ｓ－１,２０２４／０４／０１,Ｙ田 花子,ｈａｎａ＠ｅｘａｍｐｌｅ．ｊｐ\r\n"
    plan = "住宅ID,項目コード,部位,種別,初回年,間隔年\r\nＨ１,Ｐー１,屋根,点検,５,５年ごと\r\n"
    record = "住宅ID,項目コード,実施日,結果\r\nH1,P-1,２０２５年４月１日,良\r\n"
    reports = take(companies, sent("h.csv", HEADING + row), sent("p.csv", plan), sent("r.csv", record))
    assert [report.rows_accepted for report in reports] == [1, 1, 1, 1]
    house = store.houses["H1"]
    assert (house.servicer_id, house.owner_name, house.addresses) == (
        "S-1",
        "Ｙ田 花子",
        (("email", "hana@example.jp"),),
    )
    assert list(store.plans["H1"]) == ["P-1"]
    assert {problem.severity for problem in reports[3].problems} == {"normalised"}
    assert (2, "house_id", "width_form", "Ｈ１") in told(reports[2])


def test_a_mistake_is_told_as_it_was_written(take, sent):
    """They look for Ｈ９ in their table, and there is no H9."""
    record = "理由,住宅ID,項目コード,実施日\r\nまえの理由,Ｈ９,P1,2025-04-01\r\n"
    (report,) = take(sent("r.csv", record))
    assert told(report) == [(2, "house_id", "unknown_house", "Ｈ９")]


@given(CODES)
def test_width_makes_no_difference_to_a_code(code):
    assert code_of(wide(code)) == code_of(code) == code


@given(st.text(st.characters(exclude_characters="‐‑‒–—―−ー\u3000", exclude_categories=["Cs"])))
def test_nothing_but_width_is_changed(text):
    """5² stays what it is."""
    assert code_of(code_of(text)) == code_of(text)
    usual = "".join(sign for sign in text if not "\uff01" <= sign <= "\uffee")
    assert code_of(usual) == usual


@pytest.mark.parametrize("code", ["5²", "①", "H㎡", "コーポー1", "ー"])
def test_what_is_no_matter_of_width_stays(code):
    assert code_of(code) == code
