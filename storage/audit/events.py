"""Events that wait for a person or for a step of ours, and that nobody will ever take up."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.event import State
from storage.audit.finding import LATE, UNREADABLE, Finding, unreadable
from storage.events import DONE, event_of
from storage.tables import events

AHEAD = timedelta(days=14)  # no step of an event is planned further ahead


async def waiting_events(connection: AsyncConnection, now: datetime) -> AsyncIterator[Finding]:
    """Whatever is not over has a next step, and its time."""
    for event_id in (await connection.execute(select(events.c.id).order_by(events.c.id))).scalars().all():
        try:
            row = (await connection.execute(select(events).where(events.c.id == event_id))).one()
            why = _left(row, now)
        except UNREADABLE as error:
            yield unreadable(f"event {event_id}", error)
            continue
        if why:
            yield Finding("event_left", f"event {event_id}", why)


def _left(row: Row[Any], now: datetime) -> str:
    """Why nothing more will come of it although something must; empty where all is well.

    A proposal that concerns no house of ours is over without a decision.
    """
    event = event_of(row)
    if row.stage == DONE:
        return "what it has become waits for the staff" if event.state is State.RELEASED and event.waits else ""
    if row.next_at is None:
        return "what comes next has no time"
    if row.next_at < now - LATE:
        return f"has waited since {row.next_at.isoformat()}"
    return f"put off until {row.next_at.isoformat()}" if row.next_at > now + AHEAD else ""
