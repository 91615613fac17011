"""What becomes of every single attempt, whatever a platform or a process does in the midst of it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
import pytest_asyncio
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.arrival import What
from bot.core.delivery import Envelope, Outcome, Receipt
from scheduler.dispatch import recover
from storage.attempts import keep_attempts
from storage.audit import audit
from storage.leases import LEASE
from storage.record import Seal, append
from storage.store import Store
from storage.tables import addresses, attempts, outbox, paces
from storage.view import work_view
from tests.stories.town import Town
from tests.stories.toy import TOY, Street, Toy

FIRST, SECOND = "servicer:B1", "servicer:B2"


class Faulty(Toy):
    """Its own code fails over one address."""

    async def send(self, envelope: Envelope) -> Receipt:
        if envelope.address == FIRST:
            raise RuntimeError("a bug of ours")
        return await super().send(envelope)


async def street_of(town: Town, toy: Toy) -> Street:
    """Two companies that are reached through the toy, each with a house to look after."""
    async with town.service.store.write() as connection:
        for who in (FIRST, SECOND):
            row = {"person_id": who, "channel": TOY, "address": who, "rank": -2}
            await connection.execute(insert(addresses).values(**row))
    await town.house("H1")
    await town.house("H2", servicer_id="B2", builder_id="B2")
    return Street(town, toy)


@pytest_asyncio.fixture
async def street(town: Town) -> Street:
    return await street_of(town, Toy())


async def rows(town: Town, person_id: str, channel: str = TOY) -> list[dict[str, Any]]:
    query = select(outbox).where(outbox.c.person_id == person_id, outbox.c.channel == channel).order_by(outbox.c.id)
    async with town.service.store.read() as connection:
        return [dict(row._mapping) for row in await connection.execute(query)]


async def tries(town: Town, person_id: str = FIRST) -> list[dict[str, Any]]:
    """The attempts of the first message about a work, as `engawa show work` tells them."""
    async with town.service.store.read() as connection:
        view = await work_view(connection, "H1-1-1")
    assert view is not None
    return next(list(one["tries"]) for one in view["messages"] if one["person_id"] == person_id)


async def waits_are_over(town: Town) -> None:
    async with town.service.store.write() as connection:
        await connection.execute(update(outbox).where(outbox.c.retry_at.is_not(None)).values(retry_at=None))
    await town.run()


async def test_every_attempt_is_on_record(street: Street):
    """When, under which of the platform's ids, what was answered and why; the last does not hide the first."""
    busy, lost = Receipt(Outcome.LATER, detail="503 busy"), Receipt(Outcome.UNKNOWN, detail="no answer")
    street.toy.answers = [busy, busy, lost, lost]  # to both companies
    town = street.town
    await town.until("2027-01-04")
    for _ in range(3):
        await waits_are_over(town)
    first, second, third = await tries(town)
    assert (first["number"], first["answer"], first["detail"]) == (1, "later", "503 busy")
    assert (second["number"], second["answer"], second["detail"]) == (2, "unknown", "no answer")
    assert (third["number"], third["answer"], third["provider_id"][:4]) == (3, "sent", "toy-")
    assert {one["at"] for one in (first, second, third)} == {town.service.clock.now()}
    await town.all_is_well()


async def test_the_auditor_misses_an_attempt_that_was_taken_out(street: Street):
    await street.town.until("2027-01-04")
    service = street.town.service
    async with service.store.write() as connection:
        await connection.execute(delete(attempts))
    async with service.store.read() as connection:
        seal, now = service.store.pins.seal, service.clock.now()
        found = [finding async for finding in audit(connection, seal, now)]
    assert {finding.kind for finding in found} == {"attempt_missing"}


async def test_an_erasure_leaves_that_it_was_tried_and_no_id(street: Street):
    """Where they were written to, and the platform's ids of it, go with the rest; that and when we wrote stays."""
    town, owner, account = street.town, "owner:O-H1", "account-1"
    async with town.service.store.write() as connection:
        row = {"person_id": owner, "channel": TOY, "address": account, "rank": -2}
        await connection.execute(insert(addresses).values(**row))
        await connection.execute(insert(paces).values(channel=TOY, address=account, level=0, at=0))
    await street.happens(account, text="点検の日を教えて")
    assert await street.happens(account, text="個人情報を消して") == ["reply_erase_page"]
    assert await street.happens(account, text="はい、消してください") == ["reply_erased"]
    kept = await rows(town, owner)
    assert {(row["address"], row["provider_id"]) for row in kept} == {("", "")}
    async with town.service.store.read() as connection:
        theirs = select(attempts).where(attempts.c.outbox_id.in_([row["id"] for row in kept]))
        told = (await connection.execute(theirs)).all()
        assert len(told) == len(kept)
        assert {(one.answer, one.provider_id) for one in told} == {("sent", "")}
        trodden = select(paces.c.address).where(paces.c.address == account)
        assert (await connection.execute(trodden)).first() is None
    await town.all_is_well()


