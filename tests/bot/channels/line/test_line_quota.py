"""The month's messages: watched, and a share of them kept for the night on which everybody must be reached."""

import asyncio
from typing import Any

import pytest

from bot.channels.line.quota import FRESH, KEPT, Allowance, Quota
from bot.core.delivery import Outcome
from engawa_fakes import Trouble
from tests.bot.channels.contract import envelope
from tests.bot.channels.line.conftest import Line, MachineTime


async def outcomes(line: Line, count: int, **given: Any) -> list[Outcome]:
    return [(await line.channel.send(envelope(line.user, **given))).outcome for _ in range(count)]


async def test_a_share_is_kept_for_emergencies(line: Line):
    """Of twenty messages the last two: an ordinary one goes by the next channel, an urgent one goes out."""
    line.fake.month, line.fake.used = 20, 15
    assert await outcomes(line, 4) == [Outcome.SENT] * 3 + [Outcome.REFUSED]
    refused = await line.channel.send(envelope(line.user))
    assert refused.detail == KEPT
    assert await outcomes(line, 3, urgent=True) == [Outcome.SENT] * 2 + [Outcome.REFUSED]


async def test_many_at_once_do_not_slip_into_the_share(line: Line):
    line.fake.month = 100
    receipts = await asyncio.gather(*(line.channel.send(envelope(line.user)) for _ in range(120)))
    assert [receipt.outcome for receipt in receipts].count(Outcome.SENT) == 90
    assert line.fake.used == 90


async def test_an_answer_by_reply_needs_no_quota(line: Line):
    line.fake.month = line.fake.used = 20
    ticket = await line.ticket(line.fake.people.say(line.user, "はい"))
    assert (await line.channel.send(envelope(line.user, ticket=ticket))).outcome is Outcome.SENT
    assert [call.path for call in line.fake.calls] == ["/v2/bot/message/reply"]


async def test_it_is_asked_at_most_now_and_then(line: Line):
    """The platform allows sixty such requests an hour; ours are a fifth of that."""
    for _ in range(60):
        await line.channel.send(envelope(line.user))
        line.time.wind(60)
    asked = [call for call in line.fake.calls if call.path.endswith("/quota")]
    assert len(asked) == 3600 / FRESH


async def test_a_new_month_is_seen(line: Line):
    line.fake.month = line.fake.used = 20
    assert await outcomes(line, 1) == [Outcome.REFUSED]
    line.fake.used = 0
    line.time.wind(FRESH)
    assert await outcomes(line, 1) == [Outcome.SENT]


async def test_what_was_not_taken_does_not_count(line: Line):
    line.fake.month, line.fake.used = 20, 17
    await line.channel.send(envelope("U" + "0" * 32))
    assert await outcomes(line, 2) == [Outcome.SENT, Outcome.REFUSED]


@pytest.mark.parametrize("trouble", [each for each in Trouble if each is not Trouble.SILENT])
async def test_a_platform_that_does_not_tell_holds_nothing_back(line: Line, trouble: Trouble):
    line.fake.month = 20
    line.fake.next(trouble)
    assert await outcomes(line, 1) == [Outcome.SENT]


async def test_without_a_limit_nothing_is_held_back(line: Line):
    line.fake.used = 1_000_000
    assert await outcomes(line, 1) == [Outcome.SENT]


async def test_a_look_that_fails_keeps_what_was_known(machine_time: MachineTime):
    told: list[Allowance | None] = [Allowance(10, 9), None]

    async def look() -> Allowance | None:
        return told.pop(0)

    quota = Quota(look, machine_time.monotonic)
    assert not await quota.take(urgent=False)
    machine_time.wind(FRESH)
    assert not await quota.take(urgent=False)
    assert await quota.take(urgent=True)
