"""Once a day the guarantor's list is held against ours: what only one of us has is one entry for the staff."""

from collections.abc import AsyncIterator
from datetime import datetime

import structlog

from bot.core.days import TOKYO, civil
from bot.core.guarantee import Listing
from bot.core.outcome import Mode, Say
from bot.core.people import STAFF_DESK
from scheduler.post import Post
from storage.commit import commit
from storage.guarantees import match_again
from storage.outbox import Letterhead, put
from storage.reconciled import THEM, US, Count, Gap, close_gaps, keep_gaps, numbers_of_ours
from storage.record import get_value, set_value
from storage.store import Store

log = structlog.get_logger()
BATCH = 200  # differences written in one transaction
TRIED, DONE = "guarantees_tried", "guarantees_reconciled"  # the civil hour, and the day (ISO)


async def reconcile_daily(post: Post, now: datetime) -> None:
    """Today's comparison, where there is a list to be had and it is not through yet. What fails is tried again in
    the next hour."""
    listing = listing_of(post)
    hour = now.astimezone(TOKYO).strftime("%Y-%m-%dT%H")
    if listing is None or post.shadow:
        return
    async with post.store.read() as connection:
        if await get_value(connection, DONE) == hour[:10] or await get_value(connection, TRIED) == hour:
            return
    async with post.store.write() as connection:
        await set_value(connection, TRIED, hour)
    try:
        await reconcile(post.store, listing, now)
    except OSError as error:
        log.error("reconciliation_failed", error=str(error))


def listing_of(post: Post) -> Listing | None:
    """The channel that has the guarantor's list, if it is switched on."""
    return next((channel for channel in post.channels.values() if isinstance(channel, Listing)), None)


async def reconcile(store: Store, listing: Listing, now: datetime) -> Count:
    """Compares both lists, number by number, in bounded memory. Raises OSError where theirs cannot be had whole."""
    today = civil(now)
    async with store.write() as connection:
        await commit(connection, store.pins, await match_again(connection, now), now)
    waiting: list[Gap] = []
    async for gap in differences(listing.guarantee_numbers(), numbers_of_ours(store, today)):
        waiting.append(gap)
        if len(waiting) == BATCH:
            async with store.write() as connection:
                await keep_gaps(connection, waiting, today)
            waiting = []
    async with store.write() as connection:
        await keep_gaps(connection, waiting, today)
        count = await close_gaps(connection, today)
        if count.new and await get_value(connection, DONE) != today.isoformat():
            await put(connection, [(_said(count), Letterhead("", "", None))], store.pins.versions, now)
        await set_value(connection, DONE, today.isoformat())
    return count


async def differences(theirs: AsyncIterator[str], ours: AsyncIterator[tuple[str, str]]) -> AsyncIterator[Gap]:
    """What only one of two sorted lists has; neither is held whole."""
    their, our = await anext(theirs, None), await anext(ours, None)
    while their is not None or our is not None:
        if our is None or (their is not None and their < our[0]):
            assert their is not None
            yield Gap(their, THEM)
            their = await anext(theirs, None)
        elif their is None or our[0] < their:
            yield Gap(our[0], US, our[1])
            our = await anext(ours, None)
        else:
            their, our = await anext(theirs, None), await anext(ours, None)


def _said(count: Count) -> Say:
    told = {"ours": count.ours, "theirs": count.theirs, "unmatched": count.unmatched}
    return Say(STAFF_DESK, "staff_guarantees", told, Mode.PROMPT)
