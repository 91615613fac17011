"""Two processes send through one platform: together they keep to its pace, and to the rest of each address."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest_asyncio
from sqlalchemy import insert

from bot.core.outcome import Mode
from bot.core.reach import URGENCY
from storage.claims import Claimed, claim
from storage.engine import Database, open_database
from storage.lanes import Lane
from storage.leases import mark
from storage.migrate import migrate
from storage.outbox import SENT, WAITING
from storage.paces import Pace, hold
from storage.tables import outbox, people

MORNING = datetime(2027, 1, 18, 0, tzinfo=UTC)
HOUSES, PER_SECOND, BATCH = 300, 30, 100
PARTS = 20  # of a second
LANE = Lane("telegram", pace=Pace(PER_SECOND, 1))


@pytest_asyncio.fixture
async def flooded(database_url: str) -> AsyncIterator[Database]:
    """A database in which a word to every owner waits."""
    database = open_database(database_url)
    await migrate(database)
    async with database.writer.begin() as connection:
        await connection.execute(insert(people), [{"id": f"owner:{n}", "name": "山田"} for n in range(HOUSES)])
        await connection.execute(insert(outbox), [row(n, Mode.PROMPT, MORNING) for n in range(HOUSES)])
    yield database
    await database.close()


def row(n: int, mode: Mode, at: datetime) -> dict[str, object]:
    part = {"kind": "x", "mode": mode, "house": "", "case": "", "asks": False}
    return {
        "key": f"{mode}-{n}",
        "person_id": f"owner:{n}",
        "channel": LANE.channel,
        "address": str(n),
        "language": "ja",
        "parts": [part],
        "mode": mode,
        "urgency": URGENCY[mode],
        "day": date(2027, 1, 18),
        "written_at": at,
        "send_at": at,
        "state": WAITING,
    }


async def part_of_a_second(database: Database, passed: int) -> list[Claimed]:
    """All that goes out at this moment of machine time, claimed in several batches as by several processes."""
    machine, sent = MORNING + timedelta(seconds=passed / PARTS), []
    for _ in range(2):
        async with database.writer.begin() as connection:
            hand = await claim(connection, LANE, MORNING + timedelta(hours=1), machine, BATCH)
            done = {"state": SENT, "attempts": 1, "retry_at": None, "provider_id": "", "detail": "", "sent_at": MORNING}
            await mark(connection, [{"row_id": each.id, "token": each.lease, **done} for each in hand.rows])
            sent += hand.rows
    return sent


def busiest(counts: list[int]) -> int:
    """The most that went out in any second, wherever it begins."""
    return max(sum(counts[start : start + PARTS]) for start in range(len(counts)))


async def test_two_processes_together_keep_to_the_pace(flooded: Database, database_url: str):
    """Both claim as fast as they can, the very first time included; nothing goes twice."""
    other = open_database(database_url)
    gone: list[str] = []
    counts: list[int] = []
    try:
        for passed in range(3 * PARTS):
            shares = await asyncio.gather(part_of_a_second(flooded, passed), part_of_a_second(other, passed))
            both = [each.key for share in shares for each in share]
            counts.append(len(both))
            gone += both
    finally:
        await other.close()
    assert busiest(counts) <= PER_SECOND
    assert len(gone) == len(set(gone)) > 2 * PER_SECOND


async def test_a_pause_that_the_platform_asks_for_holds_everybody(flooded: Database, database_url: str):
    """Whoever sends: before it is over nothing goes, and a shorter pause asked for meanwhile does not end it."""
    other = open_database(database_url)
    counts: list[int] = []
    try:
        await part_of_a_second(flooded, 0)
        for seconds in (2, 1):
            async with flooded.writer.begin() as connection:
                await hold(connection, LANE.channel, LANE.pace, MORNING + timedelta(seconds=seconds))
        async with other.writer.begin() as connection:
            hand = await claim(connection, LANE, MORNING + timedelta(hours=1), MORNING, BATCH)
        assert (hand.rows, hand.wait is not None and hand.wait > 1.9) == ([], True)
        for passed in range(1, 3 * PARTS):
            shares = await asyncio.gather(part_of_a_second(flooded, passed), part_of_a_second(other, passed))
            counts.append(sum(map(len, shares)))
    finally:
        await other.close()
    assert sum(counts[: 2 * PARTS - 1]) == 0
    assert sum(counts) > 20


async def test_two_processes_together_let_an_address_rest(flooded: Database, database_url: str):
    """Many messages to one person: one a second, whoever sends it."""
    other = open_database(database_url)
    async with flooded.writer.begin() as connection:
        again = [row(7, Mode.PROMPT, MORNING) | {"key": f"again-{n}", "urgency": 0} for n in range(10)]
        await connection.execute(insert(outbox), again)
    counts: list[int] = []
    try:
        for passed in range(4 * PARTS):
            shares = await asyncio.gather(part_of_a_second(flooded, passed), part_of_a_second(other, passed))
            counts.append([each.address for share in shares for each in share].count("7"))
    finally:
        await other.close()
    assert busiest(counts) == 1
    assert sum(counts) == 4
