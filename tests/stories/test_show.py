"""What is shown about a house, a work and all that waits is the whole truth, with its reason."""

from typing import Any

from storage.pending import open_matters, waiting
from storage.view import work_view
from tests.stories.test_pause import switch
from tests.stories.town import Town

OWNER, SERVICER, STAFF = "owner:O-H1", "servicer:B1", "staff:desk"


async def why(town: Town, house: str = "H1") -> str:
    async with town.service.store.read() as connection:
        return str((await open_matters(connection, house))[0]["why"])


async def messages(town: Town, work: str = "H1-1-1") -> list[dict[str, Any]]:
    async with town.service.store.read() as connection:
        view = await work_view(connection, work)
    assert view is not None
    return list(view["messages"])


async def test_whose_move_it_is_and_what_was_tried(town: Town):
    """From the first question to the last missing word."""
    await town.house()
    await town.until("2027-01-20")
    assert "the servicer was asked 3 times without an answer" in await why(town)
    await town.until("2027-01-28")
    assert "servicer_silent, nobody has taken it, alerted 3 times" in await why(town)
    await town.taps(STAFF, "take")
    assert "taken by staff:desk until 2027-02-04" in await why(town)
    await town.says(SERVICER, "2月20日、2月22日")
    await town.taps(SERVICER, "yes")
    assert await why(town) == "the owner chooses among 2027-02-20, 2027-02-22"
    await town.until("2027-02-01")
    await town.taps(OWNER, "pick", "2027-02-22")
    assert await why(town) == "the visit is on 2027-02-22"
    await town.until("2027-02-23")
    await town.taps(OWNER, "done_ok")
    assert (await why(town)).startswith("no word yet from the servicer")


async def test_a_work_shows_every_message_about_it(town: Town):
    """Also those to the desk, and to a company that does not come any more."""
    await town.house()
    await town.until("2027-01-26")
    await town.changes_company()
    await town.until("2027-02-02")
    told = {message["person_id"] for message in await messages(town)}
    assert {SERVICER, "servicer:B2", STAFF, OWNER} <= told


async def test_what_waits_about_one_house(town: Town):
    """With the reason, and nothing about another."""
    await town.house("H1")
    await town.house("H2", owner_name="佐藤 次郎", servicer_id="B2")
    await switch(town, "paused", "all")
    await town.until("2027-01-05")
    async with town.service.store.read() as connection:
        unsent = await waiting(connection, town.service.clock.now(), "H1")
        everything = await waiting(connection, town.service.clock.now())
    assert [(message["to"], message["houses"], message["why"]) for message in unsent] == [
        (SERVICER, ["H1"], "paused: all")
    ]
    assert len(everything) == 2
