"""The month's file for the guarantor, written by itself: once, on the first round after the month has ended."""

from datetime import datetime

import structlog

from bot.core.book.month import to_be_filed
from bot.core.days import TOKYO, civil
from scheduler.post import Post
from storage.month_filed import Filed, filed, keep_filed, note_filed
from storage.month_report import BrokenOffError, MonthReport

log = structlog.get_logger()


async def file_months(post: Post, now: datetime) -> None:
    """Every month that has ended and has no file yet, the oldest first. A place that fails is tried again in the next
    hour. Killed before it is noted a month is written again, with the same bytes."""
    if post.shadow:
        return
    async with post.store.read() as connection:
        state = await filed(connection)
    if not post.reports:
        await _forget(post, state)
        return
    hour = now.astimezone(TOKYO).strftime("%Y-%m-%dT%H")
    if state.tried == hour:
        return
    try:
        await _file_all(post, now)
    except BrokenOffError:
        return
    except OSError as error:
        log.error("month_file_failed", error=type(error).__name__)
        async with post.store.write() as connection:
            await keep_filed(connection, (await filed(connection)).failed(hour, now))


async def _file_all(post: Post, now: datetime) -> None:
    report = MonthReport(post.store, post.reports, civil(now), post.closing)
    while True:
        async with post.store.read() as connection:
            month = to_be_filed((await filed(connection)).month, report.today)
        if month is None:
            return
        counts = await report.write(month)
        async with post.store.write() as connection:
            await note_filed(connection, post.store.pins.seal, month, counts, now)


async def _forget(post: Post, state: Filed) -> None:
    """No place is set any more: nothing fails."""
    if not state.failing:
        return
    async with post.store.write() as connection:
        await keep_filed(connection, Filed(state.last))
