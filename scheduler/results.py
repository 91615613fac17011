"""What became of a batch, written down: rows, facts, ended addresses, and the next way of what did not arrive."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection as Connection

from bot.core.days import civil
from bot.core.delivery import GONE, Receipt
from bot.core.delivery import Outcome as Answer
from bot.core.history.answered import answered, passed_on, taken_away
from bot.core.outcome import Deed, Mode, Say
from bot.core.people import STAFF_DESK, Role
from bot.core.reach import PAPER, next_address
from scheduler.clock import machine_now
from scheduler.post import Post
from storage.attempts import attempt, keep_attempts
from storage.claims import Claimed
from storage.commit import commit
from storage.erasure import forget_answers
from storage.hooks import note_answer
from storage.households import lock_houses
from storage.leases import mark, ours
from storage.outbox import DROPPED, MOVED, SENT, SHADOW, UNKNOWN, WAITING, Letterhead, move, put
from storage.paces import hold
from storage.people import end_account
from storage.record import append
from storage.threads import begin_thread

log = structlog.get_logger()
BACKOFF = (60, 300, 1800, 7200, 21600)  # seconds of machine time; the last one over and over
PATIENCE = timedelta(days=3)  # civil time after which the next channel is tried,
BEFORE_PAPER = timedelta(weeks=2)  # or after which a letter is written, where there is no other
TRIED = 3  # times at the least: what waited through a pause is not given up at the first refusal
TOO_LATE = "after its lease: "  # before the detail of an attempt that another process had taken over
CLOSED_REST = 900  # seconds until a channel that is out of order is tried again


@dataclass(frozen=True, slots=True)
class Result:
    """One attempt: what was handed over, what was answered, and the state that the row comes to by it."""

    claimed: Claimed
    receipt: Receipt
    state: str


async def record(post: Post, results: Sequence[tuple[Claimed, Receipt]], now: datetime) -> None:
    """What became of a batch. What went out must not go out again because the database refused to hear of it.

    It may break off a transaction that waits for another one, and one result that cannot be written down takes those
    beside it along: so each is tried once more alone.
    """
    try:
        await _record(post, results, now)
    except Exception:
        log.exception("not_written_down", outbox=[claimed.id for claimed, _ in results])
        for result in results:
            await _alone(post, result, now)


async def _alone(post: Post, result: tuple[Claimed, Receipt], now: datetime) -> None:
    """What cannot be written down even alone is of unknown outcome: the staff see it, and nothing repeats it."""
    try:
        await _record(post, [result], now)
    except Exception as error:
        claimed, receipt = result
        log.exception("not_written_down", outbox=claimed.id)
        detail = f"{receipt.outcome}, not written down: {type(error).__name__}"
        left = Result(claimed, replace(receipt, detail=detail), UNKNOWN)
        async with post.store.write() as connection:
            await keep_attempts(connection, [_attempt(left, now, ours=True)])
            await mark(connection, [_mark(left, now, machine_now())])


async def _record(post: Post, results: Sequence[tuple[Claimed, Receipt]], now: datetime) -> None:
    """All of it in one transaction: rows, facts, ended addresses and the next channel.

    What another process has taken meanwhile is its to write down: our lease had run out.
    """
    tried = [Result(claimed, receipt, _state(post, claimed, receipt, now)) for claimed, receipt in results]
    async with post.store.write() as connection:
        await lock_houses(connection, {house for claimed, _ in results for house in _houses(claimed)})
        held = await ours(connection, results[0][0].lease, [claimed.id for claimed, _ in results], to_write=True)
        mine = [result for result in tried if result.claimed.id in held]
        if len(mine) < len(tried):
            log.warning("lease_lost", outbox=[result.claimed.id for result in tried if result not in mine])
        await keep_attempts(connection, [_attempt(result, now, result.claimed.id in held) for result in tried])
        await _write(post, connection, mine, now)


async def _write(post: Post, connection: Connection, results: Sequence[Result], now: datetime) -> None:
    machine, seal = machine_now(), post.store.pins.seal
    await mark(connection, [_mark(result, now, machine) for result in results])
    await append(connection, seal, [fact for result in results for fact in _facts(result)], now)
    left = [result.claimed.id for result in results if not result.claimed.person.active]
    if left:
        await forget_answers(connection, left)
    for result in results:
        await _follow(post, connection, result, now)
    await _hold(post, connection, results, machine)


async def _hold(post: Post, connection: Connection, results: Sequence[Result], machine: datetime) -> None:
    """A platform that wants to be left alone for a while means all of us, not that one message."""
    pauses = {
        result.claimed.channel: result.receipt.retry_after
        for result in sorted(results, key=lambda result: result.receipt.retry_after or 0.0)
        if result.receipt.outcome is Answer.LATER
        and result.receipt.retry_after
        and not post.channels[result.claimed.channel].abilities.machines  # each of those is an office of its own
    }
    for name, seconds in pauses.items():
        await hold(connection, name, post.pace(post.channels[name]), machine + timedelta(seconds=seconds))


async def _follow(post: Post, connection: Connection, result: Result, now: datetime) -> None:
    """What an answer brings about besides: an address that ends, a topic that begins, the next channel."""
    claimed, receipt = result.claimed, result.receipt
    if claimed.person.role is Role.HOOK:
        await note_answer(connection, post.store.pins, claimed.person.id, receipt.outcome, now)
    elif receipt.outcome is Answer.DEAD:
        await end_account(connection, (claimed.channel, claimed.address), "dead", now)
        if claimed.person.role is not Role.GUEST:
            await _note(post, connection, claimed, now)
    if claimed.person.role is Role.PROVIDER:
        await _heard(post, connection, result, now)
    if result.state == SENT and claimed.topic and post.channels[claimed.channel].abilities.topics:
        await begin_thread(connection, claimed, receipt)
    if result.state == MOVED:
        following = next_address(claimed.person, claimed.channel, claimed.address)
        await append(connection, post.store.pins.seal, await move(connection, claimed, following, now), now)


async def _heard(post: Post, connection: Connection, result: Result, now: datetime) -> None:
    """What a machine said in return follows in the same transaction as that it was told."""
    claimed, receipt = result.claimed, result.receipt
    outcomes = []
    if result.state == SENT:
        outcomes = [answered(part, claimed.person.id, receipt.answer, civil(now)) for part in claimed.parts]
    elif result.state == MOVED:
        outcomes = [passed_on(part) for part in claimed.parts]
    elif receipt.detail == GONE:
        outcomes = [taken_away(part, civil(now)) for part in claimed.parts]
    await commit(connection, post.store.pins, outcomes, now)


def _houses(claimed: Claimed) -> set[str]:
    return {part["house"] for part in claimed.parts if part["house"]}


async def _note(post: Post, connection: Connection, claimed: Claimed, now: datetime) -> None:
    house = claimed.parts[0]["house"]
    params = {"who": claimed.person.id, "reason": "address_dead", "house": house}
    say = Say(STAFF_DESK, "staff_note", params, Mode.PROMPT)
    await put(connection, [(say, Letterhead(house, "", None))], post.store.pins.versions, now)


def _state(post: Post, claimed: Claimed, receipt: Receipt, now: datetime) -> str:
    """The state a row comes to by the answer it got."""
    if receipt.outcome is Answer.SENT:
        return SHADOW if post.only_shows(claimed.person.role) else SENT
    if receipt.detail == GONE:
        return DROPPED  # there is nothing to be handed over any more, in whatever way
    if claimed.person.role is Role.GUARANTOR:  # there is no other way to it, and nothing is given up
        return UNKNOWN if receipt.outcome in (Answer.DEAD, Answer.REFUSED) else WAITING
    if receipt.outcome in (Answer.DEAD, Answer.REFUSED):
        return _onward(claimed)
    channel = post.channels[claimed.channel]
    if receipt.outcome is Answer.UNKNOWN and (receipt.once or not channel.abilities.repeatable):
        return UNKNOWN
    return _onward(claimed) if _given_up(claimed, now) else WAITING


def _onward(claimed: Claimed) -> str:
    """To the next channel. Who has left is not followed onto paper, of a guest nobody knows where they live, and a
    submitter's machine is told again by name (see storage.news.tell_again)."""
    elsewhere = claimed.person.active and claimed.person.role not in (Role.GUEST, Role.HOOK)
    return MOVED if elsewhere else DROPPED


