"""The installation's own chain of facts, which belongs to no house."""

import asyncio

from sqlalchemy import select

from bot.core.outcome import Deed
from scheduler.clock import machine_now
from storage.engine import open_database
from storage.migrate import migrate
from storage.record import SERVICE, Seal, append, read_head
from storage.tables import facts


async def test_many_that_write_at_once_make_one_chain(database_url: str):
    """Every channel sends by itself, and each notes what became of a word that concerns no house."""
    database, seal = open_database(database_url), Seal(b"key")
    await migrate(database)

    async def note(number: int) -> None:
        async with database.writer.begin() as connection:
            await append(connection, seal, [(SERVICE, Deed("noted", "engawa", {"number": number}))], machine_now())

    try:
        await asyncio.gather(*(note(number) for number in range(20)))
        async with database.reader.connect() as connection:
            rows = (await connection.execute(select(facts.c.seq).order_by(facts.c.seq))).scalars().all()
            assert rows == list(range(1, 21))
            assert (await read_head(connection))[0] == 20
    finally:
        await database.close()
