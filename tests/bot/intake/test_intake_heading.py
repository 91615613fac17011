"""Headers say which table a file is, in either language and any order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.heading import read_heading
from bot.intake.reasons import Refused
from bot.intake.tables import TABLES


@given(st.sampled_from(TABLES), st.booleans(), st.randoms())
def test_every_table_is_known_from_its_headers(table, japanese, random):
    """In any order, Japanese or English."""
    columns = list(table.columns)
    random.shuffle(columns)
    heading, faults = read_heading([column.header if japanese else column.key for column in columns])
    assert heading.table is table
    assert [column for _, column in heading.columns] == columns
    assert faults == []


@given(st.sampled_from(TABLES), st.data())
def test_optional_columns_may_be_missing(table, data):
    """The required columns alone make the table."""
    required = [column for column in table.columns if column.required]
    others = data.draw(st.lists(st.sampled_from(table.columns), unique=True))
    headers = dict.fromkeys(column.header for column in [*required, *others])
    assert read_heading(list(headers))[0].table is table


@pytest.mark.parametrize("header", ["住宅ＩＤ", " 住宅ID", "住宅ID\u3000", "\ufeff住宅ID", "ｈｏｕｓｅ＿ｉｄ"])
def test_width_and_spaces_in_headers_do_not_matter(header):
    """They are compared after NFKC and trimming, and reported as normalised."""
    heading, faults = read_heading([header, "項目コード", "実施日"])
    assert heading.table.name == "records"
    assert [(fault.reason, fault.field, fault.value) for fault in faults] == [("header_form", "house_id", header)]


def test_an_unknown_column_is_a_warning_and_a_reason_is_none():
    """理由 and reason are what we wrote ourselves."""
    heading, faults = read_heading(["理由", "住宅ID", "メモ", "項目コード", "", "実施日", "reason"])
    assert [(fault.reason, fault.value) for fault in faults] == [("unknown_column", "メモ"), ("unknown_column", "")]
    assert heading.mended
    assert heading.cells == ("住宅ID", "メモ", "項目コード", "", "実施日")


@pytest.mark.parametrize(
    ("headers", "reason", "field"),
    [
        (["住宅ID", "項目コード", "結果"], "missing_column", "done_on"),
        (["住宅ID", "項目コード", "実施日", "実施日"], "duplicate_column", "done_on"),
        (["住宅ID", "項目コード", "実施日", "done_on"], "duplicate_column", "done_on"),
        (["住宅ID", "項目コード", "実施日", "実施日 "], "duplicate_column", "done_on"),
        (["住宅ID", "項目コード", "部位", "種別", "初回年", "法定区分"], "missing_column", "interval_years"),
    ],
)
def test_a_missing_or_double_column_refuses_the_file(headers, reason, field):
    """No row can be taken then."""
    heading, _ = read_heading(headers)
    assert [(fault.reason, fault.field) for fault in heading.wrong] == [(reason, field)]


@pytest.mark.parametrize("headers", [["住宅", "氏名"], [""]])
def test_a_heading_that_names_no_table_refuses_the_file(headers):
    with pytest.raises(Refused) as refused:
        read_heading(headers)
    assert [fault.reason for fault in refused.value.faults] == ["unknown_table"]
