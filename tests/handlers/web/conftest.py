"""Every test of the pages has a town of its own, with its application."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.handlers.web.street import Street, street_at


@pytest_asyncio.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    """A town on 1 November 2026: two companies, no house yet."""
    async with street_at(tmp_path, "2026-11-01") as found:
        yield found
