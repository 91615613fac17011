"""What a mail server may answer, and what becomes of the message."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, text, update

from scheduler.answering import Answering
from scheduler.dispatch import recover
from scheduler.run import take_over
from storage.chat import keep_said
from storage.exclusive import beside
from storage.tables import addresses, houses, outbox, pauses
from tests.stories.town import Town

OWNER, SERVICER, STAFF = "owner:O-H1", "servicer:B1", "staff:desk"


async def rows(town: Town, person: str) -> list[tuple[str, str]]:
    async with town.service.store.read() as connection:
        query = select(outbox.c.channel, outbox.c.state).where(outbox.c.person_id == person).order_by(outbox.c.id)
        return [tuple(row) for row in await connection.execute(query)]


async def machine_time_passes(town: Town) -> None:
    """The wait that a server asked for, or that we give it, is over."""
    async with town.service.store.write() as connection:
        await connection.execute(text("UPDATE outbox SET retry_at = 0 WHERE retry_at IS NOT NULL"))


async def test_an_address_that_does_not_exist_ends_and_paper_follows(post_town: Town, smtp_sink):
    """The address ends with a fact, the message goes on as a letter, and the staff hear of it."""
    smtp_sink.refuse("b1@example.jp")
    await post_town.until("2027-01-04")
    assert await rows(post_town, SERVICER) == [("email", "moved"), ("letter", "paper")]
    async with post_town.service.store.read() as connection:
        ended = select(addresses.c.ended_why).where(addresses.c.person_id == SERVICER)
        assert (await connection.execute(ended)).scalar() == "dead"
    assert "notice_moved" in await post_town.facts()
    await post_town.until("2027-01-05")
    assert "staff_note" in await post_town.hears(STAFF)
    await post_town.all_is_well()


async def test_come_again_later_is_obeyed(post_town: Town, smtp_sink):
    """A greylisted mail waits, is shown as waiting with its reason, and goes out under the same Message-ID."""
    smtp_sink.greylist("b1@example.jp")
    await post_town.until("2027-01-04")
    assert await rows(post_town, SERVICER) == [("email", "waiting")]
    assert smtp_sink.messages == []
    await post_town.run()
    assert smtp_sink.messages == []
    await machine_time_passes(post_town)
    await post_town.run()
    assert await rows(post_town, SERVICER) == [("email", "sent")]
    assert len(smtp_sink.messages) == 1


async def test_an_answer_that_never_came_is_asked_with_the_same_bytes(post_town: Town, smtp_sink):
    """Taken, but the line broke before the server said so: the repeat is the same mail to the byte."""
    smtp_sink.drop_after_data(taken=True)
    await post_town.until("2027-01-04")
    assert await rows(post_town, SERVICER) == [("email", "waiting")]
    await machine_time_passes(post_town)
    await post_town.run()
    assert await rows(post_town, SERVICER) == [("email", "sent")]
    first, second = smtp_sink.messages
    assert first.content == second.content


async def trying(town: Town, day: str) -> None:
    """Every day until this one, with as many attempts as the machine's time allows; at night nothing is begun."""
    while str(town.today) < day:
        for hour in (10, 15, 22):
            await town.skip_to(str(town.today + timedelta(days=hour == 10)), hour)
            await machine_time_passes(town)


async def test_a_server_that_is_down_for_days_is_tried_for_weeks_before_paper(post_town: Town, smtp_sink):
    """There is no other way to them, and a letter takes days as well. A night does not begin the count anew."""
    smtp_sink.greylist(times=1000)
    await post_town.until("2027-01-04")
    await trying(post_town, "2027-01-17")
    assert set(await rows(post_town, SERVICER)) == {("email", "waiting")}
    await trying(post_town, "2027-01-19")
    assert (await rows(post_town, SERVICER))[0] == ("email", "moved")
    assert ("letter", "paper") in await rows(post_town, SERVICER)


