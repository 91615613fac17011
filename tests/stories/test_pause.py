"""One switch stops sending, with a reason; what waited goes out together, and nothing of it is lost."""

from dataclasses import replace

import pytest

from bot.core.outcome import Change, Deed, Outcome
from scheduler.run import run_once
from storage.commit import commit
from storage.pending import waiting
from storage.store import rehearse
from tests.stories.town import Town

OWNER, SERVICER, STAFF = "owner:O-H1", "servicer:B1", "staff:desk"


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


@pytest.mark.parametrize("scope", ["all", "servicer:B1"])
async def test_nobody_is_silent_who_was_never_asked(town: Town, scope: str):
    """Five months of pause: no letter, no word of silence; afterwards one message, and time to answer it."""
    await town.house(email="hanako@example.jp")
    await town.until("2027-01-03")
    await switch(town, "paused", scope)
    await town.until("2027-05-24")
    assert await town.letters(OWNER) == []
    assert "servicer_silent" not in str((await town.view())["facts"])
    await switch(town, "unpaused", scope)
    await town.run()
    assert await town.hears(OWNER) == ["owner_overdue"]
    assert await town.hears(SERVICER) == ["servicer_overdue"]
    await town.until("2027-05-30")
    assert await town.hears(OWNER) + await town.hears(SERVICER) + await town.letters(OWNER) == []
    await town.until("2027-05-31")
    assert await town.hears(OWNER) == ["owner_overdue"]
    await town.all_is_well()


async def test_a_paused_channel_is_gone_round(town: Town):
    """Who has another channel is reached through that one at the next question, and in one message."""
    await town.house(email="hanako@example.jp")
    await town.until("2027-01-30")
    await switch(town, "paused", "channel:chat")
    await town.until("2027-03-17")
    assert await town.hears(OWNER) == []
    await town.until("2027-03-18")
    assert await town.hears(OWNER) == ["owner_ask"]


async def test_danger_is_told_in_any_pause(town: Town):
    """Whom to call, and the staff: no switch keeps that back."""
    await town.house()
    await switch(town, "paused", "all")
    assert await town.says(OWNER, "ガス臭いです") == ["reply_emergency"]
    assert await town.hears(STAFF) == ["staff_alert"]
    assert await town.says(OWNER, "点検はいつですか") == []


async def test_a_pause_for_a_company_leaves_owners_answered_and_staff_alerted(town: Town):
    """What is held is what we begin about its houses."""
    await town.house()
    await town.until("2027-02-07", hour=18)
    await town.hears(STAFF), await town.hears(OWNER)
    await switch(town, "paused", "servicer:B1")
    assert await town.says(OWNER, "天井にシミがあります") == ["reply_problem"]
    await town.until("2027-02-08")
    assert "staff_alert" in await town.hears(STAFF)
    assert await town.says(OWNER, "停止") == ["reply_channel_ended"]


async def test_a_message_about_several_houses_waits_for_the_paused_one(town: Town):
    """Two houses with two companies are one message: while one company is paused it goes to nobody."""
    await town.house("H1", servicer_id="B2", builder_id="B2")
    await town.house("H2", owner_id="O-H1")
    await town.until("2027-01-30")
    await switch(town, "paused", "servicer:B1")
    await town.until("2027-02-01")
    assert await town.hears(OWNER) == []
    await switch(town, "unpaused", "servicer:B1")
    await town.run()
    assert await town.hears(OWNER) == ["owner_ask", "owner_ask"]


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
        done = await run_once(post, dry.understanding, town.service.clock.now())
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
