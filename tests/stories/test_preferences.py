"""Between which hours and in which language a person is written to is theirs to say."""

from datetime import datetime

from sqlalchemy import select

from bot.core.days import TOKYO
from storage.tables import outbox
from tests.stories.town import Town

OWNER, SERVICER = "owner:O-H1", "servicer:B1"


async def sent_at(town: Town, person: str) -> datetime:
    """When the last message that we began was sent to somebody, in Tokyo."""
    query = select(outbox.c.sent_at).where(outbox.c.person_id == person, outbox.c.mode == "prompt")
    async with town.service.store.read() as connection:
        instant = (await connection.execute(query.order_by(outbox.c.id.desc()))).scalars().first()
    assert instant is not None
    return instant.astimezone(TOKYO)


async def test_hours_by_words_and_one_tap(town: Town):
    """「午後1時から5時に」 is offered as it was said; the tap keeps it, and what we begin waits for it."""
    await town.house()
    assert await town.says(OWNER, "お知らせは午後1時から5時の間に送ってください") == ["reply_hours"]
    assert await town.taps(OWNER, "hours", "13-17") == ["reply_hours_set"]
    assert "13時から17時" in await town.words(OWNER)
    assert "hours_chosen" in await town.facts()
    await town.until("2027-01-31")
    assert await town.hears(OWNER) == []
    await town.skip_to("2027-01-31", hour=14)
    assert await town.hears(OWNER) == ["owner_ask"]
    assert (await sent_at(town, OWNER)).hour == 14


async def test_not_at_night_is_no_stop(town: Town):
    """Who minds the hour keeps the channel."""
    await town.house()
    for words in ("夜に送ってくるな", "朝早くに送らないでください"):
        assert await town.says(OWNER, words) == ["reply_hours"]
    assert "channel_ended" not in await town.facts()


async def test_the_language_changes_with_the_very_answer(town: Town):
    """Asked for English, in either language, we answer in it."""
    await town.house()
    assert await town.says(OWNER, "英語でお願いします") == ["reply_language_set"]
    await town.until("2027-01-31")
    async with town.service.store.read() as connection:
        rows = (await connection.execute(select(outbox.c.language).where(outbox.c.person_id == OWNER))).scalars()
        assert set(rows) == {"en"}


async def test_hours_that_cannot_be_are_not_kept(town: Town):
    """Nobody is left with hours in which we never write."""
    await town.house()
    for arg in ("20-9", "9-9", "0-3", "x", "99-100"):
        assert await town.says(OWNER, action=f"hours::0:{arg}") == ["reply_hours"]
