"""A Slack channel on a Slack of its own, with a machine clock to wind."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientTimeout

from bot.channels.registry import Context
from bot.channels.slack import opening
from bot.channels.slack.called import CalledSlack
from bot.channels.slack.channel import SlackChannel
from bot.channels.slack.settings import read_settings
from bot.config import Settings
from bot.core.arrival import Answer, Event
from bot.core.message import Button
from engawa_fakes import Trouble
from engawa_fakes.slack import APP, BOT, DESK, GONE, RETRY_AFTER, SECRET, FakeSlack
from templates.catalogue import Catalogue

WORDS = Catalogue().words


@dataclass
class Machine:
    """Stands still until it is wound."""

    at: datetime = datetime(2026, 11, 26, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def wind(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def environment(slack: FakeSlack, **given: str) -> dict[str, str]:
    usual = {
        "ENGAWA_SLACK_BOT_TOKEN": BOT,
        "ENGAWA_SLACK_SIGNING_SECRET": SECRET,
        "ENGAWA_SLACK_API_BASE": slack.api,
        "ENGAWA_SLACK_STAFF_CHANNEL": DESK,
    }
    return usual | given


def context(machine: Machine, environment: Mapping[str, str]) -> Context:
    return Context(Settings(), environment, WORDS, lambda: machine.at.timestamp(), machine.now)


@dataclass
class SlackRig:
    """Both directions, for the contract and for what is Slack's own."""

    slack: FakeSlack
    machine: Machine
    channel: Any
    address: str = "U0SATO"
    blocked: str = GONE
    secrets: tuple[str, ...] = (BOT, APP, SECRET)
    refusals: Mapping[str, int] = field(default_factory=lambda: {"no text": 401})  # the SDK signs texts alone
    hasty: Any = None  # the contract's
    odds: Mapping[str, Trouble] = field(
        default_factory=lambda: {
            one.value: one for one in (Trouble.HTML, Trouble.BAD_JSON, Trouble.BAD_UTF8, Trouble.DROPPED)
        }
    )

    def reached(self, address: str) -> list[str]:
        return [shown.words for shown in self.slack.received(address)]

    def busy(self) -> float | None:
        self.slack.next(Trouble.BUSY)
        return float(RETRY_AFTER)

    def broken(self) -> None:
        self.slack.next(Trouble.BROKEN)

    def odd(self) -> list[str]:
        return list(self.odds)

    def strange(self, how: str) -> None:
        self.slack.next(self.odds[how])

    def lost(self) -> None:
        self.slack.next(Trouble.LOST)

    def hangs(self) -> None:
        self.slack.next(Trouble.SILENT)

    def locked_out(self) -> None:
        self.slack.token = "xoxb-another"

    # Inward.

    async def at_door(self, body: Mapping[str, Any]) -> Answer:
        """A genuine request with this body."""
        path, packed = self.slack.packed(body)
        (door,) = (webhook for webhook in self.channel.webhooks if webhook.path == path)
        answer: Answer = await door.read(self.signed(packed), packed)
        return answer

    async def event(self, body: Mapping[str, Any]) -> Event:
        answer = await self.at_door(body)
        assert answer.status == 200
        (event,) = answer.events
        return event

    async def heard(self, body: Mapping[str, Any]) -> Any:
        return self.channel.parse((await self.event(body)).raw)

    async def says(self, text: str) -> Event:
        return await self.event(self.slack.message(self.address, text))

    async def presses(self, button: Button) -> Event:
        pressed = {"type": "button", "action_id": "press-0", "value": button.action, "action_ts": self.slack.stamp()}
        who = {"id": self.address, "username": "sato"}
        where = {"channel": {"id": DESK}, "message": {"ts": "1.000000"}, "container": {"type": "message"}}
        return await self.event({"type": "block_actions", "user": who, **where, "actions": [pressed]})

    async def sends_file(self, data: bytes) -> Event:
        return await self.event(self.slack.sends_file(self.address, data))

    async def knocks(self, headers: Mapping[str, str], body: bytes) -> Answer | None:
        answer: Answer = await self.channel.webhooks[0].read(headers, body)
        return answer

    def signed(self, body: bytes) -> dict[str, str]:
        return self.slack.sign(body, self.machine.at.timestamp())

    def genuine(self) -> bytes:
        return self.slack.packed(self.slack.message(self.address, "終わりました"))[1]


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
async def rig(fake_slack: FakeSlack, machine: Machine) -> AsyncIterator[SlackRig]:
    channel = opening.open(context(machine, environment(fake_slack)))
    assert isinstance(channel, CalledSlack)
    settings = read_settings(environment(fake_slack))
    assert settings is not None
    hasty = SlackChannel(settings, context(machine, {}), ClientTimeout(total=0.5))
    yield SlackRig(fake_slack, machine, channel, hasty=hasty)
    await channel.close()
    await hasty.close()


@pytest.fixture
def hearing(rig: SlackRig) -> SlackRig:
    return rig
