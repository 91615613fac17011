"""What becomes of a message: by reply while the token lives, by push otherwise, and what each refusal means."""

import json
from uuid import uuid4

import pytest

from bot.channels.line.answers import SOON
from bot.channels.line.channel import LineChannel
from bot.core.delivery import Outcome
from engawa_fakes import Trouble
from engawa_fakes.line.fake import MONTH
from tests.bot.channels.contract import envelope
from tests.bot.channels.line.conftest import Line

PUSH, REPLY = "/v2/bot/message/push", "/v2/bot/message/reply"


def ways(line: Line) -> list[str]:
    return [sent.way for sent in line.fake.sent]


def paths(line: Line) -> list[str]:
    return [call.path for call in line.fake.calls]


async def test_a_push_carries_its_key_from_the_first_attempt(knowing: Line):
    """https://developers.line.biz/en/docs/messaging-api/retrying-api-request/: "specify the retry key always"."""
    said = envelope(knowing.user)
    await knowing.channel.send(said)
    (call,) = knowing.fake.calls
    assert call.path == PUSH
    assert call.headers["X-Line-Retry-Key"] == said.key


async def test_a_repeat_is_the_same_bytes_and_names_the_first(knowing: Line):
    said = envelope(knowing.user)
    first, second = await knowing.channel.send(said), await knowing.channel.send(said)
    assert knowing.fake.calls[0].body == knowing.fake.calls[1].body
    assert (second.outcome, second.provider_id) == (Outcome.SENT, first.provider_id)
    assert len(knowing.fake.received(knowing.user)) == 1


async def test_an_id_that_a_file_writes_in_capitals_reaches_its_person(knowing: Line):
    receipt = await knowing.channel.send(envelope(knowing.user.upper()))
    assert receipt.outcome is Outcome.SENT
    assert len(knowing.fake.received(knowing.user)) == 1


async def test_a_silence_is_settled_by_the_key(knowing: Line, impatient: LineChannel):
    """It was taken, and no answer ever comes: the repeat learns so."""
    said = envelope(knowing.user, urgent=True)
    knowing.fake.next(Trouble.SILENT)
    assert (await impatient.send(said)).outcome is Outcome.UNKNOWN
    assert (await knowing.channel.send(said)).outcome is Outcome.SENT
    assert len(knowing.fake.received(knowing.user)) == 1


async def test_an_answer_goes_by_reply_and_costs_nothing(knowing: Line):
    ticket = await knowing.ticket(knowing.fake.people.say(knowing.user, "はい"))
    receipt = await knowing.channel.send(envelope(knowing.user, ticket=ticket))
    assert receipt.outcome is Outcome.SENT
    assert receipt.provider_id
    assert (ways(knowing), knowing.fake.used) == (["reply"], 0)
    assert "X-Line-Retry-Key" not in knowing.fake.calls[-1].headers  # refused there


async def test_a_token_serves_once_and_the_next_message_is_pushed(knowing: Line):
    ticket = await knowing.ticket(knowing.fake.people.press(knowing.user, "ok:H-0001-1:0:"))
    for _ in range(2):
        assert (await knowing.channel.send(envelope(knowing.user, ticket=ticket))).outcome is Outcome.SENT
    assert ways(knowing) == ["reply", "push"]


async def test_an_old_token_is_not_even_tried(knowing: Line):
    ticket = await knowing.ticket(knowing.fake.people.say(knowing.user, "はい"))
    knowing.time.wind(51)
    await knowing.channel.send(envelope(knowing.user, ticket=ticket))
    assert paths(knowing) == [PUSH]


async def test_a_token_that_the_platform_no_longer_takes_is_no_failure(knowing: Line):
    ticket = await knowing.ticket(knowing.fake.people.say(knowing.user, "はい"))
    knowing.fake.people.expire()
    assert (await knowing.channel.send(envelope(knowing.user, ticket=ticket))).outcome is Outcome.SENT
    assert paths(knowing) == [REPLY, PUSH]


@pytest.mark.parametrize(
    "ticket", ["", "x", "2026-11-26 t", "2026-11-26T01:00:00 naive", "9999-99-99T00:00:00+00:00 t"]
)
async def test_a_ticket_that_is_none_is_none(knowing: Line, ticket: str):
    assert (await knowing.channel.send(envelope(knowing.user, ticket=ticket))).outcome is Outcome.SENT
    assert ways(knowing) == ["push"]


async def test_a_reply_whose_answer_was_lost_reaches_them_once(knowing: Line):
    """No key goes with a reply; that the token is refused the second time says that the first was taken."""
    ticket = await knowing.ticket(knowing.fake.people.say(knowing.user, "はい"))
    knowing.fake.next(Trouble.LOST)
    assert (await knowing.channel.send(envelope(knowing.user, ticket=ticket))).outcome is Outcome.SENT
    assert ways(knowing) == ["reply"]


