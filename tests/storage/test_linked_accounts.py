"""Whose an account is, when more than one code was used from it."""

from sqlalchemy import insert, select

from scheduler.clock import machine_now
from storage.changes import link_agreed, link_waits, linked
from storage.engine import open_database
from storage.guests import guest_at, waiting_claim
from storage.migrate import migrate
from storage.people import load_people
from storage.record import Seal
from storage.tables import addresses, link_codes, people

OWNER, COMPANY, ACCOUNT = "owner:A", "servicer:B", "X"


async def test_an_account_that_changes_hands_takes_nothing_else_along(database_url: str):
    """It waits for one person's old account, becomes another's meanwhile, and then the old account agrees."""
    database, now = open_database(database_url), machine_now()
    await migrate(database)
    try:
        async with database.writer.begin() as connection:
            for person in (OWNER, COMPANY):
                await connection.execute(insert(people).values(id=person, name=person))
                code = {"digest": person, "person_id": person, "written_at": now, "expires_at": now}
                await connection.execute(insert(link_codes).values(**code, channel="", address=""))
            await connection.execute(insert(addresses).values(person_id=OWNER, channel="line", address="OLD"))
            await connection.execute(insert(addresses).values(person_id=COMPANY, channel="email", address="b@x.jp"))
            await guest_at(connection, Seal(b"key"), "line", ACCOUNT)
            of_owner = {"person_id": OWNER, "channel": "line", "address": ACCOUNT, "digest": OWNER}
            await link_waits(connection, "", of_owner, now)
            of_company = {"person_id": COMPANY, "channel": "line", "address": ACCOUNT, "digest": COMPANY}
            await linked(connection, "", of_company, now)
            owner = (await load_people(connection, [OWNER]))[OWNER]
            claim = await waiting_claim(connection, owner, OWNER, now)
            assert claim is not None
            await link_agreed(connection, "", {**of_owner, "address": claim.address}, now)
            columns = (addresses.c.person_id, addresses.c.channel, addresses.c.address)
            living = select(*columns).where(addresses.c.ended_at.is_(None)).order_by(*columns)
            found = [tuple(row) for row in await connection.execute(living)]
        assert found == [(OWNER, "line", ACCOUNT), (COMPANY, "email", "b@x.jp")]
    finally:
        await database.close()


async def test_a_strangers_id_does_not_tell_their_account(database_url: str):
    """It is the same whenever they come, and whoever tries all numbers of a platform finds it under none."""
    database = open_database(database_url)
    await migrate(database)
    try:
        async with database.writer.begin() as connection:
            ids = [await guest_at(connection, Seal(key), "telegram", "100200") for key in (b"a", b"a", b"b")]
        assert ids[0] == ids[1] != ids[2]
    finally:
        await database.close()
