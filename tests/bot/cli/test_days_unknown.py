"""A standing is told of days of which something is known."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.stories.houses import write_houses


@pytest.fixture
def house(folder: Path, engawa) -> str:
    """Taken in on 1 November 2026."""
    engawa("import", *map(str, write_houses(folder, 1)), now="2026-11-01")
    with closing(sqlite3.connect(folder / "engawa.db")) as database:
        return database.execute("SELECT min(id) FROM houses").fetchone()[0]


@pytest.mark.parametrize(
    ("day", "why"),
    [("2026-11-03", "--at 2026-11-03 is still to come"), ("2026-10-31", "was taken in on 2026-11-01: nothing before")],
)
def test_a_day_of_which_nothing_is_known(engawa, house: str, day: str, why: str):
    ended = engawa("show", "standing", house, "--at", day, now="2026-11-02")
    assert (ended.status, ended.out) == (2, "")
    assert why in ended.err
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize("day", ["2026-11-01", "2026-11-02"])
def test_the_first_day_and_today_are_known(engawa, house: str, day: str):
    told = json.loads(engawa("show", "standing", house, "--at", day, "--json", now="2026-11-02").out)
    assert told["on"] == day
