"""From the outbox to the channels: claim a batch, send it, write down what became of it. Nothing is ever dropped."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from structlog.contextvars import bind_contextvars

from bot.core.delivery import GONE, Channel, Envelope, OneWay, Receipt
from bot.core.delivery import Outcome as Answer
from bot.core.outcome import Mode
from bot.core.people import MACHINES, Role
from bot.core.reach import URGENCY
from scheduler.clock import machine_now
from scheduler.enclosing import opens, with_files
from scheduler.month import Taken, give_back_to_month, take_of_month
from scheduler.post import Post
from scheduler.results import notice, notices, record
from storage.attempts import DIED, attempt, keep_attempts
from storage.claims import Claimed, Hand, claim
from storage.households import lock_houses
from storage.lanes import Lane, apart, busy
from storage.leases import LEASE, note_once, ours, reclaim, renew
from storage.outbox import UNKNOWN
from storage.record import append
from storage.threads import threads_of

log = structlog.get_logger()
BATCH = 100  # rows claimed in one transaction, and under load results written in one: what a crash may repeat then
ALL, ANSWERS = max(URGENCY.values()), URGENCY[Mode.REPLY]  # how urgent a message is at the least
LINKING = (Role.OWNER, Role.SERVICER)  # who may take up another channel from their page
RENEWAL = LEASE.total_seconds() / 3  # seconds after which a lease is renewed
ROOM = timedelta(minutes=1)  # what must be left of a lease to send without asking whether it is still ours
LONGEST_PAUSE = 60.0  # seconds that a lane waits out; after a longer pause of its platform the rounds come back to it
LONGEST_WAIT = 5.0  # seconds until a lane that keeps to a pace looks again, whether to go on or to close


@dataclass(slots=True)
class Tally:
    """What one dispatch did, for whoever started it."""

    sent: list[tuple[Claimed, Receipt]] = field(default_factory=list)
    failed: list[tuple[Claimed, Receipt]] = field(default_factory=list)

    @property
    def tried(self) -> int:
        return len(self.sent) + len(self.failed)


@dataclass(frozen=True, slots=True)
class Around:
    """What sending a batch has to know besides: where topics began, and what of the month it may take."""

    earlier: Mapping[tuple[str, str], str] = field(default_factory=dict)
    taken: Taken = field(default_factory=Taken)


async def dispatch(post: Post, now: datetime, least: int = ALL) -> Tally:
    """Sends what may be sent now and is urgent enough, through every channel, until nothing more can be.

    What one channel could not deliver goes on through the next one at once.
    """
    tally, before = Tally(), -1
    while tally.tried > before:
        before = tally.tried
        await _drain_all(post, await busy_lanes(post, now, least), now, tally)
    return tally


async def _drain_all(post: Post, waiting: Sequence[Lane], now: datetime, tally: Tally) -> None:
    """Every lane comes to its end before the trouble of one is anybody's."""
    ends = await asyncio.gather(*(drain(post, lane, lambda: now, tally) for lane in waiting), return_exceptions=True)
    troubles = [end for end in ends if end is not None]
    for trouble in troubles[1:]:  # the first one is told by whoever asked for this
        log.error("sending_failed", error=type(trouble).__name__)
    if troubles:
        raise troubles[0]


async def busy_lanes(post: Post, now: datetime, least: int = ALL) -> list[Lane]:
    """The lanes in which something is due: an idle hour writes nothing."""
    machine = machine_now()
    async with post.store.read() as connection:
        found = await busy(connection, lanes(post, least), now, machine)
        each = [await apart(connection, lane, now, machine) if _of_machines(post, lane) else [lane] for lane in found]
    return [lane for some in each for lane in some]


def _of_machines(post: Post, lane: Lane) -> bool:
    """Whether it leads to machines of many offices: each of them is as slow as it is, and by itself."""
    channel = post.channels.get(lane.channel)
    return channel is not None and channel.abilities.machines