@pytest.mark.parametrize(("repeatable", "state"), [(True, "waiting"), (False, "unknown")])
async def test_a_channel_that_fails_over_one_message_costs_no_other(town: Town, repeatable: bool, state: str):
    """One attempt of that message, with a reason; nobody knows whether it had gone out, so it is treated like that."""
    street = await street_of(town, Faulty(repeatable=repeatable))
    await town.until("2027-01-04")
    assert street.toy.told(SECOND) == ["servicer_offer"]
    (kept,) = await rows(town, SECOND)
    assert (kept["state"], kept["attempts"]) == ("sent", 1)
    (failed,) = await rows(town, FIRST)
    assert (failed["state"], failed["attempts"], failed["detail"]) == (state, 1, "channel raised: RuntimeError")
    await town.all_is_well()


class Mute(Toy):
    """Its own code answers nothing at all, so that its whole lane comes to grief."""

    def __init__(self) -> None:
        super().__init__()
        self.failed = asyncio.Event()

    async def send(self, envelope: Envelope) -> Receipt:
        self.failed.set()
        return cast("Receipt", None)


class Slow(Toy):
    """Answers well after the other one has failed."""

    name = "slow"

    def __init__(self, other: Mute, store: Store) -> None:
        super().__init__()
        self._other, self._store = other, store

    async def send(self, envelope: Envelope) -> Receipt:
        await self._other.failed.wait()
        for _ in range(20):
            async with self._store.read() as connection:
                await connection.execute(select(outbox.c.id))
        return await super().send(envelope)


async def test_a_lane_that_fails_lets_the_others_come_to_their_end(town: Town):
    """The trouble is told, and what others were sending is sent and written down before."""
    mute = Mute()
    await street_of(town, mute)
    slow, service = Slow(mute, town.service.store), town.service
    town.service = replace(service, post=replace(service.post, channels={**service.post.channels, "slow": slow}))
    async with service.store.write() as connection:
        theirs = (addresses.c.person_id == SECOND, addresses.c.channel == TOY)
        await connection.execute(update(addresses).where(*theirs).values(channel="slow"))
    await town.until("2027-01-03")
    with pytest.raises(AttributeError):
        await town.until("2027-01-04")
    assert slow.told(SECOND) == ["servicer_offer"]
    assert [row["state"] for row in await rows(town, SECOND, "slow")] == ["sent"]


class Outpaced(Toy):
    """While it sends, another process finds the lease run out, and takes the message back."""

    def __init__(self, town: Town, **abilities: Any) -> None:
        super().__init__(**abilities)
        self._town = town

    async def send(self, envelope: Envelope) -> Receipt:
        receipt = await super().send(envelope)
        if len(self.sent) == 1:
            await recover(self._town.service.post, self._town.service.clock.now(), all_dead=True)
        return receipt


async def test_who_has_lost_its_lease_writes_nothing_down(town: Town):
    """The other one's word counts, once: no fact, no ended address and no second way by the first one's answer."""
    street = await street_of(town, Outpaced(town))
    street.toy.answers = [Receipt(Outcome.DEAD, detail="no such account")]
    await town.until("2027-01-04")
    (row,) = await rows(town, FIRST)
    assert (row["state"], row["attempts"], row["detail"]) == ("sent", 2, "")
    assert "notice_moved" not in await town.facts()
    assert (await town.facts()).count("notice_sent") == 1
    assert [(one["number"], one["answer"], one["detail"]) for one in await tries(town)] == [
        (1, "unknown", "sender died"),
        (1, "dead", "after its lease: no such account"),
        (2, "sent", ""),
    ]
    await town.all_is_well()


class Asleep(Toy):
    """Its machine sleeps far past the lease, between the claim and the first word; ``taken``: another one sees it."""

    def __init__(self, town: Town, wind: Callable[[timedelta], None], *, taken: bool) -> None:
        super().__init__(at_once=1)
        self._town, self._wind, self._taken = town, wind, taken

    async def allowance(self) -> None:
        """What the sender asks the platform before it sends; here the machine goes to sleep over it."""
        post, now = self._town.service.post, self._town.service.clock.now()
        self._wind(10 * LEASE)
        if self._taken and not self.sent:
            assert await recover(post, now, all_dead=False) > 0


