"""What these tests share: a channel that speaks to a counterpart, and machine time to wind."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from bot.channels.line.channel import LineChannel, open_channel
from bot.channels.line.settings import API_BASE, CHANNEL_SECRET, CHANNEL_TOKEN, read_settings
from bot.channels.registry import Context
from bot.config import Settings
from bot.core.arrival import Answer, Event
from engawa_fakes.line import FakeLine
from engawa_fakes.line.people import Json
from tests.bot.channels.contract import envelope
from tests.bot.channels.line.samples import WORDS


@dataclass
class MachineTime:
    """Stands still until it is wound."""

    now: datetime = field(default=datetime(2026, 11, 26, 1, 0, tzinfo=UTC))

    def monotonic(self) -> float:
        return self.now.timestamp()

    def machine_now(self) -> datetime:
        return self.now

    def wind(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Line:
    """The platform, the channel, and somebody who is there."""

    fake: FakeLine
    channel: LineChannel
    time: MachineTime
    user: str

    async def knock(self, *events: Json) -> Answer:
        body = self.fake.people.body(*events)
        return await self.channel.webhooks[0].read(self.fake.people.signed(body), body)

    async def event(self, event: Json) -> Event:
        (stored,) = (await self.knock(event)).events
        return stored

    async def ticket(self, event: Json) -> str:
        return self.channel.parse((await self.event(event)).raw).ticket


def context_for(environment: dict[str, str], time: MachineTime) -> Context:
    return Context(Settings(), environment, WORDS, time.monotonic, time.machine_now)


@pytest.fixture
def machine_time() -> MachineTime:
    return MachineTime()


@pytest.fixture
def open_line(fake_line: FakeLine, machine_time: MachineTime) -> Callable[..., LineChannel]:
    """``open_line(**options)``: a channel to this counterpart; whoever opens it closes it."""
    environment = {CHANNEL_SECRET: fake_line.secret, CHANNEL_TOKEN: fake_line.token, API_BASE: fake_line.url}
    settings = read_settings(environment)
    assert settings is not None
    return partial(open_channel, settings, context_for(environment, machine_time))


@pytest.fixture
async def line(
    fake_line: FakeLine, machine_time: MachineTime, open_line: Callable[..., LineChannel]
) -> AsyncIterator[Line]:
    channel = open_line()
    yield Line(fake_line, channel, machine_time, fake_line.people.user())
    await channel.close()


@pytest.fixture
async def impatient(open_line: Callable[..., LineChannel]) -> AsyncIterator[LineChannel]:
    """A second channel to the same counterpart, which soon gives up. Only what is urgent is not preceded by a look."""
    channel = open_line(patience=0.5)
    yield channel
    await channel.close()


@pytest.fixture
async def knowing(line: Line) -> Line:
    """The same, after the channel has looked at its quota: the next request is the message."""
    await line.channel.send(envelope(line.user))
    line.fake.sent.clear()
    line.fake.used = 0
    line.fake.calls.clear()
    return line