def lanes(post: Post, least: int = ALL) -> list[Lane]:
    """One for each channel, so that a slow platform holds up no other, and one for what belongs to none of them."""
    ours = [Lane(name, pace=post.pace(channel), least=least) for name, channel in post.channels.items()]
    return [*ours, Lane(others=tuple(post.channels), least=least)]


async def drain(post: Post, lane: Lane, civil_now: Callable[[], datetime], tally: Tally) -> None:
    """Sends what a lane holds until nothing more can be, no faster than its platform takes it.

    One batch after the other, on purpose: with the next one claimed while this one is on the wire, the two threads
    only wait for each other (measured: a tenth slower), and a crash would repeat twice as much.
    """
    while not post.closing.is_set():
        now = civil_now()
        hand = await _claim(post, lane, now)
        if hand.rows:
            await _while_held(post, hand.rows, _send_hand(post, hand.rows, now, tally))
        elif hand.wait is None or hand.wait > LONGEST_PAUSE:
            return
        else:
            await asyncio.sleep(min(hand.wait, LONGEST_WAIT))


async def _while_held(post: Post, rows: Sequence[Claimed], work: Coroutine[Any, Any, None]) -> None:
    """Renews the lease for as long as the work takes: a server that hardly answers may need longer for a batch."""
    doing = asyncio.create_task(work)
    try:
        while not (await asyncio.wait({doing}, timeout=RENEWAL))[0]:
            await _renew(post, rows[0].lease)
        await doing
    finally:
        doing.cancel()


async def _renew(post: Post, token: str) -> None:
    try:
        async with post.store.write() as connection:
            await renew(connection, token, machine_now())
    except Exception:  # the edge of the loop: what is being sent is worth more than its lease
        log.exception("lease_not_renewed")


async def _send_hand(post: Post, rows: Sequence[Claimed], now: datetime, tally: Tally) -> None:
    for some in _together(post, rows):
        await _send_all(post, some, now, tally)


async def _send_all(post: Post, batch: Sequence[Claimed], now: datetime, tally: Tally) -> None:
    around = Around(await _earlier(post, batch), await take_of_month(post, post.channels.get(batch[0].channel), batch))
    await _note_once(post, batch)
    mine = await _in_time(post, batch)
    receipts = await asyncio.gather(*(_send(post, claimed, around) for claimed in mine))
    results = list(zip(mine, receipts, strict=True))
    if results:
        await record(post, results, now)
    held = {claimed.id for claimed in mine}
    lost = [(claimed, Receipt(Answer.LATER, detail="lease lost")) for claimed in batch if claimed.id not in held]
    await give_back_to_month(post, around.taken, [*results, *lost])
    for claimed, receipt in results:
        (tally.sent if receipt.outcome is Answer.SENT else tally.failed).append((claimed, receipt))


async def _in_time(post: Post, batch: Sequence[Claimed]) -> Sequence[Claimed]:
    """The last look before the wire: by the clock alone, unless the machine slept or what came before took long.

    Then they are leased anew in the transaction that asks whose they are, so that nobody takes them from here on.
    """
    machine, token = machine_now(), batch[0].lease
    if machine < batch[0].until - ROOM:
        return batch
    async with post.store.write() as connection:
        await renew(connection, token, machine)
        held = await ours(connection, token, [claimed.id for claimed in batch])
    return [claimed for claimed in batch if claimed.id in held]


async def _note_once(post: Post, batch: Sequence[Claimed]) -> None:
    """On the row, before it is tried, because afterwards it may be too late."""
    channel = post.channels.get(batch[0].channel)
    if post.shadow or not isinstance(channel, OneWay):
        return
    once = [claimed.id for claimed in batch if channel.is_once(claimed.ticket)]
    if once:
        async with post.store.write() as connection:
            await note_once(connection, batch[0].lease, once)


async def _earlier(post: Post, batch: Sequence[Claimed]) -> Mapping[tuple[str, str], str]:
    """Where the channel keeps topics together: the first message on each, by address and topic."""
    channel = post.channels.get(batch[0].channel)
    if channel is None or not channel.abilities.topics:
        return {}
    async with post.store.read() as connection:
        return await threads_of(connection, channel.name, [claimed.topic for claimed in batch if claimed.topic])


