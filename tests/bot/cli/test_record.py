"""`engawa record`: two files for the shelf, and one plain line for whatever cannot be."""

import json
from pathlib import Path

import pytest

COLUMNS = "house_id,builder_id,servicer_id,handed_over_on,plan_years,owner_id,owner_name"
HOUSES = f"{COLUMNS}\nH1,B1,B1,2022-04-01,50,O1,山田 花子\n"


@pytest.fixture
def house(engawa, folder: Path) -> Path:
    (folder / "houses.csv").write_text(HOUSES, "utf-8")
    (folder / "servicers.csv").write_text("servicer_id,name\nB1,丸太工務店\n", "utf-8")
    assert engawa("import", "servicers.csv", "houses.csv", now="2026-11-01").status == 0
    return folder


def test_paper_and_data_at_once(engawa, house: Path):
    """Both are written, their names told."""
    ended = engawa("record", "H1", "--pdf", "r.pdf", "--json", "r.json", now="2026-12-01")
    assert (ended.status, ended.out.split()) == (0, ["r.pdf", "r.json"])
    assert (house / "r.pdf").read_bytes().startswith(b"%PDF-")
    told = json.loads((house / "r.json").read_text("utf-8"))
    assert (told["schema"], told["version"], told["on"]) == ("engawa.house-record", 1, "2026-12-01")
    same = (house / "r.pdf").read_bytes()
    engawa("record", "H1", "--pdf", "again.pdf", now="2026-12-01")
    assert (house / "again.pdf").read_bytes() == same


def test_without_a_file_it_is_read_here(engawa, house: Path):
    """In either language."""
    assert "認定計画実施者: 記録なし" in engawa("record", "H1", now="2026-12-01").out
    assert "funding plan: not on record" in engawa("record", "H1", "--language", "en", now="2026-12-01").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("H9",), "no house H9"),
        (("H1", "--at", "2026-10-31"), "H1 was taken in on 2026-11-01: nothing before"),
        (("H1", "--at", "soon"), "--at must be a date such as 2027-04-01"),
        (("H1", "--pdf", "no/such/folder.pdf"), "no/such/folder.pdf cannot be written: No such file or directory"),
        (("H1", "--language", "fr"), "--language must be ja or en"),
    ],
)
def test_what_cannot_be_is_one_plain_line(engawa, house: Path, words: tuple[str, ...], said: str):
    ended = engawa("record", *words, now="2026-12-01")
    assert (ended.status, ended.err, ended.out) == (2, f"engawa: {said}\n", "")


def test_the_audit_looks_at_a_copy_of_the_seals(engawa, house: Path):
    """A folder kept elsewhere, before and after somebody took a sheet out of it."""
    engawa("run-once", "--at", "2026-11-02")
    (house / "seals").rename(house / "elsewhere")
    assert engawa("audit", now="2026-11-02").status == 1
    assert engawa("audit", "--seals", "elsewhere", now="2026-11-02").out == "all is well\n"
    sheet = next((house / "elsewhere").rglob("*.jsonl"))
    sheet.write_text(sheet.read_text("utf-8").replace('"H1"', '"H0"'), "utf-8")
    assert "seal_changed: 2026/" in engawa("audit", "--seals", "elsewhere", now="2026-11-02").out
