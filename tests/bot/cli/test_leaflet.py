"""`engawa leaflet` writes the sheet of a company that is there, and says in one line what is wrong otherwise."""

from io import BytesIO
from pathlib import Path

from pypdf import PdfReader

COMPANIES = "servicer_id,name,status,role,email\nB1,丸太工務店,営業,builder,b1@example.jp\n"


def test_a_company_has_a_leaflet(engawa, folder: Path):
    (folder / "servicers.csv").write_text(COMPANIES, "utf-8")
    assert engawa("import", "servicers.csv", now="2026-11-30").status == 0
    ended = engawa("leaflet", "--servicer", "B1", "--to", "b1.pdf", now="2026-11-30")
    assert (ended.status, ended.out) == (0, "b1.pdf: one page\n")
    assert "丸太工務店" in PdfReader(BytesIO((folder / "b1.pdf").read_bytes())).pages[0].extract_text()


def test_what_cannot_be_is_one_plain_line(engawa, folder: Path):
    for words in (["--servicer", "B9"], ["--lender", "わかば銀行"], ["--servicer", "B9", "--language", "fr"]):
        ended = engawa("leaflet", *words, "--to", "x.pdf", now="2026-11-30")
        assert (ended.status, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert not (folder / "x.pdf").exists()
    assert engawa("leaflet", "--to", "x.pdf", now="2026-11-30").status == 2
