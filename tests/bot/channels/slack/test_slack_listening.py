"""Slack in Socket Mode: stored before it is acknowledged."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.channels.slack import opening
from bot.channels.slack.listening import ListeningSlack
from bot.core.arrival import Event, Listening, Webhooked
from engawa_fakes.slack import APP, BOT, DESK, FakeSlack
from tests.bot.channels.contract import envelope
from tests.bot.channels.slack.conftest import Machine, context, environment
from tests.bot.channels.slack.test_slack_outward import ALERT


@pytest.fixture
async def listening(fake_slack: FakeSlack, machine: Machine) -> AsyncIterator[ListeningSlack]:
    settings = environment(fake_slack, ENGAWA_SLACK_APP_TOKEN=APP, ENGAWA_SLACK_SIGNING_SECRET="")
    channel = opening.open(context(machine, settings))
    assert isinstance(channel, ListeningSlack)
    yield channel
    await channel.close()


async def acknowledged(slack: FakeSlack, envelope_id: str) -> None:
    while envelope_id not in [answer["envelope_id"] for answer in slack.acknowledged]:
        await slack.heard.wait()
        slack.heard.clear()


async def test_everything_comes_through_the_line(fake_slack: FakeSlack, listening: ListeningSlack):
    """Words, a press and a command: each is stored, and acknowledged after that."""
    kept: list[Event] = []

    async def keep(event: Event) -> None:
        assert fake_slack.acknowledged == [] or len(fake_slack.acknowledged) <= len(kept)
        kept.append(event)

    await listening.send(envelope(DESK, ALERT))
    task = asyncio.create_task(listening.listen(keep))
    press = fake_slack.press("U0SATO", fake_slack.received(DESK)[0], "引き受ける")
    for body in (fake_slack.message("U0FIRM", "3月5日"), press, fake_slack.command("U0SATO", "pending")):
        await acknowledged(fake_slack, await fake_slack.deliver(body))
    task.cancel()
    await asyncio.wait({task})
    heard = [listening.parse(event.raw) for event in kept]
    assert [one.text or one.action for one in heard] == ["3月5日", ALERT.buttons[0].action, "pending::0:"]
    assert [one.at_desk for one in heard] == [False, True, True]


async def test_what_could_not_be_stored_is_not_acknowledged(fake_slack: FakeSlack, listening: ListeningSlack):
    """Slack delivers it again, and the second time it is."""
    tried: list[Event] = []

    async def keep(event: Event) -> None:
        tried.append(event)
        if len(tried) == 1:
            raise OSError("the disk is full")

    task = asyncio.create_task(listening.listen(keep))
    body = fake_slack.message("U0FIRM", "3月5日")
    first = await fake_slack.deliver(body)
    await acknowledged(fake_slack, await fake_slack.deliver(body))
    task.cancel()
    await asyncio.wait({task})
    assert first not in [answer["envelope_id"] for answer in fake_slack.acknowledged]
    assert tried[0].id == tried[1].id


async def test_a_poisoned_body_blocks_none_behind_it(fake_slack: FakeSlack, listening: ListeningSlack):
    """Bolt itself stumbles over some of these, and the line goes on: what comes after them is stored."""
    kept: list[Event] = []

    async def keep(event: Event) -> None:
        kept.append(event)

    odd: list[dict[str, Any]] = [
        {},
        {"type": "event_callback"},
        {"type": "event_callback", "event_id": 7, "event": "x", "authorizations": "x"},
        {"type": "block_actions", "user": [], "actions": ["x"]},
        {"type": "view_submission", "view": "x", "user": "x"},
        {"type": ["event_callback"], "event": {"type": {}}},
    ]
    task = asyncio.create_task(listening.listen(keep))
    for body in odd:
        await fake_slack.deliver(body)
    await acknowledged(fake_slack, await fake_slack.deliver(fake_slack.message("U0FIRM", "3月5日")))
    task.cancel()
    await asyncio.wait({task})
    assert [listening.parse(event.raw).text for event in kept] == ["3月5日"]


def test_one_setting_decides_which_way_it_is(listening: ListeningSlack):
    assert isinstance(listening, Listening)
    assert not isinstance(listening, Webhooked)
    assert not any(secret in repr(listening) for secret in (APP, BOT))
