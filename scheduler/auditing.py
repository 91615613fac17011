"""The auditor, every day by itself: some houses at a time, beside the rounds, from where it was left.

Its steps take a small share of the machine, so a run over a million houses lasts some hours. How far it has come is a
row that is written with what the step found: killed in the middle, it goes on there.
"""

import asyncio
from dataclasses import replace
from datetime import datetime

import structlog

from bot.core.findings import NAMED, new_findings
from scheduler.clock import monotonic
from scheduler.post import Post
from storage.audit import Finding, as_of_one_moment
from storage.audits import OVER, Run, begin, go_on, run_due, untold
from storage.outbox import Letterhead, put
from storage.stages import Auditing, step

log = structlog.get_logger()
PATIENCE = 300.0  # seconds for one step: a place for seals that hangs keeps no read open for ever
SPELL = 1.5  # seconds in which steps are begun, once a round: a tenth of the time


async def audit_for_a_while(post: Post, now: datetime) -> None:
    """Steps of the day's run until it is through, or it is time to leave the machine to others."""
    until = monotonic() + SPELL
    while not post.closing.is_set() and await audit_on(post, now) and monotonic() < until:
        continue


async def audit_on(post: Post, now: datetime) -> bool:
    """One step; False where the day's run is through."""
    async with post.store.read() as connection:
        run = await run_due(connection, now)
    if run is None:
        return False
    try:
        async with asyncio.timeout(PATIENCE), post.store.read() as connection:
            await as_of_one_moment(connection)
            run, found = await step(Auditing(connection, post.store.pins.seal, post.seals, now), run)
    except OSError as error:  # where the seals lie cannot be reached: the next round tries again
        log.error("audit_hindered", stage=run.stage, error=type(error).__name__)
        return False
    await _write(post, run, found, now)
    return run.stage != OVER


async def _write(post: Post, run: Run, found: list[Finding], now: datetime) -> None:
    """The desk is told at the run's end, once of each finding."""
    async with post.store.write() as connection:
        run = run if run.id else replace(run, id=await begin(connection, run.day, now))
        await go_on(connection, run, found, now)
        counts, places = await untold(connection, NAMED + 1) if run.stage == OVER else ({}, [])
        if counts:
            said = new_findings(counts, places)
            await put(connection, [(said, Letterhead("", "", None))], post.store.pins.versions, now)
    if found:
        log.error("audit_found", run=run.id, kinds=sorted({one.kind for one in found}), count=len(found))
