"""What the service promises it promises on SQLite and on PostgreSQL: a test that opens one of them alone says why."""

from pathlib import Path

import pytest

from tests.house import databases_of_one_kind

TESTS = Path(__file__).parent
BOTH = ("stories", "storage")
MANY = "several workers share the rounds on PostgreSQL only: on SQLite one process has them"
DROPPED = "a server can drop a connection, a file cannot"
ALONE = {
    "stories/test_demo.py": "the demo is an SQLite file that goes with it",
    "stories/test_demo_command.py": "the demo is an SQLite file that goes with it",
    "stories/test_moved.py": "a move is from SQLite to PostgreSQL",
    "storage/test_moving.py": "a move is from SQLite to PostgreSQL",
    "stories/test_at_once.py": "two transactions write at once on PostgreSQL only",
    "stories/test_workers.py": MANY,
    "stories/test_day_of_faults.py": MANY,
    "storage/test_shared_claims.py": MANY,
    "stories/copies.py": "a copy is opened as what it was made of",
    "stories/test_history_in_papers.py": "the house is on both; who takes its papers in is another installation",
    "stories/test_pack_elsewhere.py": "the house is on both; who takes its papers in is another installation",
    "storage/test_exclusive.py": DROPPED,
    "storage/test_starts.py": DROPPED,
    "storage/test_storage_schema.py": "how SQLite is told to wait for the disk",
}


def test_every_story_is_told_on_both():
    """And so is every test of storage, and whatever either of them opens a town by."""
    files = [path for folder in BOTH for path in (TESTS / folder).rglob("*.py")]
    found = {str(path.relative_to(TESTS)): databases_of_one_kind(path.read_text("utf-8")) for path in files}
    alone = {name: places for name, places in found.items() if places}
    assert {name: places for name, places in alone.items() if name not in ALONE} == {}
    assert ALONE.keys() - alone.keys() == set()  # what runs on both by now needs no reason


@pytest.mark.parametrize(
    "source",
    [
        "url = f\"sqlite:///{folder / 'engawa.db'}\"",
        "town_at(folder, 'sqlite+aiosqlite:///x.db', '2026-11-01')",
        "open_database(f'postgresql+asyncpg://{host}/engawa')",
        "async def town(tmp_path, fresh_postgres):\n    yield",
        "async def test_it(migrated_postgres: str):\n    pass",
        "street_at(tmp_path, '2026-11-01')",
        "street_at(tmp_path, '2026-11-01', settings={})",
        "from tests.handlers.web.conftest import street as street",
        "from bot.cli.demo import open_town",
        "RUN = 'from bot.cli.demo import command; command()'",
    ],
)
def test_a_database_of_one_kind_is_seen(source: str):
    """By its URL, by a fixture that is one, or by what opens an SQLite file unless it is told another."""
    assert len(databases_of_one_kind(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "async def town(tmp_path, database_url):\n    yield",
        "street_at(tmp_path, '2026-11-01', database_url)",
        "street_at(tmp_path, '2026-11-01', database_url=url)",
        "town_at(folder, url, '2026-11-01')",
        'def f():\n    """sqlite:///x.db is one."""',
        "if dialect == 'sqlite':\n    pass",
    ],
)
def test_a_database_that_was_handed_in_is_fine(source: str):
    """Both are asked for under one name."""
    assert databases_of_one_kind(source) == []
