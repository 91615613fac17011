"""What one of several workers does: rounds that only one of them runs at a time, and sending, which all of them do.

Whatever wakes it, nothing is handed over with the call: what is due stands in the database. A call that comes while the
work it asks for goes on waits for that instead of doing it beside.
"""

import asyncio
from dataclasses import dataclass, field
from functools import partial

from scheduler.auditing import audit_for_a_while
from scheduler.clock import Clock
from scheduler.dispatch import Tally, busy_lanes, drain
from scheduler.figures import keep_figures
from scheduler.filing import file_months
from scheduler.heartbeat import Heartbeat
from scheduler.reconcile import reconcile_daily
from scheduler.restoring import Watch, keep_mark
from scheduler.run import Step, seal, steps, undisturbed
from scheduler.tallying import tally_for_a_while
from storage.engine import Database
from storage.exclusive import ASIDE, RUNNER, tried
from storage.lanes import Lane

PATIENCE = 30.0  # seconds for which a call waits; what takes longer goes on behind it


@dataclass(slots=True)
class Shift:
    """One worker's part. ``heart`` beats after a round in which nothing failed."""

    watch: Watch
    database: Database
    clock: Clock
    heart: Heartbeat | None = None
    _going: dict[str, asyncio.Task[bool]] = field(default_factory=dict)

    async def round(self) -> None:
        """What came in, the sweep, the ladder, and the seal of the day; nothing while another worker is at it."""
        await self._once("round", self._round)

    async def send(self) -> None:
        """What may be sent now, beside all who send; a slow channel holds up no other."""
        waiting = await busy_lanes(self.watch.post, self.clock.now())
        await asyncio.gather(*(self._once(f"lane:{lane.name}", partial(self._drain, lane)) for lane in waiting))

    async def aside(self) -> None:
        """What is slow and no round waits for: the guarantor's list and month, the figures, the auditor's share."""
        await self._once("aside", self._aside)

    async def heed(self, bell: asyncio.Event) -> None:
        """A round for whatever this process itself has heard, until it is cancelled."""
        while True:
            await bell.wait()
            bell.clear()
            await undisturbed(self.round())
            await undisturbed(self.send())

    async def finish(self, patience: float) -> bool:
        """Waits for what is under way; whether it came to its end. ``patience`` in seconds."""
        going = [task for task in self._going.values() if not task.done()]
        if not going:
            return True
        _, left = await asyncio.wait(going, timeout=patience)
        return not left

    async def _once(self, name: str, work: Step) -> None:
        """The work is a task of its own: whoever called may be broken off, what is on the wire must not."""
        task = self._going.get(name)
        if task is None or task.done():
            if self.watch.post.closing.is_set():
                return
            task = self._going[name] = asyncio.create_task(undisturbed(work()))
        await asyncio.wait({task}, timeout=PATIENCE)

    async def _round(self) -> None:
        async with tried(self.database, RUNNER) as held:
            if not held:
                return
            now, post = self.clock.now(), self.watch.post
            whole = [await undisturbed(step) for step in steps(post, self.watch.understanding, now)]
            whole.append(await undisturbed(seal(post, now)))
            if self.watch.mark is not None:
                whole.append(await undisturbed(keep_mark(post, self.watch.mark, now)))
            if self.heart is not None and all(whole):
                self.heart.round_done(now)

    async def _drain(self, lane: Lane) -> None:
        await drain(self.watch.post, lane, self.clock.now, Tally())

    async def _aside(self) -> None:
        async with tried(self.database, ASIDE) as held:
            if not held:
                return
            post, now = self.watch.post, self.clock.now()
            works: tuple[Step, ...] = (
                partial(reconcile_daily, post, now),
                partial(file_months, post, now),
                partial(keep_figures, post.store, now),
                partial(tally_for_a_while, post.store, now),
                partial(audit_for_a_while, post, now),
            )
            for work in works:
                await undisturbed(work())
