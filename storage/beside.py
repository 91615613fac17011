"""What waits for one of the staff and is no case: what may be many in queues, all else one line each."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import Phase
from bot.core.days import civil
from bot.core.event import State as Decided
from bot.core.ladder import EVENT
from bot.core.matter import FOUND
from bot.core.people import STAFF_DESK, Role
from bot.core.waiting import Kind, Line, due_after
from storage.audits import found_by_kind
from storage.events import event_of, latest_events
from storage.hooks import unwell
from storage.inbound import FAILED
from storage.letters import unposted
from storage.month_filed import place_failing_since
from storage.outbox import UNKNOWN
from storage.queues import At, Queue, day_of, place_id
from storage.restored import restored
from storage.reviews import in_review
from storage.sheets import waiting_photos
from storage.tables import (
    audit_findings,
    cases,
    event_houses,
    events,
    guarantee_gaps,
    guarantor_events,
    handovers,
    inbound,
    outbox,
    spelled,
    watches,
)
from storage.troubles import troubles
from storage.watches import on_the_list, watched_of

ON_A_LIST = and_(cases.c.ladder == EVENT, cases.c.reason.in_(sorted(FOUND)))  # each event's list is a line of its own
OPEN = cases.c.phase != Phase.CLOSED


async def beside(connection: AsyncConnection, now: datetime) -> list[Line]:
    """What is one line each, however much there is of it, and what is few."""
    return [
        *await _by_hand(connection),
        *await _decisions(connection),
        *await _machines(connection, now),
        *await _found(connection, civil(now)),
        *await troubles(connection, now),
    ]


def _line(kind: Kind, id: str, since: date, **more: Any) -> Line:
    return Line(kind, id, str(kind), due_after(kind, since), since, **more)


def _queued(kind: Kind, at: At, row_id: int | str, **more: Any) -> Line:
    return _line(kind, place_id(at, row_id), day_of(at), **more)


async def _by_hand(connection: AsyncConnection) -> list[Line]:
    """What has to be printed and posted, and keyed in: one line each."""
    letters, photos = await unposted(connection), await waiting_photos(connection)
    lines = [_line(Kind.LETTERS, "", min(one.written_on for one in letters), count=len(letters))] if letters else []
    if photos:
        lines.append(_line(Kind.SHEETS, "", civil(photos[0].sent_at), count=len(photos)))
    return lines


async def _decisions(connection: AsyncConnection) -> list[Line]:
    """What the staff decide on pages of their own: events, and a copy that was put back."""
    told = [event_of(row) for row in await latest_events(connection)]
    lines = [_line(Kind.EVENT, event.id, civil(event.at), what=event) for event in told if event.undecided]
    state = await restored(connection)
    if state is not None:
        lines.append(Line(Kind.RESTORED, "", str(Kind.RESTORED), state.day, holder=state.holder))
    return lines


async def _machines(connection: AsyncConnection, now: datetime) -> list[Line]:
    """Companies' own systems to which nothing comes through, and the place of the guarantor's file."""
    found = await unwell(connection, now)
    since = [civil(row.ended_at or row.failing_since) for row in found]
    lines = [_line(Kind.HOOKS, "", min(since), count=len(found))] if found else []
    failing = await place_failing_since(connection)
    return [*lines, _line(Kind.REPORT, "", failing)] if failing else lines


async def _found(connection: AsyncConnection, today: date) -> list[Line]:
    """What the auditor found, and guarantees that only one side knows."""
    lines = []
    counts = await found_by_kind(connection)
    if counts:
        since = (await connection.execute(select(func.min(audit_findings.c.since_on)))).scalar_one()
        lines.append(_line(Kind.FINDING, "", since, count=sum(counts.values())))
    gaps = select(func.min(guarantee_gaps.c.since_on))
    lost = select(func.min(guarantor_events.c.told_on)).where(guarantor_events.c.house_id.is_(None))
    days = [(await connection.execute(query)).scalar() for query in (gaps, lost)]
    if any(days):
        lines.append(_line(Kind.GUARANTEES, "", min(filter(None, days), default=today)))
    return lines


def _silent() -> Select[Any]:
    """Events at whose houses owners have not answered: the list of each is worked through on its own page."""
    silent = select(cases.c.id).join(event_houses, event_houses.c.case_id == cases.c.id)
    silent = silent.where(event_houses.c.event_id == events.c.id, event_houses.c.active, OPEN, ON_A_LIST)
    desk = silent.where(cases.c.holder.like(f"{Role.STAFF}:%"))
    return select(events).where(events.c.state == Decided.RELEASED, desk.exists())


def _company(row: Row[Any]) -> Line:
    one = watched_of(row)
    assert one.watch.next_on is not None
    return Line(
        *(Kind.COMPANY, place_id(row.next_on, row.servicer_id), str(Kind.COMPANY), row.next_on, one.judged_on),
        *(one.watch.holder or STAFF_DESK, one.servicer_id),
        what=one,
    )


def _unknown(row: Row[Any]) -> Line:
    return _queued(Kind.UNKNOWN, row.send_at, row.id, servicer=row.servicer_id, what=row)


def _aside(row: Row[Any]) -> Line:
    return _queued(Kind.ASIDE, row.received_at, row.id, what=row)


def _handover(row: Row[Any]) -> Line:
    return _queued(Kind.HANDOVER, row.prepared_at, row.id, servicer=row.servicer_id, count=row.houses, what=row.id)


def _round(row: Row[Any]) -> Line:
    return _queued(Kind.ROUND, row.happened_at, row.id, what=event_of(row))


UNSURE = select(outbox).where(outbox.c.state == spelled(UNKNOWN))  # nobody knows whether it arrived
UNREAD = select(inbound).where(inbound.c.state == spelled(FAILED))  # came in and could not be read
QUEUES = (
    Queue(Kind.UNKNOWN, UNSURE, outbox.c.send_at, outbox.c.id, _unknown),
    Queue(Kind.ASIDE, UNREAD, inbound.c.received_at, inbound.c.id, _aside),
    Queue(Kind.HANDOVER, in_review(), handovers.c.prepared_at, handovers.c.id, _handover),
    Queue(Kind.ROUND, _silent(), events.c.happened_at, events.c.id, _round),
    Queue(Kind.COMPANY, on_the_list(), watches.c.next_on, watches.c.servicer_id, _company, by_itself=True),
)
