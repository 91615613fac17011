"""An owner and a company who talk with us on Telegram, through its counterpart on loopback."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from sqlalchemy import insert, select

from bot.core.arrival import Event
from engawa_fakes.telegram import FakeTelegram
from storage.guests import new_code
from storage.inbound import keep
from storage.tables import addresses
from tests.stories.town import Town, town_at

SECRET = "whisper"
LONG_HOUSE = "H" * 50 + "-1"  # its actions are longer than the platform's 64 bytes
OWNER = f"owner:O-{LONG_HOUSE}"


@pytest_asyncio.fixture
async def town(tmp_path: Path, database_url: str, fake_telegram: FakeTelegram) -> AsyncIterator[Town]:
    environment = {
        "ENGAWA_TELEGRAM_TOKEN": fake_telegram.token,
        "ENGAWA_TELEGRAM_WEBHOOK_SECRET": SECRET,
        "ENGAWA_TELEGRAM_API_BASE": fake_telegram.api,
    }
    async with town_at(tmp_path, database_url, "2026-11-01", environment) as found:
        await found.companies()
        yield found


async def arrives(town: Town, platform: FakeTelegram) -> None:
    """Everything that has happened comes in, and is understood and answered."""
    events = [Event(str(update["update_id"]), update) for update in platform.updates]
    platform.updates.clear()
    async with town.service.store.write() as connection:
        for event in events:
            await keep(connection, "telegram", event.id, event.raw, town.service.clock.now())
    await town.run()


async def linked(town: Town, platform: FakeTelegram, person_id: str) -> int:
    """The person follows a link with a one-time code, and uses Telegram before any other channel."""
    async with town.service.store.write() as connection:
        code = await new_code(connection, town.service.store.pins.seal, person_id, town.service.clock.now())
    chat = platform.starts(code)
    await arrives(town, platform)
    return chat


async def on_telegram(town: Town, chat: int, person_id: str) -> None:
    async with town.service.store.write() as connection:
        row = {"person_id": person_id, "channel": "telegram", "address": str(chat), "rank": -2}
        await connection.execute(insert(addresses).values(**row))


async def test_a_link_with_a_code_links(town: Town, fake_telegram: FakeTelegram):
    """/start with a one-time code: from then on they are answered there as themselves."""
    await town.house(LONG_HOUSE)
    chat = await linked(town, fake_telegram, OWNER)
    async with town.service.store.read() as connection:
        query = select(addresses.c.person_id).where(addresses.c.channel == "telegram", addresses.c.ended_at.is_(None))
        assert OWNER in (await connection.execute(query)).scalars().all()
    assert len(fake_telegram.received(chat)) == 1


async def test_a_stranger_learns_only_how_to_link(town: Town, fake_telegram: FakeTelegram):
    await town.house(LONG_HOUSE)
    chat = fake_telegram.starts()
    await arrives(town, fake_telegram)
    (greeting,) = fake_telegram.received(chat)
    assert "山田" not in greeting.text


async def test_a_button_with_no_room_for_its_action_still_acts(town: Town, fake_telegram: FakeTelegram):
    """The tag it carries is found again in the row of its message: the visit is fixed, and the buttons are gone."""
    chat = fake_telegram.starts()
    fake_telegram.updates.clear()
    await town.house(LONG_HOUSE)
    await on_telegram(town, chat, OWNER)
    await town.until("2027-01-04")
    await town.says("servicer:B1", "2月20日、2月22日、2月27日でお願いします")
    await town.taps("servicer:B1", "yes")
    await town.until("2027-01-31")
    asked = fake_telegram.received(chat)[-1]
    day = "2月22日(月)"
    assert asked.data(day).startswith("~")
    fake_telegram.presses(chat, day)
    await arrives(town, fake_telegram)
    assert asked.rows == []
    assert all(fake_telegram.pressed.values())
    assert (await town.case(LONG_HOUSE))["visit_on"] is not None
    await town.all_is_well()


async def test_a_tag_that_nobody_knows_is_answered(town: Town, fake_telegram: FakeTelegram):
    """Somebody else's message, or one that was never ours: nothing changes, and they are told that it is over."""
    chat = fake_telegram.starts()
    fake_telegram.updates.clear()
    await town.house(LONG_HOUSE)
    await on_telegram(town, chat, OWNER)
    await town.until("2027-02-08")
    before = await town.case(LONG_HOUSE)
    asked = fake_telegram.received(chat)[-1]
    fake_telegram.presses_data(asked, "~" + "A" * 22 + "12345678")
    heard = len(fake_telegram.received(chat))
    await arrives(town, fake_telegram)
    assert len(fake_telegram.received(chat)) == heard + 1
    assert (await town.case(LONG_HOUSE))["phase"] == before["phase"]


async def test_whoever_blocks_us_is_reached_the_next_way(town: Town, fake_telegram: FakeTelegram):
    chat = fake_telegram.starts()
    fake_telegram.updates.clear()
    await town.house(LONG_HOUSE)
    await on_telegram(town, chat, OWNER)
    fake_telegram.blocks(chat)
    await arrives(town, fake_telegram)
    await town.until("2027-02-08")
    assert fake_telegram.received(chat) == []
    assert "owner_ask" in await town.hears(OWNER)
    assert "address_ended" in await town.facts(LONG_HOUSE)
