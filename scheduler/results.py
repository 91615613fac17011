"""What became of a batch, written down: rows, facts, ended addresses, and the next way of what did not arrive."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.core.delivery import Outcome as Answer
from bot.core.delivery import Receipt
from bot.core.outcome import Deed, Mode, Say
from bot.core.people import STAFF_DESK, Role
from bot.core.reach import PAPER, next_address
from scheduler.clock import machine_now
from scheduler.post import Post
from storage.claims import Claimed
from storage.erasure import forget_answers
from storage.households import lock_houses
from storage.leases import mark
from storage.outbox import DROPPED, MOVED, SENT, SHADOW, UNKNOWN, WAITING, Letterhead, move, put
from storage.people import end_account
from storage.record import append
from storage.threads import begin_thread

BACKOFF = (60, 300, 1800, 7200, 21600)  # seconds of machine time; the last one over and over
PATIENCE = timedelta(days=3)  # civil time after which the next channel is tried,
BEFORE_PAPER = timedelta(weeks=2)  # or after which a letter is written, where there is no other
TRIED = 3  # times at the least: what waited through a pause is not given up at the first refusal
CLOSED_REST = 900  # seconds until a channel that is out of order is tried again


async def record(post: Post, results: Sequence[tuple[Claimed, Receipt]], now: datetime) -> None:
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
                await begin_thread(connection, claimed, receipt)
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
    data = notice(claimed.person.id, claimed, state)
    if receipt.outcome is not Answer.SENT:
        data["answer"] = receipt.outcome
    return notices(claimed.parts, data)


def notice(person_id: str, row: Any, state: str) -> dict[str, Any]:
    return {"to": person_id, "channel": row.channel, "key": row.key, "state": state}


def notices(parts: Iterable[Mapping[str, Any]], data: Mapping[str, Any]) -> list[tuple[str, Deed]]:
    kinds: dict[str, list[str]] = {}
    for part in parts:
        kinds.setdefault(part["house"], []).append(part["kind"])
    kind = f"notice_{data['state']}"
    return [(house, Deed(kind, "engawa", {**data, "kinds": said})) for house, said in kinds.items()]
