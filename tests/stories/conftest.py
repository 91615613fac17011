"""Every story is told on SQLite and on PostgreSQL."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.stories.town import Town, town_at


@pytest_asyncio.fixture
async def town(tmp_path: Path, database_url: str) -> AsyncIterator[Town]:
    """A town on 1 November 2026, with its two companies."""
    async with town_at(tmp_path, database_url, "2026-11-01") as found:
        await found.companies()
        yield found
