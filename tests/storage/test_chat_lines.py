"""The order of a talk: what was said on both sides within the same second."""

from datetime import timedelta
from pathlib import Path

from storage.chat import Heard, keep_said, lines
from tests.stories.town import Town, town_at

OWNER = "owner:O-H1"


async def asks(town: Town, text: str) -> None:
    """The owner writes on their page, and is answered at once."""
    service, now = town.service, town.service.clock.now()
    event = {"event_id": text, "person_id": OWNER, "at": now.isoformat(), "text": text}
    async with service.store.write() as connection:
        row, is_new = await keep_said(connection, "chat", event, now)
        assert is_new
        assert await keep_said(connection, "chat", event, now) == (row, False)
    await town.run()


async def test_question_and_answer_alternate_though_the_clock_stands_still(tmp_path: Path, database_url: str):
    """Three questions in one second: each stands before its own answer."""
    async with town_at(tmp_path, database_url, "2026-11-01") as town:
        await town.companies()
        await town.house()
        await town.skip_to("2027-02-01")
        for text in ("質問です", "担当者と話したい", "予定を教えて"):
            await asks(town, text)
        town.service.clock.wind(timedelta(seconds=1))
        await asks(town, "もう一つ")
        async with town.service.store.read() as connection:
            said = await lines(connection, OWNER)
            last = await lines(connection, OWNER, limit=3)
    sides = [isinstance(line, Heard) for line in said]
    assert sides == [False, True, False, True, False, True, False, True, False]
    assert last == said[-3:]