def _given_up(claimed: Claimed, now: datetime) -> bool:
    """Whether it has been tried for long enough, which is shorter where they can be reached in another way."""
    following = next_address(claimed.person, claimed.channel, claimed.address)
    on_paper = following == PAPER and claimed.person.role is not Role.HOOK  # no letter is written to a machine
    patience = BEFORE_PAPER if on_paper else PATIENCE
    return claimed.attempts + 1 >= TRIED and now - claimed.send_at > patience


def _attempt(result: Result, now: datetime, ours: bool) -> dict[str, Any]:
    """What really happened, also where it was too late to count."""
    claimed, receipt = result.claimed, result.receipt
    detail = receipt.detail if ours else f"{TOO_LATE}{receipt.detail}"
    made = attempt(claimed.id, claimed.attempts + 1, now, replace(receipt, detail=detail))
    return made | {"answer": SHADOW} if result.state == SHADOW else made


def _mark(result: Result, now: datetime, machine: datetime) -> dict[str, Any]:
    claimed, receipt, state = result.claimed, result.receipt, result.state
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


def _facts(result: Result) -> list[tuple[str, Deed]]:
    """One fact for every house that a message was about; an attempt that will be repeated is none yet."""
    if result.state == WAITING:
        return []
    data = notice(result.claimed.person.id, result.claimed, result.state)
    if result.receipt.outcome is not Answer.SENT:
        data["answer"] = result.receipt.outcome
    return notices(result.claimed.parts, data)


def notice(person_id: str, row: Any, state: str) -> dict[str, Any]:
    return {"to": person_id, "channel": row.channel, "key": row.key, "state": state}


def notices(parts: Iterable[Mapping[str, Any]], data: Mapping[str, Any]) -> list[tuple[str, Deed]]:
    kinds: dict[str, list[str]] = {}
    for part in parts:
        kinds.setdefault(part["house"], []).append(part["kind"])
    kind = f"notice_{data['state']}"
    return [(house, Deed(kind, "engawa", {**data, "kinds": said})) for house, said in kinds.items()]
