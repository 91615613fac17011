"""Every story is told on SQLite and on PostgreSQL."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from engawa_fakes.line import FakeLine
from engawa_fakes.slack import FakeSlack
from engawa_fakes.telegram import FakeTelegram
from tests.handlers.web.street import Street, street_at
from tests.stories.five_channels import Loopback, platforms_at
from tests.stories.phones import Platforms
from tests.stories.town import Town, town_at


@pytest_asyncio.fixture
async def town(tmp_path: Path, database_url: str) -> AsyncIterator[Town]:
    """A town on 1 November 2026, with its two companies."""
    async with town_at(tmp_path, database_url, "2026-11-01") as found:
        await found.companies()
        yield found


@pytest_asyncio.fixture
async def post_town(tmp_path: Path, database_url: str, smtp_sink) -> AsyncIterator[Town]:
    """A town whose company is reached by mail only."""
    environment = {"ENGAWA_SMTP_URL": smtp_sink.url, "ENGAWA_MAIL_FROM": "engawa@example.jp"}
    async with town_at(tmp_path, database_url, "2026-11-01", environment) as town:
        company = {"servicer_id": "B1", "name": "丸太工務店", "status": "営業", "email": "b1@example.jp"}
        await town.take(servicers=[company])
        await town.house()
        yield town


@pytest_asyncio.fixture
async def empty_town(tmp_path: Path, database_url: str) -> AsyncIterator[Town]:
    """A town before anybody has moved in."""
    async with town_at(tmp_path, database_url, "2026-11-01") as found:
        yield found


@pytest_asyncio.fixture
async def street(tmp_path: Path, database_url: str) -> AsyncIterator[Street]:
    """A town with its web pages on, no house yet."""
    async with street_at(tmp_path, "2026-11-01", database_url) as found:
        yield found


@pytest_asyncio.fixture
async def loopback(fake_line: FakeLine, fake_telegram: FakeTelegram, fake_slack: FakeSlack, smtp_sink) -> Loopback:
    return Loopback(fake_line, fake_telegram, fake_slack, smtp_sink)


@pytest_asyncio.fixture
async def five_channels(tmp_path: Path, database_url: str, loopback: Loopback) -> AsyncIterator[Platforms]:
    async with platforms_at(tmp_path, database_url, loopback) as platforms:
        yield platforms
