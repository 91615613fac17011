"""What happens in the same instant in two transactions: nothing is lost, and nothing is done twice."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select, text, update

from bot.core.outcome import Deed
from bot.core.rights import StaffRole
from scheduler.handover import Closing, prepare
from storage.guests import guest_at, new_code
from storage.households import lock_houses
from storage.outbox import SENT, UNKNOWN
from storage.people import hold_staff
from storage.record import append
from storage.reviews import HandoverError, approve
from storage.staff import Member, remove, take_in
from storage.store import Rehearsal
from storage.tables import cases, handovers, outbox, people
from storage.unsure import settle_unknown
from tests.stories.town import town_at
from tests.stories.toy import TOY, Street, Toy

OWNER, STAFF, SATO = "owner:O-H1", "staff:desk", "staff:sato"
PHONE, OTHER = "account-1", "account-2"
WAITS = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


@pytest_asyncio.fixture
async def street(tmp_path: Path, fresh_postgres: str) -> AsyncIterator[Street]:
    """On PostgreSQL: on SQLite one transaction writes after the other."""
    async with town_at(tmp_path, fresh_postgres, "2026-11-01") as town:
        await town.companies()
        await town.house()
        yield Street(town, Toy())


async def code_for(street: Street) -> str:
    service = street.town.service
    async with service.store.write() as connection:
        return await new_code(connection, service.store.pins.seal, OWNER, service.clock.now())


async def waits(street: Street, task: asyncio.Future[Any], many: int = 1) -> None:
    """Until so many transactions of that task wait for another one, or have no need to."""
    while not task.done():
        async with street.town.service.store.read() as connection:
            if (await connection.execute(WAITS)).scalar_one() >= many:
                return


async def test_a_code_is_given_while_the_house_is_at_work(street: Street):
    """Both write into the record of the house: one after the other, and the code counts at once."""
    service = street.town.service
    await street.comes(PHONE, text=await code_for(street))
    async with service.store.write() as connection:
        await lock_houses(connection, ["H1"])
        await append(connection, service.store.pins.seal, [("H1", Deed("noted", "engawa"))], service.clock.now())
        giving = asyncio.create_task(street.town.run())
        await waits(street, giving)
    await giving
    assert street.toy.told(PHONE) == ["reply_linked"]
    await street.town.all_is_well()


async def test_of_two_accounts_that_give_one_code_at_once_one_is_linked(street: Street):
    """The other one is told what everybody is told whose code is used up."""
    service, code = street.town.service, await code_for(street)
    rows = [await street.comes(account, text=code, message_id=account) for account in (PHONE, OTHER)]
    async with service.store.write() as connection:
        await lock_houses(connection, ["H1"])
        giving = asyncio.gather(*(service.inbox.handle(row, service.clock.now()) for row in rows))
        await waits(street, giving, 2)
    await giving
    await street.town.run()
    assert sorted(street.toy.told(PHONE) + street.toy.told(OTHER)) == ["reply_code_unknown", "reply_linked"]


async def test_a_strangers_first_two_words_come_in_one_instant(street: Street):
    """Neither of them waits for the other longer than it takes."""
    service, now = street.town.service, street.town.service.clock.now()
    row = await street.comes(PHONE, text="もしもし", message_id="m-2")
    async with service.store.write() as connection:
        await guest_at(connection, service.store.pins.seal, TOY, PHONE)
        hearing = asyncio.create_task(service.inbox.handle(row, now))
        await waits(street, hearing)
    await hearing
    await street.town.run()
    assert street.toy.told(PHONE) == ["reply_stranger"]


async def test_two_of_the_staff_send_on_what_may_not_have_arrived(street: Street):
    """Both press in the same instant: it goes on once."""
    service, now = street.town.service, street.town.service.clock.now()
    await street.town.until("2027-01-04")
    async with service.store.write() as connection:
        unknown = update(outbox).where(outbox.c.state == SENT).values(state=UNKNOWN).returning(outbox.c.id)
        row = (await connection.execute(unknown)).scalars().first()

    async def press() -> bool:
        async with service.store.write() as connection:
            return await settle_unknown(connection, service.store.pins.seal, row, False, STAFF, now)

    async with service.store.write() as connection:
        await lock_houses(connection, ["H1"])
        pressing = asyncio.gather(press(), press())
        await waits(street, pressing, 2)
    assert sorted(await pressing) == [False, True]


async def closing(street: Street) -> int:
    """B1 closes, and its handover waits for the signature of 佐藤, who is a supervisor."""
    store, now = street.town.service.store, street.town.service.clock.now()
    async with store.write() as connection:
        assert await take_in(connection, store.pins.seal, Member(SATO, "佐藤", StaffRole.SUPERVISOR), now)
    return await prepare(store, Closing("B1", "closed"), now)


async def test_a_signature_that_waits_for_its_signers_removal_is_refused(street: Street):
    """They are removed in the instant in which they sign: nothing is approved in the name of who has left."""
    number, service = await closing(street), street.town.service
    now = service.clock.now()
    async with service.store.write() as connection:
        await connection.execute(update(people).where(people.c.id == SATO).values(ended_on=street.town.today))
        signing = asyncio.create_task(approve(service.store, number, SATO, now))
        await waits(street, signing)
        assert not signing.done()
    with pytest.raises(HandoverError, match="no named person"):
        await signing


async def test_a_removal_that_waits_for_a_signature_gives_back_what_it_named(street: Street):
    """They sign in the instant in which they are removed: the desk holds what they would have held."""
    await street.town.until("2027-01-11")
    number, service = await closing(street), street.town.service
    now = service.clock.now()
    async with service.store.write() as connection:
        await hold_staff(connection, SATO)
        removing = asyncio.create_task(remove(service.store, SATO, now))
        await waits(street, removing)
        assert not removing.done()
        await approve(Rehearsal(connection, service.store.pins), number, SATO, now)
    assert await removing is not None
    async with service.store.read() as connection:
        assert (await connection.execute(select(handovers.c.approved_by))).scalar_one() == STAFF
        held = select(cases.c.id).where(cases.c.holder == SATO, cases.c.phase != "closed")
        assert (await connection.execute(held)).all() == []
    await street.town.run()
    await street.town.all_is_well()
