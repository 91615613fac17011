"""The month's messages: what LINE tells of them, and what goes when the rest is kept for emergencies."""

import pytest

from bot.channels.line.channel import KEPT
from bot.core.allowance import Allowance
from bot.core.delivery import Outcome
from engawa_fakes import Trouble
from tests.bot.channels.contract import envelope
from tests.bot.channels.line.conftest import Line


async def test_line_tells_what_the_month_holds(line: Line):
    line.fake.month, line.fake.used = 20, 15
    assert await line.channel.allowance() == Allowance(20, 15)


async def test_a_plan_without_a_limit_has_none(line: Line):
    line.fake.used = 1_000_000
    assert await line.channel.allowance() == Allowance(None, 0)


@pytest.mark.parametrize("trouble", [Trouble.BUSY, Trouble.BROKEN, Trouble.HTML, Trouble.BAD_JSON, Trouble.BAD_UTF8])
async def test_a_platform_that_does_not_tell_is_not_guessed(line: Line, trouble: Trouble):
    line.fake.month = 20
    line.fake.next(trouble)
    assert await line.channel.allowance() is None


async def test_what_is_kept_back_goes_by_the_next_channel(line: Line):
    receipt = await line.channel.send(envelope(line.user, kept_back=True))
    assert (receipt.outcome, receipt.detail) == (Outcome.REFUSED, KEPT)
    assert line.fake.calls == []


async def test_an_answer_by_reply_needs_no_quota(line: Line):
    line.fake.month = line.fake.used = 20
    ticket = await line.ticket(line.fake.people.say(line.user, "はい"))
    assert (await line.channel.send(envelope(line.user, ticket=ticket, kept_back=True))).outcome is Outcome.SENT
    assert [call.path for call in line.fake.calls] == ["/v2/bot/message/reply"]
