"""One switch stops sending, with a reason; what waited goes out together, and nothing of it is lost."""

from dataclasses import replace

import pytest

from bot.core.outcome import Change, Deed, Outcome
from scheduler.run import run_once
from storage.commit import commit
from storage.pending import waiting
from storage.store import rehearse
from tests.stories.town import Town

OWNER, SERVICER = "owner:O-H1", "servicer:B1"


async def switch(town: Town, kind: str, scope: str) -> None:
    """What the staff's page does when the switch is pressed."""
    data = {"scope": scope, "reason": "wrong dates in a file", "by": "staff:desk"}
    deed = Deed(f"sending_{kind}", "staff:desk", {"scope": scope})
    async with town.service.store.write() as connection:
        outcome = Outcome(deeds=(deed,), changes=(Change(kind, data),))
        await commit(connection, town.service.store.pins, [outcome], town.service.clock.now())


@pytest.mark.parametrize("scope", ["all", "channel:chat", "servicer:B1"])
async def test_while_paused_nothing_leaves_and_afterwards_nothing_bursts(town: Town, scope: str):
    """Three weeks of silence from us, then one message, not three."""
    await town.house()
    await town.until("2027-01-03")
    await switch(town, "paused", scope)
    await town.until("2027-01-24")
    assert await town.hears(SERVICER) == []
    async with town.service.store.read() as connection:
        left = await waiting(connection, town.service.clock.now())
    assert left[0]["why"] == f"paused: {scope}"
    await switch(town, "unpaused", scope)
    await town.run()
    assert await town.hears(SERVICER) == []  # the switch is thrown on a Sunday, when they are closed
    await town.until("2027-01-25")
    assert await town.hears(SERVICER) == ["servicer_offer"]
    await town.all_is_well()


async def test_another_company_is_not_paused_with_it(town: Town):
    """A pause for one servicer leaves the others' houses alone."""
    await town.house("H1")
    await town.house("H2", servicer_id="B2", builder_id="B2")
    await switch(town, "paused", "servicer:B1")
    await town.until("2027-01-05")
    assert await town.hears(SERVICER) == []
    assert await town.hears("servicer:B2") == ["servicer_offer"]


async def test_a_dry_run_shows_and_changes_nothing(town: Town):
    """What would be sent is told; afterwards the database is as it was."""
    await town.house()
    await town.until("2027-01-03")
    before = await town.view()
    await town.skip_clock("2027-01-04")
    async with rehearse(town.service.database, town.service.store.pins) as store:
        dry = town.service.on(store)
        post = replace(dry.post, shadow=True)
        done = await run_once(post, dry.inbox.work, town.service.clock.now())
    assert [claimed.person.id for claimed, _ in done.tally.sent] == [SERVICER]
    assert await town.view() == before
    await town.run()
    assert await town.hears(SERVICER) == ["servicer_offer"]


async def test_in_shadow_mode_nothing_leaves_and_the_record_says_so(town: Town):
    """Everything is decided; the messages are marked as shown, never as sent."""
    await town.house()
    town.service = replace(town.service, post=replace(town.service.post, shadow=True))
    await town.until("2027-01-05")
    assert await town.hears(SERVICER) == []
    assert "notice_shadow" in await town.facts()
    assert "notice_sent" not in await town.facts()
