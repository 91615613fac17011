"""`engawa import --marked`: copies in a folder, one per file, and none written over what was sent."""

import json

import openpyxl
import pytest

GOOD = "事業者ID,名称\nB1,丸太工務店\n"
BAD = "事業者ID,名称\nB2,\n"


@pytest.fixture
def files(folder):
    (folder / "a.csv").write_text(GOOD, "utf-8")
    (folder / "more").mkdir()
    (folder / "more" / "a.csv").write_text(BAD, "utf-8")
    (folder / "j.json").write_text(json.dumps({"servicers": [{"servicer_id": "B3"}]}), "utf-8")
    return folder


def test_each_file_has_a_copy_and_json_none(engawa, files):
    """Two files of one name have one each; stdout stays what scripts read."""
    ended = engawa("import", "a.csv", "more/a.csv", "j.json", "--marked", "out", "--json", now="2026-11-01")
    assert ended.status == 3
    assert [json.loads(line)["verdict"] for line in ended.out.splitlines()] == ["accept", "reject_row", "reject_row"]
    assert sorted(path.name for path in (files / "out").iterdir()) == ["a-2.marked.xlsx", "a.marked.xlsx"]
    assert openpyxl.load_workbook(files / "out" / "a-2.marked.xlsx")["事業者"]["C2"].value == "「名称」が空です"
    assert "j.json: no marked copy" in ended.err


def test_a_dry_run_marks_too(engawa, files):
    """To look first, in either language; nothing else is left."""
    ended = engawa("import", "more/a.csv", "--dry-run", "--marked", "out", "--language", "en", now="2026-11-01")
    assert ended.status == 3
    assert openpyxl.load_workbook("out/a.marked.xlsx")["事業者"]["C2"].value == "“名称” is blank"
    assert not list((files / "more").glob("*.rejected.csv"))


def test_what_was_sent_is_not_written_over(engawa, files):
    """Also when a copy is sent from where copies go."""
    engawa("import", "more/a.csv", "--marked", "out", now="2026-11-01")
    (files / "out" / "a.marked.xlsx").rename(files / "out" / "a.xlsx")
    (files / "out" / "a.marked.xlsx").write_bytes(b"broken")
    ended = engawa("import", "out/a.xlsx", "out/a.marked.xlsx", "--marked", "out", now="2026-11-01")
    assert ended.status == 4
    assert (files / "out" / "a.marked.xlsx").read_bytes() == b"broken"
    assert (files / "out" / "a-2.marked.xlsx").exists()


def test_a_folder_that_cannot_be_written_is_told(engawa, files):
    """The import itself stands."""
    (files / "out").write_bytes(b"a file")
    ended = engawa("import", "a.csv", "--marked", "out", now="2026-11-01")
    assert ended.status == 0
    assert "cannot be written" in ended.err