async def test_a_reply_that_broke_on_the_way_is_made_again(knowing: Line):
    ticket = await knowing.ticket(knowing.fake.people.say(knowing.user, "はい"))
    knowing.fake.next(Trouble.DROPPED)
    assert (await knowing.channel.send(envelope(knowing.user, ticket=ticket))).outcome is Outcome.SENT
    assert ways(knowing) == ["reply"]
    assert paths(knowing) == [REPLY, REPLY]


@pytest.mark.parametrize(
    "troubles",
    [
        (Trouble.DROPPED, Trouble.DROPPED),
        (Trouble.LOST, Trouble.DROPPED),
        (Trouble.LOST, Trouble.BROKEN),
        (Trouble.LOST, Trouble.BUSY),
        (Trouble.BROKEN, Trouble.HTML),
    ],
)
async def test_a_reply_that_cannot_be_settled_is_not_pushed_as_well(knowing: Line, troubles: tuple[Trouble, ...]):
    """It may have been delivered, also where the answer was a 5xx; under its key the push would be a second message."""
    ticket = await knowing.ticket(knowing.fake.people.say(knowing.user, "はい"))
    assert knowing.channel.is_once(ticket)
    knowing.fake.next(*troubles)
    receipt = await knowing.channel.send(envelope(knowing.user, ticket=ticket))
    assert (receipt.outcome, receipt.once) == (Outcome.UNKNOWN, True)
    assert paths(knowing) == [REPLY, REPLY]


async def test_a_reply_that_failed_is_settled_by_its_token(knowing: Line):
    """A 5xx promises nothing: the token tells at the second request, which is taken or not."""
    ticket = await knowing.ticket(knowing.fake.people.say(knowing.user, "はい"))
    knowing.fake.next(Trouble.BROKEN)
    assert (await knowing.channel.send(envelope(knowing.user, ticket=ticket))).outcome is Outcome.SENT
    assert (ways(knowing), paths(knowing)) == (["reply"], [REPLY, REPLY])


async def test_only_what_answers_a_living_token_goes_once(knowing: Line):
    ticket = await knowing.ticket(knowing.fake.people.say(knowing.user, "はい"))
    assert not knowing.channel.is_once("")
    knowing.time.wind(51)
    assert not knowing.channel.is_once(ticket)


async def test_too_many_requests_are_soon_over_and_a_month_is_not(knowing: Line):
    """One status, two meanings: only the words tell."""
    knowing.fake.next(Trouble.BUSY)
    rate = await knowing.channel.send(envelope(knowing.user))
    assert (rate.outcome, rate.retry_after) == (Outcome.LATER, SOON)
    knowing.fake.month = 0
    month = await knowing.channel.send(envelope(knowing.user, urgent=True))
    assert month.outcome is Outcome.REFUSED
    assert MONTH in month.detail


@pytest.mark.parametrize("address", ["", "U1", "C" + "0" * 32, "U" + "G" * 32, "U" + "0" * 33])
async def test_an_id_that_cannot_exist_is_not_asked_for(knowing: Line, address: str):
    assert (await knowing.channel.send(envelope(address))).outcome is Outcome.DEAD
    assert knowing.fake.calls == []


async def test_who_blocked_us_is_not_told_by_a_200(knowing: Line):
    """LINE says that it was taken; that they left came in as an event of its own."""
    knowing.fake.people.unfollow(knowing.user)
    assert (await knowing.channel.send(envelope(knowing.user))).outcome is Outcome.SENT
    assert knowing.fake.received(knowing.user) == []


async def test_a_message_that_is_refused_blames_nobody(knowing: Line):
    receipt = await knowing.channel.send(envelope(knowing.user, key="no uuid"))
    assert receipt.outcome is Outcome.REFUSED
    assert receipt.detail.startswith("400")


async def test_nobody_there_is_worth_another_attempt(knowing: Line):
    """Nothing was handed over, so it is not even unknown."""
    await knowing.channel.close()
    await knowing.fake.__aexit__()
    assert (await knowing.channel.send(envelope(knowing.user))).outcome is Outcome.LATER
    await knowing.fake.__aenter__()


async def test_it_opens_again_after_it_was_closed(knowing: Line):
    await knowing.channel.close()
    assert (await knowing.channel.send(envelope(knowing.user))).outcome is Outcome.SENT


async def test_a_detail_names_nobody(knowing: Line):
    receipt = await knowing.channel.send(envelope("U" + "a" * 32, key=str(uuid4())))
    assert receipt.outcome is Outcome.DEAD
    assert "a" * 32 not in receipt.detail


async def test_the_token_stands_in_no_address(knowing: Line):
    await knowing.channel.send(envelope(knowing.user))
    assert all(knowing.fake.token not in call.path for call in knowing.fake.calls)
    assert json.loads(knowing.fake.calls[-1].body)["to"] == knowing.user
