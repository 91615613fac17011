"""The fixtures. Each is an empty platform of its own, running while the test runs."""

from collections.abc import AsyncIterator

import pytest_asyncio

from engawa_fakes.guarantor import FakeGuarantor
from engawa_fakes.line import FakeLine
from engawa_fakes.mail import FakeMail
from engawa_fakes.provider import FakeCouncil, FakeProvider
from engawa_fakes.slack import FakeSlack
from engawa_fakes.submitter import FakeSubmitter
from engawa_fakes.telegram import FakeTelegram


@pytest_asyncio.fixture
async def fake_line() -> AsyncIterator[FakeLine]:
    """LINE's Messaging API: ``fake_line.url`` is the API base."""
    async with FakeLine() as fake:
        yield fake


@pytest_asyncio.fixture
async def fake_mail() -> AsyncIterator[FakeMail]:
    """A mail server: ``fake_mail.url`` is its smtp:// address."""
    async with FakeMail() as fake:
        yield fake


@pytest_asyncio.fixture
async def fake_slack() -> AsyncIterator[FakeSlack]:
    """Slack's Web API, and Socket Mode."""
    async with FakeSlack() as fake:
        yield fake


@pytest_asyncio.fixture
async def fake_telegram() -> AsyncIterator[FakeTelegram]:
    """Telegram's Bot API: base URL ``fake_telegram.api``, token ``fake_telegram.token``."""
    async with FakeTelegram() as fake:
        yield fake


@pytest_asyncio.fixture
async def fake_provider() -> AsyncIterator[FakeProvider]:
    """A provider of house histories: base URL ``fake_provider.url``, token ``fake_provider.token``."""
    async with FakeProvider() as fake:
        yield fake


@pytest_asyncio.fixture
async def fake_guarantor() -> AsyncIterator[FakeGuarantor]:
    """A guarantor's core system: base URL ``fake_guarantor.url``, secret ``fake_guarantor.secret``."""
    async with FakeGuarantor() as fake:
        yield fake


@pytest_asyncio.fixture
async def fake_council() -> AsyncIterator[FakeCouncil]:
    """The council that knows who keeps what: base URL ``fake_council.url``, token ``fake_council.token``."""
    async with FakeCouncil() as fake:
        yield fake


@pytest_asyncio.fixture
async def fake_submitter() -> AsyncIterator[FakeSubmitter]:
    """A submitter's own system: told at ``fake_submitter.hook``, once it knows ``fake_submitter.secret``."""
    async with FakeSubmitter() as fake:
        yield fake