def _together(post: Post, batch: Sequence[Claimed]) -> Iterator[Sequence[Claimed]]:
    """A full batch in one go. Of fewer, only as many as are on the wire together, so that a crash repeats no more."""
    channel = post.channels.get(batch[0].channel)
    size = len(batch) if channel is None or len(batch) >= BATCH else channel.abilities.at_once
    return (batch[start : start + size] for start in range(0, len(batch), size))


async def recover(post: Post, now: datetime, *, all_dead: bool) -> int:
    """Takes back what a dead sender was holding; how many there were. What nobody can know stands in the record."""
    repeatable = [name for name, channel in post.channels.items() if channel.abilities.repeatable]
    async with post.store.write() as connection:
        found = await reclaim(connection, machine_now(), repeatable, all_dead=all_dead)
        await lock_houses(connection, {part["house"] for row in found.unknown for part in row.parts if part["house"]})
        deeds = [fact for row in found.unknown for fact in notices(row.parts, notice(row.person_id, row, UNKNOWN))]
        await append(connection, post.store.pins.seal, deeds, now)
        dead = [*found.again, *found.unknown]
        await keep_attempts(connection, [attempt(row.id, row.attempts, now, DIED) for row in dead])
    return len(dead)


async def _claim(post: Post, lane: Lane, now: datetime) -> Hand:
    async with post.store.write() as connection:
        return await claim(connection, lane, now, machine_now(), BATCH)


async def _send(post: Post, claimed: Claimed, around: Around) -> Receipt:
    channel = post.channels.get(claimed.channel)
    if claimed.dead_end or channel is None:
        return Receipt(Answer.REFUSED, detail="address ended" if channel else "channel is off")
    bind_contextvars(outbox=claimed.id)  # of a task of its own, with which it ends
    try:
        ready = await with_files(post, claimed, envelope(post, claimed, around))
    except Exception as error:  # the edge of the loop: one message that cannot be worded holds up no other
        log.exception("not_worded", outbox=claimed.id)
        return Receipt(Answer.LATER, detail=f"not worded: {type(error).__name__}")
    if ready.record.get("enclose") and ready.enclosed is None:
        return Receipt(Answer.REFUSED, detail=GONE)
    if post.only_shows(claimed.person.role):
        return Receipt(Answer.SENT, detail="shadow")
    return await _handed_over(channel, ready, claimed.id)


async def _handed_over(channel: Channel, ready: Envelope, row_id: int) -> Receipt:
    try:
        return await channel.send(ready)
    except Exception as error:  # the edge of the loop: a channel's bug costs one attempt, and its neighbours nothing
        log.exception("channel_raised", channel=channel.name, outbox=row_id)
        return Receipt(Answer.UNKNOWN, detail=f"channel raised: {type(error).__name__}")


def envelope(post: Post, claimed: Claimed, around: Around | None = None) -> Envelope:
    """The finished message; the same for every retry."""
    links, person, around = post.links.message(claimed.id), claimed.person, around or Around()
    return Envelope(
        key=claimed.key,
        address=claimed.address,
        name=person.name,
        message=post.renderer.render(claimed.parts, claimed.language, person.name),
        written_at=claimed.written_at,
        page_url=links.page,
        button_url=links.button,
        stop_url=links.stop,
        elsewhere_url=links.elsewhere if post.inviting and person.role in LINKING else "",
        account_url=post.links.account(person.id, claimed.channel) if person.role is Role.GUEST else "",
        ticket=claimed.ticket,
        topic=claimed.topic,
        earlier=around.earlier.get((claimed.address, claimed.topic), ""),
        urgent=claimed.mode is Mode.ALARM,
        kept_back=claimed.id in around.taken.kept_back,
        opens=opens(post, claimed, links),
        record=claimed.parts[0]["params"] if person.role in MACHINES else {},
    )
