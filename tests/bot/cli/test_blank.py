"""`engawa blank`: a workbook where there was none, and never over one that is there."""

import openpyxl
import pytest


def test_it_writes_what_the_importer_takes_in(engawa, folder):
    assert engawa("blank", "b.xlsx").status == 0
    ended = engawa("import", "b.xlsx", now="2026-11-01")
    assert ended.status == 0
    assert "まだ何も記入されていません" in ended.out


def test_the_other_language_is_in_the_comments_only(engawa, folder):
    """Headings are those of the format."""
    engawa("blank", "ja.xlsx")
    engawa("blank", "en.xlsx", "--language", "en")
    japanese, english = openpyxl.load_workbook("ja.xlsx")["住宅"], openpyxl.load_workbook("en.xlsx")["住宅"]
    assert [cell.value for cell in japanese[1]] == [cell.value for cell in english[1]]
    assert "必須です。" in japanese["A1"].comment.text
    assert "Required." in english["A1"].comment.text


def test_a_builders_has_fewer_columns(engawa, folder):
    engawa("blank", "all.xlsx")
    engawa("blank", "builder.xlsx", "--for-builder")
    widths = [openpyxl.load_workbook(name)["住宅"].max_column for name in ("all.xlsx", "builder.xlsx")]
    assert widths[0] - widths[1] == 3


@pytest.mark.parametrize("name", ["there.xlsx", "b.csv", "nowhere/b.xlsx"])
def test_nothing_is_written_over_or_misnamed(engawa, folder, name):
    (folder / "there.xlsx").write_bytes(b"mine")
    assert engawa("blank", name).status == 1
    assert [path.name for path in folder.iterdir()] == ["there.xlsx"]
    assert (folder / "there.xlsx").read_bytes() == b"mine"