@pytest.mark.parametrize("taken", [True, False], ids=["taken by another", "still its own"])
async def test_a_worker_that_slept_past_its_lease_sends_nothing_of_what_another_took(
    town: Town, monkeypatch: pytest.MonkeyPatch, taken: bool
):
    """Not even the first message of a hand; what nobody took meanwhile is leased anew, and goes out."""
    slept: list[timedelta] = []
    now = datetime(2027, 1, 4, tzinfo=UTC)
    monkeypatch.setattr("scheduler.dispatch.machine_now", lambda: now + sum(slept, timedelta()))
    toy = Asleep(town, slept.append, taken=taken)
    await street_of(town, toy)
    await town.until("2027-01-04")
    assert slept
    assert [toy.told(who) for who in (FIRST, SECOND)] == [["servicer_offer"]] * 2
    answers = [(one["answer"], one["detail"]) for one in await tries(town)]
    assert answers == [("unknown", "sender died")] * taken + [("sent", "")]
    await town.all_is_well()


class Reluctant(Toy):
    """Hardly answers: its lease runs out while it is waited for, and another process looks for dead ones."""

    def __init__(self, town: Town) -> None:
        super().__init__()
        self._town, self.taken = town, -1

    async def send(self, envelope: Envelope) -> Receipt:
        receipt = await super().send(envelope)
        if len(self.sent) > 2:
            return receipt
        store, late = self._town.service.store, {"lease_until": datetime(2000, 1, 1, tzinfo=UTC)}
        async with store.write() as connection:
            await connection.execute(update(outbox).where(outbox.c.key == envelope.key).values(**late))
        for _ in range(200):
            async with store.read() as connection:
                held = select(outbox.c.lease_until).where(outbox.c.key == envelope.key)
                if (await connection.execute(held)).scalar_one() > late["lease_until"]:
                    break
        self.taken = await recover(self._town.service.post, self._town.service.clock.now(), all_dead=False)
        return receipt


async def test_what_takes_long_stays_with_who_is_at_it(town: Town, monkeypatch: pytest.MonkeyPatch):
    """The lease is renewed while a server hardly answers, so that nobody else sends the same."""
    monkeypatch.setattr("scheduler.dispatch.RENEWAL", 0.001)
    toy = Reluctant(town)
    await street_of(town, toy)
    await town.until("2027-01-04")
    assert toy.taken == 0
    assert toy.told(FIRST) == ["servicer_offer"]
    await town.all_is_well()


async def test_what_went_out_is_written_down_though_the_database_refuses_once(
    street: Street, monkeypatch: pytest.MonkeyPatch
):
    """It breaks off whoever waits for another transaction in a ring; nobody is written to twice for that."""
    refusals = iter([RuntimeError("deadlock")])

    async def refusing(connection: AsyncConnection, made: Sequence[Mapping[str, Any]]) -> None:
        for refusal in refusals:
            raise refusal
        await keep_attempts(connection, made)

    monkeypatch.setattr("scheduler.results.keep_attempts", refusing)
    await street.town.until("2027-01-04")
    await recover(street.town.service.post, street.town.service.clock.now(), all_dead=True)
    await street.town.run()
    assert [len(street.toy.told(who)) for who in (FIRST, SECOND)] == [1, 1]
    assert [(row["state"], row["attempts"]) for row in await rows(street.town, FIRST)] == [("sent", 1)]
    assert [one["answer"] for one in await tries(street.town)] == ["sent"]
    await street.town.all_is_well()


async def test_what_cannot_be_written_down_is_not_sent_over_and_over(street: Street, monkeypatch: pytest.MonkeyPatch):
    """The staff see it as one of which nobody knows; what was sent beside it is written down as ever."""

    async def refusing(connection: AsyncConnection, seal: Seal, deeds: Any, now: datetime) -> None:
        told = list(deeds)
        if any(house == "H1" for house, _ in told):
            raise RuntimeError("a bug of ours")
        await append(connection, seal, told, now)

    monkeypatch.setattr("scheduler.results.append", refusing)
    await street.town.until("2027-01-04")
    await recover(street.town.service.post, street.town.service.clock.now(), all_dead=True)
    await street.town.run()
    assert [len(street.toy.told(who)) for who in (FIRST, SECOND)] == [1, 1]
    assert [row["state"] for row in await rows(street.town, FIRST)] == ["unknown"]
    assert [row["state"] for row in await rows(street.town, SECOND)] == ["sent"]
    assert [one["answer"] for one in await tries(street.town)] == ["sent"]


async def test_a_letter_in_place_of_what_came_back_stands_in_the_record(street: Street):
    """It is a message like any other: that it was written, and to whom."""
    async with street.town.service.store.write() as connection:
        others = (addresses.c.person_id == FIRST, addresses.c.channel != TOY)
        await connection.execute(delete(addresses).where(*others))
    await street.town.until("2027-01-04")
    await street.happens(FIRST, What.RETURNED, answers_key=(await rows(street.town, FIRST))[0]["key"])
    assert await street.town.letters(FIRST) == ["servicer_offer"]
    assert (await street.town.facts())[-2:] == ["message_returned", "letter_written"]
    await street.town.all_is_well()
