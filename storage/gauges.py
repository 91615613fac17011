"""The few figures by which those who run the service see that it is well.

What is looked at here costs the same at a million houses as at ten: it reads rows that wait, through an index of just
those. What needs more is counted beside the rounds and kept (``storage/figures.py``). Labels are channels, states and
kinds: words of ours, never a person or a house.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import Phase
from bot.core.days import TOKYO, civil
from bot.core.findings import GROUPS, ORPHAN
from bot.core.people import Role
from storage.audits import found_by_kind, state_of
from storage.inbound import FAILED, NEW
from storage.month_filed import filed
from storage.outbox import PAPER, SENDING, UNKNOWN, WAITING
from storage.restored import restored
from storage.tables import cases, houses, inbound, months, outbox, spelled

DEPTH = (WAITING, SENDING, UNKNOWN, PAPER)  # what is not over
OPEN = cases.c.phase != spelled(Phase.CLOSED)


@dataclass(frozen=True, slots=True)
class Gauge:
    name: str
    help: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


async def gauges(connection: AsyncConnection, now: datetime) -> list[Gauge]:
    """What waits, as counts and seconds; nothing about anybody."""
    found: list[Gauge] = []
    for look in (_outbox, _inbox, _rounds, _auditor, _months, _month_file):
        found += await look(connection, now)
    return found


async def _outbox(connection: AsyncConnection, now: datetime) -> list[Gauge]:
    depth = {state: await _by_channel(connection, state) for state in DEPTH}
    due = select(outbox.c.channel, func.min(outbox.c.send_at))
    due = due.where(outbox.c.state == spelled(WAITING), outbox.c.send_at <= now).group_by(outbox.c.channel)
    late = {channel: (now - since).total_seconds() for channel, since in (await connection.execute(due)).all()}
    total = {state: sum(channels.values()) for state, channels in depth.items()}
    found = [
        Gauge("outbox_oldest_due_seconds", "Age of the oldest message that is due and unsent", _most(late)),
        Gauge("outbox_waiting", "Messages that have not gone out yet", total[WAITING]),
        Gauge("outbox_unknown", "Messages whose outcome is unknown", total[UNKNOWN]),
        Gauge("letters_waiting", "Letters to be printed and posted", total[PAPER]),
    ]
    channels = sorted({channel for each in depth.values() for channel in each})
    told = "Age of the oldest message of a channel that is due and unsent"
    for channel in channels:
        found.append(Gauge("channel_oldest_due_seconds", told, late.get(channel, 0.0), {"channel": channel}))
    for state, counts in depth.items():
        for channel in channels:
            labels = {"channel": channel, "state": state}
            found.append(Gauge("outbox_rows", "Messages by channel and state", counts.get(channel, 0), labels))
    return found


async def _by_channel(connection: AsyncConnection, state: str) -> dict[str, int]:
    query = select(outbox.c.channel, func.count()).where(outbox.c.state == spelled(state)).group_by(outbox.c.channel)
    return {row[0]: row[1] for row in await connection.execute(query)}


async def _inbox(connection: AsyncConnection, now: datetime) -> list[Gauge]:
    new, failed = inbound.c.state == spelled(NEW), inbound.c.state == spelled(FAILED)
    waiting = (await connection.execute(select(func.count(), func.min(inbound.c.received_at)).where(new))).one()
    aside = (await connection.execute(select(func.count()).select_from(inbound).where(failed))).scalar_one()
    return [
        Gauge("inbound_waiting", "Events that nobody has understood yet", waiting[0]),
        Gauge("inbound_oldest_seconds", "Age of the oldest of them", _age(waiting[1], now)),
        Gauge("inbound_failed", "Events that were laid aside", aside),
    ]


async def _rounds(connection: AsyncConnection, now: datetime) -> list[Gauge]:
    """Whether sweep and ladder keep up, and what lies with the staff."""
    day = (await connection.execute(select(func.min(houses.c.wake_on)))).scalar()
    behind = day is not None and day <= civil(now)
    began = datetime(day.year, day.month, day.day, tzinfo=TOKYO) if day is not None and behind else None
    step = select(func.min(cases.c.next_action_at)).where(cases.c.next_action_at.is_not(None))
    next_at = (await connection.execute(step)).scalar()
    observing = await restored(connection) is not None
    return [
        Gauge("observing", "1 while a database that was put back from a copy is not reconciled", float(observing)),
        Gauge("sweep_lag_seconds", "For how long a house has been due to be looked at", _age(began, now)),
        Gauge("ladder_lag_seconds", "For how long a step of an open case has been due", _age(next_at, now)),
        Gauge("cases_with_staff", "Open cases that lie with the staff", await count_open(connection, OF_STAFF)),
    ]


OF_STAFF = cases.c.holder.like(f"{Role.STAFF}:%")


async def count_open(connection: AsyncConnection, which: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(cases).where(OPEN, which)
    return int((await connection.execute(query)).scalar_one())


async def _auditor(connection: AsyncConnection, now: datetime) -> list[Gauge]:
    state, kinds = await state_of(connection), await found_by_kind(connection)
    orphans = sum(count for kind, count in kinds.items() if kind in GROUPS[ORPHAN])
    since_clean = math.inf if state.clean_at is None else _age(state.clean_at, now)
    since_last = math.inf if state.last_at is None else _age(state.last_at, now)
    found = [
        Gauge("audit_last_run_seconds", "Since the auditor's last whole run", since_last),
        Gauge("audit_last_clean_seconds", "Since its last run that found nothing", since_clean),
        Gauge("audit_findings", "What the auditor has found and is not mended", state.findings),
        Gauge("audit_orphans", "Of that, obligations that nobody holds or will look at", orphans),
    ]
    told = "The auditor's findings by kind"
    return found + [Gauge("audit_findings_by_kind", told, count, {"kind": kind}) for kind, count in kinds.items()]


async def _months(connection: AsyncConnection, _now: datetime) -> list[Gauge]:
    rows = (await connection.execute(select(months).where(months.c.most.is_not(None)))).all()
    return list(_left([(row.channel, row.most, row.used + row.ours) for row in rows]))


async def _month_file(connection: AsyncConnection, now: datetime) -> list[Gauge]:
    told = "For how long the place of the guarantor's file has not taken it"
    return [Gauge("month_file_failing_seconds", told, _age((await filed(connection)).failing_since, now))]


def _left(quotas: list[tuple[str, int, int]]) -> Iterator[Gauge]:
    for channel, most, _ in quotas:
        yield Gauge("month_limit", "Messages that a platform's month holds", most, {"channel": channel})
    for channel, most, used in quotas:
        left = max(most - used, 0)
        yield Gauge("month_left", "Messages that are left of it", left, {"channel": channel})


def _age(since: datetime | None, now: datetime) -> float:
    return max((now - since).total_seconds(), 0.0) if since is not None else 0.0


def _most(ages: Mapping[str, float]) -> float:
    return max(ages.values(), default=0.0)
