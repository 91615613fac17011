"""Storage is written once and tested on both databases: a test that asks for ``database_url`` runs twice.

Its schema stands already: it is migrated once for each process of the run, and copied. ``empty_database_url`` is for
those who look at how it comes to stand.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.counterparts.schema import migrated_file

SQLITE, POSTGRESQL = DATABASES = ["sqlite", "postgresql"]


def walks(on_sqlite: Sequence[int], on_postgresql: Sequence[int]) -> pytest.MarkDecorator:
    """What goes on at random, by its ``seed`` and ``database_url``: there are fewer on PostgreSQL, which takes longer.

    A walk finds what people can bring about in any order, on whichever database; a few show that the other one bears
    them as well, and every statement of the program is asked of both elsewhere.
    """
    assert on_sqlite
    assert on_postgresql
    each = [(SQLITE, seed) for seed in on_sqlite] + [(POSTGRESQL, seed) for seed in on_postgresql]
    return pytest.mark.parametrize(("database_url", "seed"), each, indirect=["database_url"])


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database of this test's own, with the schema and nothing in it."""
    if request.param == SQLITE:
        return f"sqlite+aiosqlite:///{shutil.copy(migrated_file(), tmp_path / 'engawa.db')}"
    url: str = request.getfixturevalue("migrated_postgres")
    return url


@pytest.fixture(params=DATABASES)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database of this test's own."""
    if request.param == SQLITE:
        return f"sqlite+aiosqlite:///{tmp_path / 'engawa.db'}"
    url: str = request.getfixturevalue("fresh_postgres")
    return url
