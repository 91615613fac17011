"""What people read on a terminal: all that `--json` tells, on lines that fit, and nothing cut."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

WIDTH = 80
OWNER = "長" * 60 + " 花子"
STREET = "x" * 200
SERVICERS = f"servicer_id,name,email\nB1,{'丸太' * 50}工務店,b1@example.jp\n"
HOUSES = (
    "house_id,builder_id,servicer_id,handed_over_on,plan_years,owner_id,owner_name,email,"
    "consent_information_on,consent_mandate_on,address\n"
    f"H1,B1,B1,2022-04-01,50,O1,{OWNER},{'o' * 60}@{'a' * 60}.example.jp,2022-04-01,2022-04-01,[東京都] :a: {STREET}\n"
)
PLAN = (
    f"house_id,item_code,item_name,kind,first_year,interval_years\nH1,P1,{'屋根' * 60},点検,5,5\nH1,P2,基礎,点検,5,5\n"
)


@pytest.fixture
def town(engawa, folder: Path) -> Path:
    """One house whose first inspection is on its way; its names are as long as names get."""
    for name, text in (("servicers", SERVICERS), ("houses", HOUSES), ("plan", PLAN)):
        (folder / f"{name}.csv").write_text(text, "utf-8")
    ended = engawa("import", "servicers.csv", "houses.csv", "plan.csv", now="2026-11-01")
    assert ended.status == 0, ended
    return folder


def values(answer: Any) -> Iterator[str]:
    """Everything in an answer that is not blank."""
    if isinstance(answer, dict):
        answer = list(answer.values())
    if isinstance(answer, list):
        for each in answer:
            yield from values(each)
    elif answer not in (None, ""):
        yield str(answer)


def unspaced(text: str) -> str:
    return "".join(text.split())


def assert_readable(text: str, answer: dict[str, Any]) -> None:
    """Short lines, on which every value is found again."""
    assert [line for line in text.splitlines() if cell_len(line) > WIDTH] == []
    found = unspaced(text)
    assert [value for value in values(answer) if unspaced(value) not in found] == []
    assert "…" not in text


@pytest.mark.parametrize(
    "words", [("house", "H1"), ("work", "H1-1-1"), ("work", "H1-1"), ("servicer", "B1"), ("pending",)]
)
def test_the_whole_truth_fits(engawa, town, words):
    """Eighty columns are enough for everything."""
    engawa("run-once", "--at", "2027-02-01T18:00")
    shown, answer = engawa("show", *words), engawa("show", *words, "--json")
    assert (shown.status, answer.status) == (0, 0)
    assert_readable(shown.out, json.loads(answer.out))


def test_a_case_shows_its_works(engawa, town):
    """Whoever has a case's id at hand needs no other."""
    engawa("run-once", "--at", "2027-02-01T18:00")
    answer = json.loads(engawa("show", "work", "H1-1", "--json").out)
    assert [work["id"] for work in answer["works"]] == ["H1-1-1", "H1-1-2"]
    assert answer["case"]["id"] == "H1-1"
    assert engawa("show", "work", "H1-99").err == "engawa: no work and no case H1-99\n"


def test_what_a_run_did_fits(engawa, town):
    """Keys and names of those who were written to are whole."""
    at = ("--at", "2027-02-01T18:00", "--dry-run")
    answer = json.loads(engawa("run-once", *at, "--json").out)
    assert answer["sent"]
    shown = engawa("run-once", *at).out
    assert_readable(shown, {"sent": [row | {"key": "", "kinds": row["kinds"]} for row in answer["sent"]]})
    assert shown.count("key: ") == len(answer["sent"])


def test_nothing_pending_says_so(engawa, town):
    """An empty screen leaves one wondering."""
    assert engawa("show", "pending").out == "nothing waits\n"
