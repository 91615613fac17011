"""Storage is written once and tested on both databases: a test that asks for ``database_url`` runs twice.

Its schema stands already: it is migrated once for each process of the run, and copied. ``empty_database_url`` is for
those who look at how it comes to stand.
"""

import shutil
from pathlib import Path

import pytest

from tests.counterparts.schema import migrated_file

DATABASES = ["sqlite", "postgresql"]


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database of this test's own, with the schema and nothing in it."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{shutil.copy(migrated_file(), tmp_path / 'engawa.db')}"
    url: str = request.getfixturevalue("migrated_postgres")
    return url


@pytest.fixture(params=DATABASES)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database of this test's own."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'engawa.db'}"
    url: str = request.getfixturevalue("fresh_postgres")
    return url
