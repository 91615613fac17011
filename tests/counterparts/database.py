"""Storage is written once and tested on both databases: a test that asks for ``database_url`` runs twice."""

from pathlib import Path

import pytest


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database of this test's own."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'engawa.db'}"
    url: str = request.getfixturevalue("fresh_postgres")
    return url
