"""`engawa handover`: the number of a handover is found, and what cannot be is one plain line."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.bot.cli.conftest import Ended
from tests.stories.houses import write_houses


def refused(ended: Ended, why: str) -> None:
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith("engawa: ")
    assert why in ended.err
    assert ended.err.count("\n") == 1


def test_its_number_is_on_the_list_with_its_times_in_japan(engawa, folder: Path):
    engawa("import", *map(str, write_houses(folder, 2)), now="2026-11-01")
    assert engawa("handover", "list").out == "there is no handover\n"
    with closing(sqlite3.connect(folder / "engawa.db")) as database:
        name = database.execute("SELECT min(servicer_id) FROM houses").fetchone()[0]
    words = ("handover", "--servicer", name, "--reason", "closed", "--json")
    prepared = json.loads(engawa(*words, now="2026-11-02T09:00").out)
    (row,) = json.loads(engawa("handover", "list", "--json").out)["handovers"]
    assert (row["handover"], row["servicer_id"], row["state"]) == (prepared["handover"], name, "prepared")
    assert row["prepared_at"] == prepared["prepared_at"] == "2026-11-02T09:00:00+09:00"


def test_a_reason_that_there_is_not(engawa):
    refused(engawa("handover", "--servicer", "B1", "--reason", "sold"), "--reason sold: what there is is closed")


def test_what_is_no_number(engawa):
    for command in (("show", "B1"), ("approve", "x", "--by", "sato"), ("undo", "1.5"), ("resume", "１")):
        refused(engawa("handover", *command), f"{command[1]} is no number of a handover")