async def test_a_server_that_is_down_for_days_gives_way_to_another_channel(post_town: Town, smtp_sink):
    """After three days without success, where they can be reached in another way."""
    async with post_town.service.store.write() as connection:
        other = {"person_id": SERVICER, "channel": "chat", "address": SERVICER, "rank": 1}
        await connection.execute(insert(addresses).values(**other))
    smtp_sink.greylist(times=1000)
    await post_town.until("2027-01-04")
    await trying(post_town, "2027-01-06")
    assert await rows(post_town, SERVICER) == [("email", "waiting")]
    await trying(post_town, "2027-01-08")
    assert await rows(post_town, SERVICER) == [("email", "moved"), ("chat", "sent")]


async def test_what_waited_through_a_pause_is_not_given_up_at_the_first_refusal(post_town: Town, smtp_sink):
    """Weeks have passed since it was written, and nobody has tried yet."""
    await post_town.until("2027-01-03")
    pause = {"scope": "all", "reason": "a rehearsal", "by": STAFF, "since_at": post_town.service.clock.now()}
    async with post_town.service.store.write() as connection:
        await connection.execute(insert(pauses).values(**pause))
    await post_town.until("2027-01-25")
    async with post_town.service.store.write() as connection:
        await connection.execute(delete(pauses))
    smtp_sink.greylist("b1@example.jp")
    await post_town.run()
    assert await rows(post_town, SERVICER) == [("email", "waiting")]
    await machine_time_passes(post_town)
    await post_town.run()
    assert await rows(post_town, SERVICER) == [("email", "sent")]


async def test_what_a_dead_sender_was_holding_is_sent(post_town: Town, smtp_sink):
    """A row that was claimed and never marked is taken back, and goes out once."""
    smtp_sink.greylist("b1@example.jp")
    await post_town.until("2027-01-04")
    async with post_town.service.store.write() as connection:
        await connection.execute(text("UPDATE outbox SET state = 'sending', lease = 'x', retry_at = NULL"))
    await post_town.run()
    assert smtp_sink.messages == []
    assert await recover(post_town.service.post, post_town.service.clock.now(), all_dead=True) == 1
    await post_town.run()
    assert len(smtp_sink.messages) == 1


async def test_what_cannot_be_repeated_is_unknown_and_on_record(post_town: Town, smtp_sink):
    """Where a repeat would reach the person twice, nothing is repeated: staff see it, and the record says so."""
    smtp_sink.greylist("b1@example.jp")
    await post_town.until("2027-01-04")
    async with post_town.service.store.write() as connection:
        await connection.execute(text("UPDATE outbox SET state = 'sending', lease = 'x', retry_at = NULL"))
    post, now = post_town.service.post, post_town.service.clock.now()
    assert await recover(replace(post, channels={}), now, all_dead=True) == 1
    await post_town.run()
    assert await rows(post_town, SERVICER) == [("email", "unknown")]
    assert smtp_sink.messages == []
    assert "notice_unknown" in await post_town.facts()
    await post_town.all_is_well()


async def test_an_answer_brings_nothing_else_along(post_town: Town, smtp_sink):
    """Who writes on their page is answered at once; what else waits is left to the rounds, which are told."""
    service, bell = post_town.service, asyncio.Event()
    smtp_sink.greylist("b1@example.jp")
    await post_town.until("2027-01-04")
    await machine_time_passes(post_town)
    now = service.clock.now()
    raw = {"event_id": "1", "person_id": OWNER, "at": now.isoformat(), "text": "担当者と話したいです"}
    async with service.store.write() as connection:
        row_id, _ = await keep_said(connection, "chat", raw, now)
    await Answering(service.post, service.inbox.handle, service.clock, bell)(row_id)
    assert ("chat", "sent") in await rows(post_town, OWNER)
    assert await rows(post_town, SERVICER) == [("email", "waiting")]
    assert bell.is_set()
    await post_town.run()
    assert await rows(post_town, SERVICER) == [("email", "sent")]


