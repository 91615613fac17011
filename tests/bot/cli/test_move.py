"""`engawa move` as people type it: what it says at the end, and the one plain line where it cannot be."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bot.cli.conftest import Ended
from tests.stories.houses import write_houses

Engawa = Callable[..., Ended]
NOWHERE = "postgresql://127.0.0.1:1/x"


@pytest.fixture
def lived(folder: Path, engawa: Engawa) -> Path:
    """A folder whose database has sent something."""
    engawa("import", *map(str, write_houses(folder, 2)), now="2026-11-01")
    engawa("run-once", "--at", "2026-11-02")
    return folder


def test_it_says_what_was_moved_and_what_comes_next(lived: Path, engawa: Engawa, fresh_postgres: str):
    """Every table with its sum; the old file is as it was; the service goes on from the new database."""
    said = engawa("move", "engawa.db", database_url=fresh_postgres)
    assert said.status == 0, said.err
    assert "the same on both sides" in said.out
    assert "the record's chain is whole" in said.out
    assert "no service may ever be started on it again" in said.out
    again = json.loads(engawa("move", "engawa.db", "--json", database_url=fresh_postgres).out)
    assert (again["moved"], again["already"], again["findings"]) == (True, True, [])
    assert again["tables"]["houses"]["rows"] == 2
    ran = json.loads(engawa("run-once", "--at", "2026-11-02", "--json", database_url=fresh_postgres).out)
    assert (ran["observing"], ran["sent"]) == (False, [])
    assert engawa("audit", database_url=fresh_postgres, now="2026-11-02").status == 0
    other = engawa("move", "engawa.db", database_url=fresh_postgres)
    assert (other.status, other.out) == (1, "")
    assert "has gone on since" in other.err


def test_a_target_that_was_looked_at_before_is_still_empty(lived: Path, engawa: Engawa, fresh_postgres: str):
    """`engawa check` on the new database first, as a careful person does."""
    engawa("check", database_url=fresh_postgres, now="2026-11-02")
    engawa("audit", database_url=fresh_postgres, now="2026-11-02")
    said = engawa("move", "engawa.db", database_url=fresh_postgres)
    assert said.status == 0, said.err


def test_with_another_key_the_record_is_told_to_be_changed(lived: Path, engawa: Engawa, fresh_postgres: str):
    """Before anything is decided under it."""
    keys = {"secret_key": "x" * 32, "record_key": "y" * 32}
    said = engawa("move", "engawa.db", database_url=fresh_postgres, **keys)
    assert said.status == 1
    assert "is the record key that of the old database?" in said.out


@pytest.mark.parametrize(
    ("file", "url", "said"),
    [
        ("gone.db", NOWHERE, "gone.db is not there"),
        ("engawa.db", "sqlite:///other.db", "must be the PostgreSQL database"),
        ("engawa.db", NOWHERE, "cannot be opened"),
    ],
)
def test_what_a_person_can_mend_is_one_plain_line(lived: Path, engawa: Engawa, file: str, url: str, said: str):
    """And no file is made for one that is not there."""
    ended = engawa("move", file, database_url=url)
    assert (ended.status, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert said in ended.err
    assert not (lived / "gone.db").exists()


def test_without_the_old_keys_nothing_is_moved(lived: Path, engawa: Engawa):
    """New keys would find every fact of the record changed, so none are made."""
    (lived / "engawa.key").unlink()
    ended = engawa("move", "engawa.db", database_url=NOWHERE)
    assert ended.status == 2
    assert "engawa.key is not there" in ended.err
    assert not (lived / "engawa.key").exists()
