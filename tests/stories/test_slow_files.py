"""A platform that keeps its files to itself holds up nobody, and no word is lost for the want of a file."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import insert, select

from scheduler.dispatch import dispatch
from storage.guests import new_code
from storage.tables import addresses, inbound
from tests.photos import photo
from tests.stories.town import Town
from tests.stories.toy import TOY, Street, Toy

OWNER, SERVICER, STAFF = "owner:O-H1", "servicer:B1", "staff:desk"
PHONE = "account-1"
LATER = timedelta(minutes=10)


@pytest_asyncio.fixture
async def street(town: Town) -> Street:
    await town.house()
    street = Street(town, Toy())
    service = town.service
    async with service.store.write() as connection:
        code = await new_code(connection, service.store.pins.seal, OWNER, service.clock.now())
    assert await street.happens(PHONE, text=code) == ["reply_linked"]
    await town.until("2027-02-22")
    return street


async def states(street: Street) -> list[str]:
    query = select(inbound.c.state).order_by(inbound.c.id)
    async with street.town.service.store.read() as connection:
        return list((await connection.execute(query)).scalars())


async def test_nobody_waits_for_another_persons_photo(street: Street):
    """While it hangs, the others are heard and answered, round after round."""
    street.toy.files["f-1"] = photo()
    street.toy.answering.clear()
    await street.comes(PHONE, remote=["f-1"])
    await street.comes("a stranger", text="もしもし")
    service = street.town.service
    for _ in range(3):
        await service.understanding(service.clock.now())
    assert (await states(street))[-2:] == ["new", "done"]
    street.toy.answering.set()
    await service.understanding.finish()
    assert (await states(street))[-2:] == ["done", "done"]
    assert street.toy.fetched == ["f-1"]


async def test_a_photo_is_fetched_again_a_little_later(street: Street):
    """Not at once, and not three times in a row."""
    street.toy.files["f-1"] = OSError("down")
    assert await street.happens(PHONE, remote=["f-1"]) == []
    assert await street.happens("a stranger", text="もしもし") == ["reply_stranger"]
    assert street.toy.fetched == ["f-1"]
    street.toy.files["f-1"] = photo()
    street.town.service.clock.wind(LATER)
    await street.town.run()
    assert street.toy.told(PHONE)[-1] == "reply_files"


async def test_words_are_heard_without_the_photo_that_never_came(street: Street):
    """The last time they count alone, and the person is told that the photo did not come."""
    street.toy.files["f-1"] = OSError("down")
    await street.happens(PHONE, text="まだです", remote=["f-1"])
    for _ in range(2):
        street.town.service.clock.wind(LATER)
        await street.town.run()
    assert (await street.town.hears(OWNER))[-2:] == ["reply_not_yet", "reply_file_refused"]
    assert "work_not_done" in await street.town.facts()
    assert "failed" not in await states(street)
    await street.town.all_is_well()


async def test_danger_waits_for_no_photo(street: Street):
    """Whom to call is said at once."""
    street.toy.files["f-1"] = OSError("down")
    assert (await street.happens(PHONE, text="ガス臭いです", remote=["f-1"]))[0] == "reply_emergency"


async def test_danger_does_not_stand_behind_photos_that_do_not_come(street: Street, monkeypatch: pytest.MonkeyPatch):
    """Neither behind those of others, nor behind its own: the platform keeps silent about all of them."""
    monkeypatch.setattr("handlers.inbox.door.HURRY", 0)
    street.toy.answering.clear()
    for number in range(5):
        await street.comes("a stranger", remote=[f"f-{number}"])
    await street.comes(PHONE, text="ガス臭いです", remote=["f-9"])
    service = street.town.service
    await service.understanding(service.clock.now())
    await dispatch(service.post, service.clock.now())
    assert "reply_emergency" in street.toy.told(PHONE)
    await service.understanding.stop()


class Vouching(Toy):
    """Is asked who a stranger is, and says so only when it is answering."""

    async def verified(self, address: str) -> str:
        self.asked.set()
        await self.answering.wait()
        return ""


async def test_nobody_whom_we_know_waits_for_who_the_strangers_are(town: Town):
    """Their words are heard in the round that finds them."""
    await town.house()
    street = Street(town, Vouching())
    async with town.service.store.write() as connection:
        row = {"person_id": OWNER, "channel": TOY, "address": PHONE, "rank": -2}
        await connection.execute(insert(addresses).values(**row))
    await town.until("2027-02-22")
    street.toy.answering.clear()
    for number in range(5):
        await street.comes(f"stranger-{number}", text="もしもし")
    await street.comes(PHONE, text="まだです")
    await street.comes("stranger-9", text="ガス臭いです")
    await town.service.understanding(town.service.clock.now())
    await street.toy.asked.wait()
    assert (await states(street))[-6:] == [*["new"] * 4, "done", "done"]
    await town.service.understanding.stop()


async def test_what_is_under_way_when_the_service_stops_is_taken_up_again(street: Street):
    """Nothing was half done."""
    street.toy.files["f-1"] = photo()
    street.toy.answering.clear()
    await street.comes(PHONE, remote=["f-1"])
    service = street.town.service
    await service.understanding(service.clock.now())
    await street.toy.asked.wait()
    await service.understanding.stop()
    assert (await states(street))[-1] == "new"
    street.toy.answering.set()
    await street.town.run()
    assert street.toy.told(PHONE)[-1] == "reply_files"


async def test_what_another_took_up_meanwhile_is_not_taken_up_again(street: Street):
    """Two had begun with it. One of them heard the words, and the other fails when all of that is long done."""
    row = await street.comes(PHONE, text="まだです", remote=["f-1"])
    service, other = street.town.service, Toy()
    now, other.files["f-1"] = service.clock.now(), photo()
    street.toy.answering.clear()
    slower = asyncio.create_task(service.inbox.handle(row, now))
    await street.toy.asked.wait()
    await replace(service.inbox, channels={TOY: other}).handle(row, now)
    street.toy.files["f-1"] = OSError("down")
    street.toy.answering.set()
    await slower
    for _ in range(3):
        service.clock.wind(LATER)
        await street.town.run()
    assert (await states(street))[-1] == "done"
    assert street.toy.told(PHONE)[-1] == "reply_not_yet"
    assert street.toy.fetched == ["f-1"]


async def test_two_that_fail_together_count_as_one_try(street: Street):
    """Otherwise the photo would be given up earlier than it is worth."""
    row, toys, service = await street.comes(PHONE, remote=["f-1"]), (Toy(), Toy()), street.town.service
    for toy in toys:
        toy.files["f-1"] = OSError("down")
        toy.answering.clear()
    both = [replace(service.inbox, channels={TOY: toy}) for toy in toys]
    trying = asyncio.gather(*(inbox.handle(row, service.clock.now()) for inbox in both))
    for toy in toys:
        await toy.asked.wait()
    for toy in toys:
        toy.answering.set()
    await trying
    async with service.store.read() as connection:
        assert (await connection.execute(select(inbound.c.tries).where(inbound.c.id == row))).scalar() == 1


async def test_a_dry_run_keeps_no_file(street: Street):
    """It says what would be said; the folder is as it was."""
    street.toy.files["f-1"] = photo()
    await street.comes(PHONE, remote=["f-1"])
    dry = street.town.service.on(street.town.service.store)
    await dry.understanding(dry.clock.now())
    await dry.understanding.finish()
    folder = street.town.service.settings.files_dir
    assert not [path for path in folder.rglob("*.*") if path.is_file()]