async def test_what_another_process_is_sending_is_left_to_it(post_town: Town, smtp_sink):
    """The pages may send beside the rounds: what they hold is theirs until they are gone, or its lease runs out."""
    smtp_sink.greylist("b1@example.jp")
    await post_town.until("2027-01-04")
    held = "UPDATE outbox SET state = 'sending', lease = 'x', retry_at = NULL, lease_until = 4102444800"
    async with post_town.service.store.write() as connection:
        await connection.execute(text(held))
    database, post = post_town.service.database, post_town.service.post
    now = post_town.service.clock.now()
    async with beside(database):
        await take_over(post, database, now)
        assert await rows(post_town, SERVICER) == [("email", "sending")]
    await take_over(post, database, now)
    assert await rows(post_town, SERVICER) == [("email", "waiting")]


async def test_a_mail_says_who_writes_and_how_to_stop(post_town: Town, smtp_sink):
    """Sender, on whose behalf, the house, that it is free, one-click unsubscribe, and no address of the house."""
    await post_town.until("2027-01-04")
    mail = smtp_sink.messages[0].parsed()
    assert str(mail["From"]) == "縁側 維持管理支援窓口 <engawa@example.jp>"
    words = mail.get_body(("plain",)).get_content()
    for said in ("H1", "残価保証機関", "無料", "停止", "返信されても、読むことができません"):
        assert said in words
    assert "「停止」とお返事" not in words
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/stop/" in mail["List-Unsubscribe"]
    assert mail["Auto-Submitted"] == "auto-generated"


async def test_a_word_that_cannot_be_rendered_holds_up_no_other(post_town: Town, smtp_sink):
    """One broken row waits with its reason; the others of the batch go out."""
    await post_town.house("H2")
    smtp_sink.greylist("b1@example.jp")
    await post_town.until("2027-01-04")
    async with post_town.service.store.write() as connection:
        await connection.execute(text("UPDATE outbox SET retry_at = NULL"))
        broken = 'UPDATE outbox SET parts = \'[{"kind":"nobody","v":1,"params":{},"mode":"reply","asks":false,'
        broken += '"house":"H1","case":"","version":0,"round":0,"phase":""}]\''
        await connection.execute(text(broken.replace(":", r"\:")))
    await post_town.until("2027-01-31")
    assert len(smtp_sink.messages) >= 1
    async with post_town.service.store.read() as connection:
        details = (await connection.execute(select(outbox.c.detail))).scalars().all()
    assert any(detail.startswith("not worded") for detail in details)


async def test_what_could_not_go_out_by_day_is_not_sent_at_night(post_town: Town, smtp_sink):
    """Tried in vain until evening, or overtaken by an outage: it waits for the next of their hours."""
    smtp_sink.greylist("b1@example.jp")
    await post_town.until("2027-01-04")
    await machine_time_passes(post_town)
    await post_town.skip_to("2027-01-04", hour=22)
    await post_town.skip_to("2027-01-05", hour=3)
    assert smtp_sink.messages == []
    await machine_time_passes(post_town)
    await post_town.skip_to("2027-01-05", hour=9)
    assert len(smtp_sink.messages) == 1


async def test_many_that_were_overtaken_hold_up_no_other(town: Town, monkeypatch: pytest.MonkeyPatch):
    """A whole batch that is dropped is followed by the next, in the same run."""
    monkeypatch.setattr("scheduler.dispatch.BATCH", 1)
    await town.house("H1")
    await town.house("H2", servicer_id="B2", builder_id="B2")
    await town.until("2027-01-03")
    pause = {"scope": "all", "reason": "a rehearsal", "by": STAFF, "since_at": town.service.clock.now()}
    async with town.service.store.write() as connection:
        await connection.execute(insert(pauses).values(**pause))
    await town.until("2027-01-04")
    async with town.service.store.write() as connection:
        await connection.execute(update(houses).where(houses.c.id == "H1").values(mandated=False))
        await connection.execute(delete(pauses))
    await town.run()
    assert await town.hears(SERVICER) == []
    assert await town.hears("servicer:B2") == ["servicer_offer"]
