"""Two processes take messages out of one lane at the same moment: each takes its own, and neither waits."""

from datetime import timedelta

from sqlalchemy import insert, text

from bot.core.outcome import Mode
from storage.claims import claim
from storage.engine import open_database
from storage.lanes import Lane
from storage.tables import outbox, people
from tests.storage.test_shared_pace import MORNING, row

WAITING, LIMIT = 50, 20
LANE = Lane("telegram")  # no pace: nothing but the rows themselves keeps the two apart
AT_ONCE = text("SET LOCAL lock_timeout = '1ms'")  # who would have to wait for the other one fails


async def test_two_who_claim_at_once_share_the_lane_and_wait_for_nobody(migrated_postgres: str):
    """The first one has not committed yet: the second takes the next ones, the third what is left, at most as asked."""
    database, hands = open_database(migrated_postgres), []
    try:
        async with database.writer.begin() as connection:
            await connection.execute(insert(people), [{"id": f"owner:{n}", "name": "山田"} for n in range(WAITING)])
            await connection.execute(insert(outbox), [row(n, Mode.PROMPT, MORNING) for n in range(WAITING)])
        async with (
            database.writer.begin() as first,
            database.writer.begin() as second,
            database.writer.begin() as third,
        ):
            for connection in (first, second, third):
                await connection.execute(AT_ONCE)
                noon = MORNING + timedelta(hours=3)
                hands.append((await claim(connection, LANE, noon, noon, LIMIT)).rows)
    finally:
        await database.close()
    assert [len(hand) for hand in hands] == [LIMIT, LIMIT, WAITING - 2 * LIMIT]
    assert [each.id for hand in hands for each in hand] == list(range(1, WAITING + 1))
    assert len({each.lease for hand in hands for each in hand}) == len(hands)
