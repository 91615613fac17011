"""Events that come at once are committed together, and none of them pays for another."""

import asyncio
from datetime import UTC, datetime
from itertools import count

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import IntegrityError

from bot.core.arrival import Event
from handlers.web.keeping import Keeping
from storage.engine import open_database
from storage.pins import Pins
from storage.record import Seal
from storage.store import Live
from storage.tables import inbound

NOW = datetime(2027, 1, 18, 1, tzinfo=UTC)


@pytest.fixture
async def store(database_url: str):
    database = open_database(database_url)
    yield Live(database, Pins(Seal(b"k"), {}, frozenset()))
    await database.close()


async def stored(store: Live) -> int:
    async with store.read() as connection:
        return (await connection.execute(select(func.count()).select_from(inbound))).scalar_one()


def said(number: int) -> Event:
    return Event(f"event-{number}", {"text": str(number)})


async def test_many_at_once_are_all_stored_in_few_commits(store: Live):
    """Each knock is told the rows of its own events; one that is delivered again has none."""
    keeping, commits = Keeping(store, lambda: NOW), count()
    event.listen(store.database.writer.sync_engine, "commit", lambda _: next(commits))
    rows = await asyncio.gather(*(keeping.keep("line", [said(n), said(n + 100)]) for n in range(30)))
    assert len({row for both in rows for row in both}) == await stored(store) == 60
    assert next(commits) < 5
    assert await keeping.keep("line", [said(7)]) == []
    assert await keeping.keep("line", []) == []


async def test_one_that_cannot_be_stored_fails_alone(store: Live):
    """Its sender is told so, and those beside it are stored."""
    keeping, odd = Keeping(store, lambda: NOW), Event(None, {})  # type: ignore[arg-type]
    first, broken, last = await asyncio.gather(
        *(keeping.keep("line", [each]) for each in (said(1), odd, said(2))), return_exceptions=True
    )
    assert isinstance(broken, IntegrityError)
    assert isinstance(first, list)
    assert isinstance(last, list)
    assert (len(first), len(last), await stored(store)) == (1, 1, 2)


async def test_who_hangs_up_takes_nobody_along(store: Live):
    """What they brought is stored all the same: the platform brings it again, and it is known then."""
    keeping = Keeping(store, lambda: NOW)
    gone, stays = (asyncio.create_task(keeping.keep("line", [said(n)])) for n in (1, 2))
    await asyncio.sleep(0)
    gone.cancel()
    assert len(await stays) == 1
    assert await stored(store) == 2


async def test_what_is_brought_twice_at_once_is_new_once(store: Live):
    """A platform that got no answer in time brings it again while the first is still being written."""
    keeping = Keeping(store, lambda: NOW)
    first, again, both = await asyncio.gather(
        *(keeping.keep("line", each) for each in ([said(1)], [said(1)], [said(2)] * 2))
    )
    assert (len(first), len(again), len(both), await stored(store)) == (1, 0, 1, 2)
