"""Everything that waits for one of the staff, from wherever it lies: cases a page at a time, all else as it is, few."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import Phase
from bot.core.days import civil
from bot.core.event import State as Decided
from bot.core.ladder import EVENT
from bot.core.matter import FOUND
from bot.core.people import STAFF_DESK, Role, servicer_key
from bot.core.waiting import (
    DANGER,
    DANGER_RANK,
    HELD_RANK,
    OPEN_RANK,
    ORDER,
    Kind,
    Line,
    Place,
    Wanted,
    due_after,
    page,
)
from storage.audits import found_by_kind
from storage.cases import case_of
from storage.desk import laid_aside, procedures, unknown_messages
from storage.events import event_of, latest_events
from storage.letters import unposted
from storage.restored import restored
from storage.reviews import in_review
from storage.sheets import waiting_photos
from storage.tables import audit_findings, cases, event_houses, events, guarantee_gaps, guarantor_events, houses, people
from storage.watches import watched

MOST = 300  # of each kind that is no case; what is settled makes room for the next
NAMED = 20  # companies that a few letters may mean
RANKS = ((cases.c.reason.in_(sorted(DANGER)), DANGER_RANK), (cases.c.reason == "", HELD_RANK))
rank = case(*RANKS, else_=OPEN_RANK)
ON_A_LIST = and_(cases.c.ladder == EVENT, cases.c.reason.in_(sorted(FOUND)))  # each event's list is a line of its own
OPEN = cases.c.phase != Phase.CLOSED


async def waiting_page(
    connection: AsyncConnection, wanted: Wanted, after: Place | None, now: datetime, size: int
) -> list[Line]:
    """A page of the list, after a place of it."""
    mine = await _cases(connection, wanted, after, size)
    others = [line for line in await _beside(connection, now) if wanted.fits(line)]
    return page(mine, others, after, size)


async def companies_named(connection: AsyncConnection, text: str) -> tuple[str, ...]:
    """The ids of companies that are called so, by their id or the beginning of their name."""
    like = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    called = or_(people.c.id == servicer_key(text), people.c.name.like(like, escape="\\"))
    query = select(people.c.id).where(people.c.id.like(f"{Role.SERVICER}:%"), called).order_by(people.c.id)
    return tuple(one.partition(":")[2] for one in (await connection.execute(query.limit(NAMED))).scalars())


async def _cases(connection: AsyncConnection, wanted: Wanted, after: Place | None, size: int) -> list[Line]:
    query = select(cases, houses.c.servicer_id).join(houses, houses.c.id == cases.c.house_id)
    query = _filtered(query.where(OPEN), wanted)
    if after is not None:
        query = query.where(_after(after))
    rows = await connection.execute(query.order_by(rank, cases.c.target_on, cases.c.id).limit(size))
    found = [_case_line(row) for row in rows]
    ids = [line.id for line in found if line.what["ladder"].startswith("milestone/")]
    named = await procedures(connection, ids)
    return [replace(line, what=line.what | {"procedure": named.get(line.id, "")}) for line in found]


def _filtered(query: Select[Any], wanted: Wanted) -> Select[Any]:
    desk = select(people.c.id).where(people.c.id.like(f"{Role.STAFF}:%"))
    query = query.where(cases.c.holder == wanted.holder if wanted.holder else cases.c.holder.in_(desk))
    query = query.where(cases.c.reason == wanted.reason if wanted.reason else ~ON_A_LIST)
    if wanted.servicers is not None:
        query = query.where(houses.c.servicer_id.in_(wanted.servicers))
    return query if wanted.before is None else query.where(cases.c.target_on < wanted.before)


def _after(place: Place) -> ColumnElement[bool]:
    """Behind a place: of the same rank and day those cases of which that kind comes later, or a later id."""
    same_rank = rank == place.rank
    same_day = and_(same_rank, cases.c.target_on == place.due)
    rest: ColumnElement[bool] = literal(False)
    if place.kind is Kind.CASE:
        rest = cases.c.id > place.id
    elif ORDER[Kind.CASE] > ORDER[place.kind]:
        rest = literal(True)
    return or_(rank > place.rank, and_(same_rank, cases.c.target_on > place.due), and_(same_day, rest))


def _case_line(row: Row[Any]) -> Line:
    found = case_of(row)
    what = {"matter": found.matter, "ladder": found.ladder, "house": found.house_id, "procedure": ""}
    since = found.matter.raised_on if found.matter else None
    return Line(Kind.CASE, found.id, row.reason, found.target_on, since, found.holder, row.servicer_id or "", what=what)


async def _beside(connection: AsyncConnection, now: datetime) -> list[Line]:
    """What is no case: each of these is few, or one line for many."""
    return [
        *await _sending(connection),
        *await _by_hand(connection),
        *await _decisions(connection),
        *await _about_companies(connection),
        *await _found(connection, civil(now)),
    ]


def _line(kind: Kind, id: str, since: date, **more: Any) -> Line:
    return Line(kind, id, str(kind), due_after(kind, since), since, **more)


async def _sending(connection: AsyncConnection) -> list[Line]:
    """Messages of which nobody knows whether they arrived, and what came in and could not be read."""
    unsure = [
        _line(Kind.UNKNOWN, f"{row.id:019}", civil(row.send_at), servicer=row.servicer_id, what=row)
        for row in await unknown_messages(connection)
    ]
    return unsure + [
        _line(Kind.ASIDE, f"{row.id:019}", civil(row.received_at), what=row) for row in await laid_aside(connection)
    ]


async def _by_hand(connection: AsyncConnection) -> list[Line]:
    """What has to be printed and posted, and keyed in: one line each."""
    letters, photos = await unposted(connection), await waiting_photos(connection)
    lines = [_line(Kind.LETTERS, "", min(one.written_on for one in letters), count=len(letters))] if letters else []
    if photos:
        lines.append(_line(Kind.SHEETS, "", civil(photos[0].sent_at), count=len(photos)))
    return lines


async def _decisions(connection: AsyncConnection) -> list[Line]:
    """What the staff decide on pages of their own: events, handovers, and a copy that was put back."""
    told = [event_of(row) for row in await latest_events(connection)]
    lines = [_line(Kind.EVENT, event.id, civil(event.at), what=event) for event in told if event.undecided]
    for row in await in_review(connection, MOST):
        about: dict[str, Any] = {"servicer": row.servicer_id, "count": row.houses}
        lines.append(_line(Kind.HANDOVER, str(row.id), civil(row.prepared_at), **about))
    state = await restored(connection)
    if state is not None:
        lines.append(Line(Kind.RESTORED, "", str(Kind.RESTORED), state.day, holder=state.holder))
    return lines + await _rounds(connection)


async def _rounds(connection: AsyncConnection) -> list[Line]:
    """Events at whose houses owners have not answered: the list of each is worked through on its own page."""
    silent = select(cases.c.id).join(event_houses, event_houses.c.case_id == cases.c.id)
    silent = silent.where(event_houses.c.event_id == events.c.id, event_houses.c.active, OPEN, ON_A_LIST)
    desk = silent.where(cases.c.holder.like(f"{Role.STAFF}:%"))
    query = select(events).where(events.c.state == Decided.RELEASED, desk.exists())
    rows = (await connection.execute(query.order_by(events.c.happened_at, events.c.id).limit(MOST))).all()
    return [_line(Kind.ROUND, row.id, civil(row.happened_at), what=event_of(row)) for row in rows]


async def _about_companies(connection: AsyncConnection) -> list[Line]:
    return [
        Line(
            *(Kind.COMPANY, one.servicer_id, str(Kind.COMPANY), one.watch.next_on, one.judged_on),
            *(one.watch.holder or STAFF_DESK, one.servicer_id),
            what=one,
        )
        for one in await watched(connection)
        if one.watch.next_on is not None
    ]


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


def people_in(lines: Sequence[Line]) -> set[str]:
    """Everybody of whom the lines tell, by id."""
    people_told = {line.holder for line in lines} | {servicer_key(line.servicer) for line in lines if line.servicer}
    return people_told | {line.what.person_id for line in lines if line.kind is Kind.UNKNOWN}
