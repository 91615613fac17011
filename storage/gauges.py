"""The few figures by which those who run the service see that it is well."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import Phase
from bot.core.people import Role, role_of
from storage.inbound import FAILED, NEW
from storage.outbox import PAPER, UNKNOWN, WAITING
from storage.restored import restored
from storage.tables import cases, inbound, outbox


@dataclass(frozen=True, slots=True)
class Gauge:
    name: str
    help: str
    value: float


async def gauges(connection: AsyncConnection, now: datetime) -> list[Gauge]:
    """What waits, as counts and seconds; nothing about anybody."""
    waiting = outbox.c.state == WAITING
    oldest = select(func.min(outbox.c.send_at)).where(waiting, outbox.c.send_at <= now)
    since = (await connection.execute(oldest)).scalar()
    rows = select(outbox.c.state, func.count()).where(outbox.c.state.in_((WAITING, UNKNOWN, PAPER)))
    states = {row[0]: row[1] for row in await connection.execute(rows.group_by(outbox.c.state))}
    events = select(inbound.c.state, func.count()).where(inbound.c.state.in_((NEW, FAILED)))
    heard = {row[0]: row[1] for row in await connection.execute(events.group_by(inbound.c.state))}
    held = select(cases.c.holder, func.count()).where(cases.c.phase != Phase.CLOSED).group_by(cases.c.holder)
    with_staff = sum(count for holder, count in await connection.execute(held) if role_of(holder) is Role.STAFF)
    observing = await restored(connection) is not None
    late = (now - since).total_seconds() if since else 0.0
    return [
        Gauge("outbox_oldest_due_seconds", "Age of the oldest message that is due and unsent", late),
        Gauge("outbox_waiting", "Messages that have not gone out yet", states.get(WAITING, 0)),
        Gauge("outbox_unknown", "Messages whose outcome is unknown", states.get(UNKNOWN, 0)),
        Gauge("letters_waiting", "Letters to be printed and posted", states.get(PAPER, 0)),
        Gauge("inbound_waiting", "Events that nobody has understood yet", heard.get(NEW, 0)),
        Gauge("inbound_failed", "Events that were laid aside", heard.get(FAILED, 0)),
        Gauge("observing", "1 while a database that was put back from a copy is not reconciled", float(observing)),
        Gauge("cases_with_staff", "Open cases that lie with the staff", with_staff),
    ]
