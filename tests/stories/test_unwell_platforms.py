"""A platform that is unwell costs one attempt: nobody's address ends, nothing is lost, and nothing is said twice.

What comes in broken stands in nobody's way either.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from engawa_fakes import Trouble
from storage.inbound import FAILED, TRIES, keep
from storage.tables import addresses, inbound, outbox
from tests.stories.five_channels import Pair, settled_in
from tests.stories.phones import Phone, Platforms

PASSES = (Trouble.BUSY, Trouble.BROKEN, Trouble.HTML, Trouble.BAD_UTF8, Trouble.DROPPED, Trouble.BAD_JSON, Trouble.LOST)
SETTLED = ("sent", "unknown")  # unknown: the platform may have it, and takes no key that would tell
# Whatever is stored under a channel's name: nothing of what its platform sends, or nearly.
POISON: tuple[Any, ...] = (
    {},
    {"odd": 1},
    {"update_id": 1, "message": {"chat": [], "date": "soon"}},
    {"id": 1, "at": "soon", "body": {"type": "event_callback", "event": "x"}},
    {"person_id": "owner:O-H1", "event_id": "x", "at": "soon", "files": [{"size": "large"}]},
    {"type": "message", "source": {"type": "user", "userId": "U" + "0" * 32}, "message": []},
)


async def living(at: Platforms) -> list[tuple[Any, ...]]:
    query = select(addresses.c.person_id, addresses.c.channel, addresses.c.address)
    async with at.town.service.store.read() as connection:
        rows = await connection.execute(query.where(addresses.c.ended_at.is_(None)))
        return sorted(tuple(row) for row in rows)


async def rows(at: Platforms, person_id: str) -> list[tuple[str, str, int]]:
    query = select(outbox.c.channel, outbox.c.state, outbox.c.attempts).where(outbox.c.person_id == person_id)
    async with at.town.service.store.read() as connection:
        return [tuple(row) for row in await connection.execute(query.order_by(outbox.c.id))]


async def again(at: Platforms) -> None:
    """The wait that a platform asked for is over."""
    async with at.town.service.store.write() as connection:
        await connection.execute(text("UPDATE outbox SET retry_at = 0 WHERE retry_at IS NOT NULL"))
    await at.town.run()


def phone_of(pairs: Sequence[Pair], channel: str) -> Phone:
    return next(pair.company for pair in pairs if pair.company.channel == channel)


@pytest.mark.parametrize("trouble", PASSES)
async def test_trouble_of_a_platform_costs_one_attempt(five_channels: Platforms, trouble: Trouble):
    """Three companies at once, each on a platform of its own, and each of them in the same trouble."""
    at = five_channels
    pairs = await settled_in(at)
    phones = [phone_of(pairs, channel) for channel in ("line", "telegram", "slack")]
    before, shown = await living(at), [len(await phone.shown()) for phone in phones]
    for platform in (at.line, at.telegram, at.slack):
        platform.next(trouble)
    await at.town.until("2027-01-04")
    assert [(await rows(at, phone.person_id))[-1][2] for phone in phones] == [1, 1, 1]
    await again(at)
    for phone, had in zip(phones, shown, strict=True):
        channel, state, attempts = (await rows(at, phone.person_id))[-1]
        assert (channel, state in SETTLED, attempts <= 2) == (phone.channel, True, True)
        assert len(await phone.shown()) == had + (state == "sent" or trouble in (Trouble.LOST, Trouble.BAD_JSON))
    assert await living(at) == before
    assert not {"address_ended", "matter_opened"} & set(await at.town.facts("H1"))
    await at.town.all_is_well()


TURNS: dict[str, Callable[[Any], None]] = {
    "greylisted": lambda sink: sink.greylist(times=1),
    "drops before": lambda sink: sink.drop_after_data(taken=False),
    "drops after": lambda sink: sink.drop_after_data(taken=True),
}


@pytest.mark.parametrize("how", TURNS)
async def test_trouble_of_a_mail_server_costs_one_attempt(five_channels: Platforms, how: str):
    at = five_channels
    pairs = await settled_in(at)
    phone, before = phone_of(pairs, "email"), await living(at)
    TURNS[how](at.mail)
    await at.town.until("2027-01-04")
    await again(at)
    assert (await rows(at, phone.person_id))[-1] == ("email", "sent", 2)
    assert len(await phone.shown()) == 1
    assert await living(at) == before
    await at.town.all_is_well()


async def test_one_poisoned_event_blocks_none_behind_it_on_any_channel(five_channels: Platforms):
    """Each is tried a few times and laid aside where the staff see it; whoever writes after it is answered at once."""
    at = five_channels
    pairs = await settled_in(at)
    await at.town.until("2027-01-04")
    phones = [phone_of(pairs, channel) for channel in ("line", "telegram", "slack", "email", "chat")]
    async with at.town.service.store.write() as connection:
        for phone in phones:
            for number, raw in enumerate(POISON):
                await keep(connection, phone.channel, f"poison-{number}", raw, at.town.service.clock.now())
    for phone in phones:
        had = len(await phone.shown())
        await phone.says("1月20日、1月22日でお願いします")
        assert len(await phone.shown()) == had + 1
    for _ in range(TRIES):  # each after a longer wait than the one before
        at.town.service.clock.wind(timedelta(days=1))
        await at.town.run()
    query = select(inbound.c.channel, inbound.c.state).where(inbound.c.event_id.like("poison-%"))
    async with at.town.service.store.read() as connection:
        found = [tuple(row) for row in await connection.execute(query)]
    assert not [one for one in found if one[1] == "new"]
    assert {channel for channel, state in found if state == FAILED} == {phone.channel for phone in phones}
    assert "staff_note" in await at.town.hears("staff:desk")
    await at.town.all_is_well()
