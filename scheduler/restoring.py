"""A database that was put back from a copy is known at the start, and the mark it is known by is kept up to date."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.core.restored import BEHIND, Mark, Restored, behind
from scheduler.post import Post
from scheduler.run import decide
from scheduler.understanding import Understanding
from storage.high_water import MarkFile, stands_at
from storage.record import lock_own_chain
from storage.restored import all_held, begin, restored

log = structlog.get_logger()
EVERY = 10.0  # seconds between two writings of the mark at the least


@dataclass(frozen=True, slots=True)
class Watch:
    """What it takes to know a copy: sending, understanding, and the mark outside the database, where one is kept."""

    post: Post
    understanding: Understanding
    mark: MarkFile | None

    async def read(self) -> Mark | None:
        """Raises MarkError."""
        return await asyncio.to_thread(self.mark.read) if self.mark is not None else None


async def observe(watch: Watch, now: datetime) -> Restored | None:
    """To be asked before anything is sent: the state of a database that was put back; None for an ordinary one.

    One that lags behind its mark is marked by this. Raises MarkError.
    """
    mark = await watch.read()
    async with watch.post.store.write() as connection:
        await lock_own_chain(connection)  # another process may start at the same moment
        state = await restored(connection)
        here = await stands_at(connection, now)
        if state is None and mark is not None and behind(here, mark):
            state = Restored(BEHIND, since=now, until=min(mark.at, now))
            state = await begin(connection, watch.post.store.pins.seal, state, here, mark)
    return await take_stock(watch, state) if state is not None else None


async def mark_restored(watch: Watch, state: Restored) -> Restored:
    """Somebody says that the database was put back: from now on it only observes. Raises MarkError.

    Where it is marked already, it stays as it is.
    """
    mark = await watch.read()
    async with watch.post.store.write() as connection:
        await lock_own_chain(connection)
        standing = await restored(connection)
        if standing is None:
            here = await stands_at(connection, state.since)
            standing = await begin(connection, watch.post.store.pins.seal, state, here, mark)
    return await take_stock(watch, standing)


async def take_stock(watch: Watch, state: Restored) -> Restored:
    """What the lost database may have said is decided anew and lies aside, so that people see it; once.

    A case that it concerns goes on as if it had been said, with its next reminder in due time.
    """
    if state.held:
        return state
    await watch.understanding(state.until)
    await watch.understanding.finish()
    await decide(watch.post, state.until)
    async with watch.post.store.write() as connection:
        await all_held(connection)
    return replace(state, held=True)


@asynccontextmanager
async def marking(watch: Watch, civil_now: Callable[[], datetime]) -> AsyncIterator[None]:
    """While this lasts the mark follows what is committed, and once more at the end."""
    if watch.mark is None:
        yield
        return
    over = asyncio.Event()
    following = asyncio.create_task(_follow(watch.post, watch.mark, civil_now, over))
    try:
        yield
    finally:
        over.set()
        await following


async def _follow(post: Post, file: MarkFile, civil_now: Callable[[], datetime], over: asyncio.Event) -> None:
    last: Mark | None = None
    while True:
        ending = over.is_set()
        last = await _undisturbed(post, file, civil_now(), last)
        if ending:
            return
        try:
            await asyncio.wait_for(over.wait(), EVERY)
        except TimeoutError:
            continue


async def _undisturbed(post: Post, file: MarkFile, now: datetime, last: Mark | None) -> Mark | None:
    """A mark that cannot be written holds up nothing; the log tells."""
    try:
        return await keep_mark(post, file, now, last)
    except Exception:  # the edge of the loop
        log.exception("mark_not_written", file=str(file.path))
        return last


async def keep_mark(post: Post, file: MarkFile, now: datetime, last: Mark | None = None) -> Mark:
    """Writes the mark of what is committed by now; nothing where that is as it was last."""
    async with post.store.read() as connection:
        mark = await stands_at(connection, now)
    if last is None or mark.ids != last.ids:
        await asyncio.to_thread(file.write, mark)
        return mark
    return last
