"""What runs everything that happens by itself: once, or over and over."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import structlog

from scheduler.asking import carry_out
from scheduler.auditing import audit_for_a_while
from scheduler.clock import Clock
from scheduler.digest import tell_digest
from scheduler.dispatch import Tally, busy_lanes, dispatch, drain, recover
from scheduler.due import open_due
from scheduler.escalate import escalate
from scheduler.figures import keep_figures
from scheduler.filing import file_months
from scheduler.forgetting import forget
from scheduler.handover import carry_on, prepare_wanted
from scheduler.heartbeat import Heartbeat
from scheduler.histories import tend_histories
from scheduler.pilot import tell_pilot
from scheduler.post import Post
from scheduler.reconcile import reconcile_daily
from scheduler.signs import look_at_companies
from scheduler.tallying import tally_for_a_while
from scheduler.understanding import Understanding
from storage.absences import cover_all
from storage.engine import Database
from storage.exclusive import nobody_beside
from storage.lanes import Lane
from storage.overtaken import drop_letters
from storage.seals import seal_day
from storage.shadow import show_letters

log = structlog.get_logger()
# Among what is under way, beside the lanes.
COMPARING, FILING, AUDITING, COUNTING, TALLYING = "comparing", "filing", "auditing", "counting", "tallying"
PAUSE = 15.0  # seconds between two rounds of the service

Step = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did."""

    houses: int
    cases: int
    tally: Tally


async def run_once(post: Post, understanding: Understanding, now: datetime) -> Round:
    """Everything that is due at this civil now: what came in, the sweep, the ladder, and the sending."""
    await understanding(now)
    await understanding.finish()
    houses, cases = await decide(post, now)
    done = Round(houses, cases, await dispatch(post, now))
    await reconcile_daily(post, now)
    await file_months(post, now)
    await seal(post, now)
    return done


async def decide(post: Post, now: datetime) -> tuple[int, int]:
    """Sweep and ladder: how many houses were looked at, and how many cases moved on."""
    await cover_all(post.store, now)
    await tend_histories(post.store, now)
    await prepare_wanted(post.store, now)
    await carry_on(post.store, now)
    houses = await open_due(post.store, now)
    await carry_out(post.store, now)
    cases = await escalate(post.store, now)
    if post.digest:
        await tell_digest(post.store, now)
    await tell_pilot(post, now)
    await look_at_companies(post.store, now)
    async with post.store.write() as connection:
        await drop_letters(connection)
        if post.shadow:
            await show_letters(connection, post.store.pins.seal, now)
    await forget(post, now)
    return houses, cases


async def seal(post: Post, now: datetime) -> None:
    """The record's seal of the day. A place that cannot be reached is tried again in every round."""
    if post.seals is None:
        return
    try:
        await seal_day(post.store, post.seals, now)
    except OSError as error:
        log.error("seal_failed", error=str(error))


async def take_over(post: Post, database: Database, now: datetime) -> None:
    """Takes back what a process that died was sending: at once, unless another sends beside us and may hold it.

    Then it comes back as the leases run out.
    """
    async with nobody_beside(database) as all_dead:
        await recover(post, now, all_dead=all_dead)


async def run_for_ever(post: Post, understanding: Understanding, clock: Clock, heart: Heartbeat | None = None) -> None:
    """Rounds until the post is closing. The bell wakes it at once, for an answer that waits to be sent.

    The heart beats after a round in which nothing failed.
    """
    bell = understanding.bell
    going: dict[str, asyncio.Task[None]] = {}
    while not post.closing.is_set():
        bell.clear()
        now = clock.now()
        whole = [await undisturbed(step) for step in steps(post, understanding, now)]
        whole.append(await undisturbed(_begin_sending(post, going, clock)))
        _begin_beside(going, COMPARING, partial(reconcile_daily, post, now))
        _begin_beside(going, FILING, partial(file_months, post, now))
        await undisturbed(seal(post, now))
        _begin_beside(going, COUNTING, partial(keep_figures, post.store, now))
        _begin_beside(going, TALLYING, partial(tally_for_a_while, post.store, now))
        _begin_beside(going, AUDITING, partial(audit_for_a_while, post, now))
        if heart is not None and all(whole):
            heart.round_done(now)
        try:
            await asyncio.wait_for(bell.wait(), PAUSE)
        except TimeoutError:
            continue
    if going:
        await asyncio.wait(going.values())


def steps(post: Post, understanding: Understanding, now: datetime) -> Iterator[Awaitable[object]]:
    """What one round decides, each part to be undisturbed by the trouble of another."""
    yield understanding(now)
    yield decide(post, now)
    yield recover(post, now, all_dead=False)


async def undisturbed(step: Awaitable[object]) -> bool:
    """Whether it went well."""
    try:
        await step
    except Exception:  # the edge of the loop: tomorrow must not fail because of today
        log.exception("round_failed")
        return False
    return True


async def _begin_sending(post: Post, going: dict[str, asyncio.Task[None]], clock: Clock) -> None:
    """Every lane in which something is due is under way."""
    for lane in await busy_lanes(post, clock.now()):
        if _idle(going, lane):
            going[lane.name] = asyncio.create_task(_send(post, lane, clock))


def _idle(going: Mapping[str, asyncio.Task[None]], lane: Lane) -> bool:
    """Whether nothing is on its way through a lane: one that keeps to a slow pace outlasts many rounds."""
    return lane.name not in going or going[lane.name].done()


def _begin_beside(going: dict[str, asyncio.Task[None]], name: str, work: Step) -> None:
    """Beside the rounds: a long list of the guarantor's, or of houses, holds up nothing."""
    if name not in going or going[name].done():
        going[name] = asyncio.create_task(_beside(work()))


async def _beside(work: Awaitable[object]) -> None:
    await undisturbed(work)


async def _send(post: Post, lane: Lane, clock: Clock) -> None:
    try:
        await drain(post, lane, clock.now, Tally())
    except Exception:  # the edge of the loop: one channel's trouble is no other's
        log.exception("sending_failed", channel=lane.channel)
