"""The fixtures. Each is an empty platform of its own, running while the test runs."""

from collections.abc import AsyncIterator

import pytest_asyncio

from engawa_fakes.line import FakeLine


@pytest_asyncio.fixture
async def fake_line() -> AsyncIterator[FakeLine]:
    """LINE's Messaging API: ``fake_line.url`` is the API base."""
    async with FakeLine() as fake:
        yield fake
