"""Somebody takes back what they sent: its words and files are gone, wherever they had got to by then."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

import pytest
import pytest_asyncio
from sqlalchemy import select

from bot.core.arrival import What
from bot.core.outcome import Outcome
from bot.core.people import Role
from bot.core.turn import Turn
from handlers.inbox.door import DECIDES
from storage.desk import laid_aside
from storage.guests import new_code
from storage.tables import inbound
from tests.photos import photo
from tests.stories.town import Town
from tests.stories.toy import Street, Toy

OWNER, SERVICER, STAFF = "owner:O-H1", "servicer:B1", "staff:desk"
PHONE, OFFICE = "account-1", "account-2"


@pytest_asyncio.fixture
async def street(town: Town) -> Street:
    """The owner and the company write on the toy."""
    await town.house()
    street = Street(town, Toy())
    service = town.service
    for account, person in ((PHONE, OWNER), (OFFICE, SERVICER)):
        async with service.store.write() as connection:
            code = await new_code(connection, service.store.pins.seal, person, service.clock.now())
        assert await street.happens(account, text=code) == ["reply_linked"]
    return street


async def kept(street: Street, message_id: str) -> Sequence[object]:
    """What is still there of a message: as it came, and as it was understood."""
    query = select(inbound.c.raw, inbound.c.said).where(inbound.c.message_id == message_id)
    async with street.town.service.store.read() as connection:
        return [part for row in await connection.execute(query) for part in row]


async def lies_there(street: Street) -> int:
    """How many files of people lie in the folder."""
    folder = street.town.service.settings.files_dir
    return len([path for path in folder.rglob("*.*") if path.is_file()])


async def test_a_message_whose_withdrawal_came_first_is_never_read(street: Street):
    """Platforms deliver in any order: what was already withdrawn when it comes is not acted on, and is gone."""
    await street.town.until("2027-02-22")
    assert await street.happens(PHONE, What.TOOK_BACK, about="m-1") == []
    assert await street.happens(PHONE, text="2月20日に終わりました。問題ありません", message_id="m-1") == []
    assert (await street.town.case())["state"]["reports"] == []
    assert await kept(street, "m-1") == [{}, {}]
    assert (await street.town.facts()).count("message_withdrawn") == 1
    await street.town.all_is_well()


async def test_the_withdrawal_of_anothers_message_is_not_theirs(street: Street):
    """Only the very message is gone; the one that was sent in its place stands."""
    await street.town.until("2027-02-22")
    await street.happens(PHONE, What.TOOK_BACK, about="m-1")
    assert await street.happens(PHONE, text="まだです", message_id="m-2") == ["reply_not_yet"]


async def test_what_could_not_be_understood_is_gone_as_well(street: Street, monkeypatch: pytest.MonkeyPatch):
    """It had been laid aside for the staff, with all that stood in it; now there is nothing left to look at."""

    def failing(turn: Turn) -> list[Outcome]:
        raise RuntimeError("a bug of ours")

    with monkeypatch.context() as at:
        at.setitem(cast(dict[Any, Any], DECIDES), Role.OWNER, failing)
        await street.happens(PHONE, text="鍵は植木鉢の下です", message_id="m-1")
        for _ in range(2):
            street.town.service.clock.wind(timedelta(minutes=10))
            await street.town.run()
    async with street.town.service.store.read() as connection:
        assert len(await laid_aside(connection)) == 1
    await street.happens(PHONE, What.TOOK_BACK, about="m-1")
    assert await kept(street, "m-1") == [{}, {}]
    async with street.town.service.store.read() as connection:
        assert await laid_aside(connection) == []
    assert "message_withdrawn" in await street.town.facts()


async def test_a_photo_that_is_withdrawn_while_it_is_fetched_is_not_kept(street: Street):
    """The platform is slow; the person is faster."""
    street.toy.files["f-1"] = photo()
    await street.town.until("2027-02-22")
    street.toy.answering.clear()
    await street.comes(OFFICE, message_id="m-1", remote=["f-1"])
    now, understanding = street.town.service.clock.now(), street.town.service.understanding
    await understanding(now)
    await street.toy.asked.wait()
    await street.comes(OFFICE, What.TOOK_BACK, about="m-1")
    await understanding(now)
    street.toy.answering.set()
    await understanding.finish()
    assert await lies_there(street) == 0
    assert await kept(street, "m-1") == [{}, {}]
    assert street.toy.told(OFFICE)[-1] != "reply_files"


async def test_a_photo_of_a_withdrawn_message_is_not_fetched_at_all(street: Street):
    street.toy.files["f-1"] = photo()
    await street.happens(PHONE, What.TOOK_BACK, about="m-1")
    await street.happens(PHONE, message_id="m-1", remote=["f-1"])
    assert street.toy.fetched == []


async def reported_with_a_photo(street: Street) -> None:
    """The company reported the work and showed it."""
    street.toy.files["f-1"] = photo()
    await street.town.until("2027-02-22")
    await street.happens(OFFICE, text="2月20日に点検しました。異常なしです", message_id="m-1")
    await street.happens(OFFICE, text="はい", message_id="m-2")
    await street.happens(OFFICE, message_id="m-3", remote=["f-1"])
    report = (await street.town.case())["state"]["reports"][0]
    assert (report["side"], len(report["evidence"])) == ("servicer", 1)


async def test_a_photo_that_was_taken_back_proves_nothing(street: Street):
    """Without it nobody's silence closes the case: the company's word alone is a word."""
    await reported_with_a_photo(street)
    await street.happens(OFFICE, What.TOOK_BACK, about="m-3")
    report = (await street.town.case())["state"]["reports"][0]
    assert (report["side"], report["evidence"]) == ("servicer", [])
    assert await lies_there(street) == 0
    assert "evidence_withdrawn" in await street.town.facts()
    await street.town.until("2027-04-05")
    assert (await street.town.case())["phase"] != "closed"
    await street.town.all_is_well()


async def test_with_the_photo_it_would_have_closed(street: Street):
    """The other half of the story before: it is the photo that makes the difference."""
    await reported_with_a_photo(street)
    await street.town.until("2027-04-05")
    assert (await street.town.case())["phase"] == "closed"


async def test_the_photo_of_a_closed_case_is_a_matter_for_the_staff(street: Street):
    """What is on record rested on it: a person looks at that."""
    await reported_with_a_photo(street)
    await street.town.until("2027-04-05")
    await street.town.hears(STAFF)
    assert await street.happens(OFFICE, What.TOOK_BACK, about="m-3") == ["reply_withdrawn"]
    await street.town.until("2027-04-06")
    assert "staff_note" in await street.town.hears(STAFF)


async def test_a_yes_to_what_was_taken_back_is_no_yes(street: Street):
    """The day was read back and then withdrawn: nothing is asked any more, and nothing is fixed by a later word."""
    await street.town.until("2027-01-20")
    assert await street.happens(OFFICE, text="3月1日に伺うことになりました", message_id="m-1") == ["reply_read_back"]
    assert await street.happens(OFFICE, What.TOOK_BACK, about="m-1") == ["reply_withdrawn"]
    await street.happens(OFFICE, text="はい", message_id="m-2")
    assert "visit_fixed" not in await street.town.facts()
    assert (await street.town.case())["phase"] == "arranging"


async def test_the_same_photo_sent_twice_stays_while_one_of_them_stands(street: Street):
    """Withdrawing the one is not withdrawing the other."""
    street.toy.files |= {"f-1": photo(), "f-2": photo()}
    await street.town.until("2027-02-22")
    await street.happens(OFFICE, message_id="m-1", remote=["f-1"])
    await street.happens(OFFICE, message_id="m-2", remote=["f-2"])
    await street.happens(OFFICE, What.TOOK_BACK, about="m-1")
    assert await lies_there(street) == 1
    await street.happens(OFFICE, What.TOOK_BACK, about="m-2")
    assert await lies_there(street) == 0


async def test_a_photo_taken_back_before_the_report_is_no_part_of_it(street: Street):
    """It was waiting for the words that it belonged to."""
    street.toy.files["f-1"] = photo()
    await street.town.until("2027-02-22")
    assert await street.happens(OFFICE, message_id="m-1", remote=["f-1"]) == ["reply_files"]
    await street.happens(OFFICE, What.TOOK_BACK, about="m-1")
    await street.happens(OFFICE, text="2月20日に点検しました。異常なしです", message_id="m-2")
    await street.happens(OFFICE, text="はい", message_id="m-3")
    reports = (await street.town.case())["state"]["reports"]
    assert [report["evidence"] for report in reports] == [[]]
