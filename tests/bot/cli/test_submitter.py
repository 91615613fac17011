"""`engawa submitter` and `engawa import --as`: a company's files are the company's."""

import json
from pathlib import Path

import pytest

SERVICERS = "事業者ID,名称,種別\nB1,丸太工務店,\nB2,あおぞら建設,\nA1,ひなた会,団体\n"
HOUSES = "住宅ID,施工事業者ID,維持管理事業者ID,引渡日,所有者氏名,電話\nH1,{0},{0},2022-04-01,山田 花子,03-9999-0000\n"
REPRESENTED = ("--representative", "丸太 太郎", "--acquired", "contract")


@pytest.fixture
def companies(folder: Path, engawa) -> Path:
    (folder / "servicers.csv").write_text(SERVICERS, "utf-8")
    assert engawa("import", "servicers.csv").status == 0
    return folder


def houses(folder: Path, company: str) -> str:
    (folder / "houses.csv").write_text(HOUSES.format(company), "utf-8")
    return "houses.csv"


def test_a_company_is_entered_listed_and_ended(companies: Path, engawa):
    entered = engawa("submitter", "add", "B1", *REPRESENTED, "--json")
    assert ("lacks the address" in entered.err, entered.err.count("\n")) == (True, 1)  # it is taken all the same
    added = json.loads(entered.out)
    assert (added["id"], added["kind"], added["page"].endswith("/intake")) == ("B1", "builder", True)
    assert json.loads(engawa("submitter", "add", "A1", *REPRESENTED, "--json").out)["kind"] == "association"
    assert engawa("submitter", "add", "B1", "--representative", "二代目", "--acquired", "consent").status == 0
    listed = json.loads(engawa("submitter", "list", "--json").out)["submitters"]
    told = [(one["servicer_id"], one["representative"], one["ended_on"] is None) for one in listed]
    assert told == [("B1", "丸太 太郎", False), ("A1", "丸太 太郎", True), ("B1", "二代目", True)]
    assert engawa("submitter", "end", "B1").status == 0
    assert engawa("submitter", "end", "B1").status == 1
    assert engawa("import", "--as", "B1", houses(companies, "B1")).status == 1
    assert engawa("audit").status == 0


def test_nobody_unknown_is_entered(companies: Path, engawa):
    for words in (("B9", *REPRESENTED), ("B1", "--representative", "\n", "--acquired", "contract")):
        refused = engawa("submitter", "add", *words)
        assert (refused.status, refused.err.count("\n")) == (1, 1)


def test_a_file_is_taken_in_as_the_companys(companies: Path, engawa):
    """Without the option it is the operators'; the telephone of an owner who has not agreed is sealed either way."""
    assert engawa("submitter", "add", "B1", *REPRESENTED, "--address", "東京都港区1-1").err == ""
    assert engawa("import", "--as", "B1", houses(companies, "B2")).status == 3
    assert engawa("import", "--as", "B1", "--dry-run", houses(companies, "B1")).status == 0
    assert engawa("show", "house", "H1").status == 1
    assert engawa("import", "--as", "B1", "houses.csv").status == 0
    shown = json.loads(engawa("show", "house", "H1", "--json").out)
    assert "03-9999-0000" not in json.dumps(shown)
    assert engawa("import", "houses.csv").status == 0
    shown = json.loads(engawa("show", "house", "H1", "--json").out)
    assert [(one["submitter"], one["address"], one["acquired"]) for one in shown["brought_by"]] == [
        ("B1", "東京都港区1-1", "contract"),
        ("operator", "", ""),
    ]
    assert "03-9999-0000" not in json.dumps(shown)


def test_an_address_is_registered_listed_told_again_and_removed(companies: Path, engawa):
    """Its secret is said once, and stands in no list; an import since then waits to be told there."""
    engawa("submitter", "add", "B1", *REPRESENTED)
    where = ("B1", "https://hooks.example.jp/engawa", "--event", "import.done")
    added = json.loads(engawa("submitter", "hook", "add", *where, "--json").out)
    assert (added["events"], added["secret"].startswith("whsec_")) == (["import.done"], True)
    assert engawa("submitter", "hook", "add", "B2", where[1]).status == 1
    for loose in ("http://hooks.example.jp/", "https://10.0.0.1/"):
        refused = engawa("submitter", "hook", "add", "B1", loose)
        assert (refused.status, refused.err.count("\n")) == (1, 1)
    (listed,) = json.loads(engawa("submitter", "hook", "list", "--json").out)["hooks"]
    assert (listed["id"], listed["url"], listed["ended_at"]) == (added["id"], where[1], None)
    assert added["secret"] not in json.dumps(listed)
    assert engawa("import", "--as", "B1", houses(companies, "B1")).status == 0
    again = engawa("submitter", "hook", "replay", added["id"], "--since", "2020-01-01", "--json")
    assert json.loads(again.out)["told_again"] == 0  # it is still to be told for the first time
    for wrong in ((), ("--since", "soon"), ("--since", "2020-01-01", "--message", "x")):
        assert engawa("submitter", "hook", "replay", added["id"], *wrong).status == 1
    assert engawa("submitter", "hook", "remove", added["id"]).status == 0
    assert engawa("submitter", "hook", "remove", added["id"]).status == 1
    assert engawa("audit").status == 0
