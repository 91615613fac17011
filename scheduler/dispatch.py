"""From the outbox to the channels: claim a batch, send it, write down what became of it. Nothing is ever dropped."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.core.delivery import Channel, Envelope, Receipt
from bot.core.delivery import Outcome as Answer
from bot.core.links import Links
from bot.core.outcome import Deed, Mode, Say
from bot.core.people import STAFF_DESK, Role
from bot.core.reach import PAPER, URGENCY, next_address
from scheduler.clock import machine_now
from storage.claims import Claimed, Hand, Lane, begin_thread, busy, claim, mark, reclaim, threads_of
from storage.erasure import forget_answers
from storage.households import lock_houses
from storage.outbox import DROPPED, MOVED, SENT, SHADOW, UNKNOWN, WAITING, Letterhead, move, put
from storage.paces import Pace
from storage.people import end_account
from storage.record import append
from storage.store import Store
from templates.render import Renderer

log = structlog.get_logger()
BATCH = 100  # rows claimed in one transaction, and under load results written in one: what a crash may repeat then
BACKOFF = (60, 300, 1800, 7200, 21600)  # seconds of machine time; the last one over and over
ALL, ANSWERS = max(URGENCY.values()), URGENCY[Mode.REPLY]  # how urgent a message is at the least
LINKING = (Role.OWNER, Role.SERVICER)  # who may take up another channel from their page
PATIENCE = timedelta(days=3)  # civil time after which the next channel is tried,
BEFORE_PAPER = timedelta(weeks=2)  # or after which a letter is written, where there is no other
TRIED = 3  # times at the least: what waited through a pause is not given up at the first refusal
CLOSED_REST = 900  # seconds until a channel that is out of order is tried again
LONGEST_WAIT = 5.0  # seconds until a lane that keeps to a pace looks again, whether to go on or to close


@dataclass(frozen=True, slots=True)
class Post:
    """Everything that sending needs, handed in by the composition root."""

    store: Store
    channels: Mapping[str, Channel]
    renderer: Renderer
    links: Links
    shadow: bool = False  # shows what would be sent; nothing leaves
    digest: bool = False  # the staff are at a platform's desk, and are told there every morning what lies with them
    inviting: bool = False  # there are channels that a person comes to with a one-time code
    words_live: timedelta = timedelta(days=90)  # for how long what people write is kept once it is understood
    paced: bool = True  # keeps to what each platform takes in a second
    closing: asyncio.Event = field(default_factory=asyncio.Event)  # set: the batch in hand is finished, none is begun


@dataclass(slots=True)
class Tally:
    """What one dispatch did, for whoever started it."""

    sent: list[tuple[Claimed, Receipt]] = field(default_factory=list)
    failed: list[tuple[Claimed, Receipt]] = field(default_factory=list)

    @property
    def tried(self) -> int:
        return len(self.sent) + len(self.failed)


async def dispatch(post: Post, now: datetime, least: int = ALL) -> Tally:
    """Sends what may be sent now and is urgent enough, through every channel, until nothing more can be.

    What one channel could not deliver goes on through the next one at once.
    """
    tally, before = Tally(), -1
    while tally.tried > before:
        before = tally.tried
        waiting = await busy_lanes(post, now, least)
        await asyncio.gather(*(drain(post, lane, lambda: now, tally) for lane in waiting))
    return tally


async def busy_lanes(post: Post, now: datetime, least: int = ALL) -> list[Lane]:
    """The lanes in which something is due: an idle hour writes nothing."""
    async with post.store.read() as connection:
        return await busy(connection, lanes(post, least), now, machine_now())


def lanes(post: Post, least: int = ALL) -> list[Lane]:
    """One for each channel, so that a slow platform holds up no other, and one for what belongs to none of them."""
    ours = [Lane(name, pace=_pace(post, channel), least=least) for name, channel in post.channels.items()]
    return [*ours, Lane(others=tuple(post.channels), least=least)]


def _pace(post: Post, channel: Channel) -> Pace:
    return Pace(channel.abilities.per_second, channel.abilities.rest) if post.paced else Pace()


async def drain(post: Post, lane: Lane, civil_now: Callable[[], datetime], tally: Tally) -> None:
    """Sends what a lane holds until nothing more can be, no faster than its platform takes it.

    One batch after the other, on purpose: with the next one claimed while this one is on the wire, the two threads
    only wait for each other (measured: a tenth slower), and a crash would repeat twice as much.
    """
    while not post.closing.is_set():
        now = civil_now()
        hand = await _claim(post, lane, now)
        if hand.rows:
            for some in _together(post, hand.rows):
                await _send_all(post, some, now, tally)
        elif hand.wait is None:
            return
        else:
            await asyncio.sleep(min(hand.wait, LONGEST_WAIT))


async def _send_all(post: Post, batch: Sequence[Claimed], now: datetime, tally: Tally) -> None:
    earlier = await _earlier(post, batch)
    receipts = await asyncio.gather(*(_send(post, claimed, earlier) for claimed in batch))
    results = list(zip(batch, receipts, strict=True))
    await _record(post, results, now)
    for claimed, receipt in results:
        (tally.sent if receipt.outcome is Answer.SENT else tally.failed).append((claimed, receipt))


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
        deeds = [fact for row in found.unknown for fact in _notices(row.parts, _data(row.person_id, row, UNKNOWN))]
        await append(connection, post.store.pins.seal, deeds, now)
    return found.again + len(found.unknown)


async def _claim(post: Post, lane: Lane, now: datetime) -> Hand:
    async with post.store.write() as connection:
        return await claim(connection, lane, now, machine_now(), BATCH)


async def _send(post: Post, claimed: Claimed, earlier: Mapping[tuple[str, str], str]) -> Receipt:
    channel = post.channels.get(claimed.channel)
    if claimed.dead_end or channel is None:
        return Receipt(Answer.REFUSED, detail="address ended" if channel else "channel is off")
    try:
        ready = envelope(post, claimed, earlier.get((claimed.address, claimed.topic), ""))
    except Exception as error:  # the edge of the loop: one message that cannot be worded holds up no other
        log.exception("not_worded", outbox=claimed.id)
        return Receipt(Answer.LATER, detail=f"not worded: {type(error).__name__}")
    return Receipt(Answer.SENT, detail="shadow") if post.shadow else await channel.send(ready)


def envelope(post: Post, claimed: Claimed, earlier: str = "") -> Envelope:
    """The finished message; the same for every retry."""
    links = post.links.message(claimed.id)
    return Envelope(
        key=claimed.key,
        address=claimed.address,
        name=claimed.person.name,
        message=post.renderer.render(claimed.parts, claimed.language, claimed.person.name),
        written_at=claimed.written_at,
        page_url=links.page,
        button_url=links.button,
        stop_url=links.stop,
        elsewhere_url=links.elsewhere if post.inviting and claimed.person.role in LINKING else "",
        ticket=claimed.ticket,
        topic=claimed.topic,
        earlier=earlier,
        urgent=claimed.mode is Mode.ALARM,
    )


async def _record(post: Post, results: Sequence[tuple[Claimed, Receipt]], now: datetime) -> None:
    """What became of a batch, in one transaction: rows, facts, ended addresses and the next channel."""
    machine = machine_now()
    async with post.store.write() as connection:
        houses = {part["house"] for claimed, _ in results for part in claimed.parts if part["house"]}
        await lock_houses(connection, houses)
        states = [(claimed, receipt, _state(post, claimed, receipt, now)) for claimed, receipt in results]
        await mark(connection, [_mark(*result, now, machine) for result in states])
        deeds = [fact for result in states for fact in _facts(*result)]
        await append(connection, post.store.pins.seal, deeds, now)
        left = [claimed.id for claimed, _ in results if not claimed.person.active]
        if left:
            await forget_answers(connection, left)
        for claimed, receipt, state in states:
            if receipt.outcome is Answer.DEAD:
                await end_account(connection, (claimed.channel, claimed.address), "dead", now)
                if claimed.person.role is not Role.GUEST:
                    await _note(post, connection, claimed, now)
            if state == SENT and claimed.topic and post.channels[claimed.channel].abilities.topics:
                await begin_thread(connection, claimed, receipt.provider_id)
            if state == MOVED:
                following = next_address(claimed.person, claimed.channel, claimed.address)
                await append(connection, post.store.pins.seal, await move(connection, claimed, following, now), now)


async def _note(post: Post, connection: Any, claimed: Claimed, now: datetime) -> None:
    house = claimed.parts[0]["house"]
    params = {"who": claimed.person.id, "reason": "address_dead", "house": house}
    say = Say(STAFF_DESK, "staff_note", params, Mode.PROMPT)
    await put(connection, [(say, Letterhead(house, "", None))], post.store.pins.versions, now)


def _state(post: Post, claimed: Claimed, receipt: Receipt, now: datetime) -> str:
    """The state a row comes to by the answer it got."""
    if receipt.outcome is Answer.SENT:
        return SHADOW if post.shadow else SENT
    if receipt.outcome in (Answer.DEAD, Answer.REFUSED):
        return _onward(claimed)
    channel = post.channels[claimed.channel]
    if receipt.outcome is Answer.UNKNOWN and not channel.abilities.repeatable:
        return UNKNOWN
    return _onward(claimed) if _given_up(claimed, now) else WAITING


def _onward(claimed: Claimed) -> str:
    """To the next channel. Who has left is not followed onto paper, and of a guest nobody knows where they live."""
    return MOVED if claimed.person.active and claimed.person.role is not Role.GUEST else DROPPED


def _given_up(claimed: Claimed, now: datetime) -> bool:
    """Whether it has been tried for long enough, which is shorter where they can be reached in another way."""
    following = next_address(claimed.person, claimed.channel, claimed.address)
    patience = BEFORE_PAPER if following == PAPER else PATIENCE
    return claimed.attempts + 1 >= TRIED and now - claimed.send_at > patience


def _mark(claimed: Claimed, receipt: Receipt, state: str, now: datetime, machine: datetime) -> dict[str, Any]:
    return {
        "row_id": claimed.id,
        "token": claimed.lease,
        "state": state,
        "attempts": claimed.attempts + 1,
        "retry_at": machine + timedelta(seconds=_wait(claimed, receipt)) if state == WAITING else None,
        "provider_id": receipt.provider_id,
        "detail": receipt.detail,
        "sent_at": now if state in (SENT, SHADOW) else None,
    }


def _wait(claimed: Claimed, receipt: Receipt) -> float:
    """Seconds until the next attempt: the platform's word if it gave one."""
    if receipt.retry_after is not None:
        return receipt.retry_after
    if receipt.outcome is Answer.CLOSED:
        return CLOSED_REST
    return BACKOFF[min(claimed.attempts, len(BACKOFF) - 1)]


def _facts(claimed: Claimed, receipt: Receipt, state: str) -> list[tuple[str, Deed]]:
    """One fact for every house that a message was about; an attempt that will be repeated is none yet."""
    if state == WAITING:
        return []
    data = _data(claimed.person.id, claimed, state)
    if receipt.outcome is not Answer.SENT:
        data["answer"] = receipt.outcome
    return _notices(claimed.parts, data)


def _data(person_id: str, row: Any, state: str) -> dict[str, Any]:
    return {"to": person_id, "channel": row.channel, "key": row.key, "state": state}


def _notices(parts: Iterable[Mapping[str, Any]], data: Mapping[str, Any]) -> list[tuple[str, Deed]]:
    kinds: dict[str, list[str]] = {}
    for part in parts:
        kinds.setdefault(part["house"], []).append(part["kind"])
    kind = f"notice_{data['state']}"
    return [(house, Deed(kind, "engawa", {**data, "kinds": said})) for house, said in kinds.items()]
