"""Handovers of all houses of a company: prepared page by page, approved by a person, carried out house by house.

A row says what was decided of a house. What became of it since (asked, accepted, moved) is read from its case.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.allotment import Choice, Places
from bot.core.case import Phase
from bot.core.handover import ASKED_A_DAY
from bot.core.matter import CLOCK
from bot.core.people import STAFF_DESK, servicer_key
from storage.people import IN_BUSINESS
from storage.tables import cases, facts, handover_houses, handovers, houses, plan_items, servicers, spelled

# The states of a handover, and of a house in it. What is held lies with the staff: nobody could be asked.
PREPARING, PREPARED, APPROVED, BEGUN, UNDOING, UNDONE = (
    *("preparing", "prepared", "approved", "begun", "undoing", "undone"),
)
PLANNED, ASKED, HELD, MOVED = "planned", "asked", "held", "moved"
BEGINNING, STANDING = (APPROVED, BEGUN), (PLANNED, ASKED, HELD)
OUT_OF_BUSINESS = "廃業"
MINE = handover_houses.c


@dataclass(frozen=True, slots=True)
class Next:
    """A house whose turn it is, with the first day on which something is due there."""

    house_id: str
    target_on: date | None


async def open_handover(connection: AsyncConnection, servicer_id: str) -> Row[Any] | None:
    """The company's handover that is under way, however far."""
    mine = (handovers.c.servicer_id == servicer_id, handovers.c.state != UNDONE)
    query = select(handovers).where(*mine).order_by(handovers.c.id.desc()).limit(1)
    return (await connection.execute(query)).one_or_none()


async def handover(connection: AsyncConnection, handover_id: int) -> Row[Any] | None:
    return (await connection.execute(select(handovers).where(handovers.c.id == handover_id))).one_or_none()


async def all_handovers(connection: AsyncConnection) -> list[Row[Any]]:
    """The newest first."""
    return list((await connection.execute(select(handovers).order_by(handovers.c.id.desc()))).all())


async def new_handover(connection: AsyncConnection, servicer_id: str, reason: str, now: datetime) -> int:
    row = {"servicer_id": servicer_id, "reason": reason, "state": PREPARING, "prepared_at": now}
    key = (await connection.execute(insert(handovers).values(**row))).inserted_primary_key
    assert key is not None
    return int(key[0])


async def set_state(connection: AsyncConnection, handover_id: int, state: str, **values: Any) -> None:
    await connection.execute(update(handovers).where(handovers.c.id == handover_id).values(state=state, **values))


async def next_page(connection: AsyncConnection, handover_id: int, servicer_id: str, size: int) -> list[Next]:
    """The company's next houses that are not in the handover yet, by their id."""
    due = select(func.min(func.coalesce(plan_items.c.next_due_on, plan_items.c.backstop_on))).where(
        plan_items.c.house_id == houses.c.id, plan_items.c.current
    )
    visit = select(func.min(cases.c.target_on)).where(cases.c.house_id == houses.c.id, cases.c.phase != Phase.CLOSED)
    query = select(houses.c.id, due.scalar_subquery().label("due"), visit.scalar_subquery().label("visit"))
    mine = query.where(*_left_out(handover_id, servicer_id)).order_by(houses.c.id).limit(size)
    return [
        Next(row.id, min(filter(None, (row.due, row.visit)), default=None)) for row in await connection.execute(mine)
    ]


def _left_out(handover_id: int, servicer_id: str) -> tuple[ColumnElement[bool], ...]:
    """The company's houses that are neither in this handover nor under way in one that was approved."""
    going = and_(handovers.c.state.in_(BEGINNING), handovers.c.servicer_id == servicer_id, MINE.state.in_(STANDING))
    known = select(MINE.house_id).join(handovers, handovers.c.id == MINE.handover_id)
    known = known.where(MINE.house_id == houses.c.id, or_(MINE.handover_id == handover_id, going))
    return houses.c.servicer_id == servicer_id, ~known.exists()


async def left_out(connection: AsyncConnection, handover_id: int, servicer_id: str) -> int:
    """How many houses of the company came since the handover was prepared."""
    query = select(func.count()).select_from(houses).where(*_left_out(handover_id, servicer_id))
    return int((await connection.execute(query)).scalar_one())


async def later_approved(connection: AsyncConnection, handover_id: int, servicer_id: str) -> int | None:
    """A handover of the same company that was approved after this one, and stands."""
    query = select(handovers.c.id).where(handovers.c.servicer_id == servicer_id, handovers.c.id > handover_id)
    found = await connection.execute(query.where(handovers.c.state.in_((*BEGINNING, UNDOING))).limit(1))
    return found.scalar()


async def put_choices(connection: AsyncConnection, handover_id: int, choices: Sequence[Choice]) -> None:
    rows = [
        {
            "handover_id": handover_id,
            "house_id": choice.house_id,
            "state": PLANNED,
            "candidate_id": choice.first,
            "queue": list(choice.queue),
            "reasons": list(choice.reasons),
            "target_on": choice.target_on,
        }
        for choice in choices
    ]
    await connection.execute(insert(handover_houses), rows)


async def given(connection: AsyncConnection, handover_id: int, today: date) -> Counter[Places]:
    """How many houses each company was given in each month so far, so that preparing goes on after a break."""
    mine = (MINE.handover_id == handover_id, MINE.candidate_id != "")
    counted = select(MINE.candidate_id, MINE.target_on, func.count()).where(*mine)
    found: Counter[Places] = Counter()
    for company, target_on, count in await connection.execute(counted.group_by(MINE.candidate_id, MINE.target_on)):
        found[company, max(target_on, today).replace(day=1)] += count
    return found


async def going(connection: AsyncConnection) -> list[Row[Any]]:
    """Approved handovers in which houses are still to be begun."""
    query = select(handovers).where(handovers.c.state == spelled(APPROVED))
    return list((await connection.execute(query.order_by(handovers.c.id))).all())


async def in_preparation(connection: AsyncConnection) -> list[Row[Any]]:
    """Handovers for whose houses companies are still to be chosen, the oldest first."""
    query = select(handovers).where(handovers.c.state == spelled(PREPARING))
    return list((await connection.execute(query.order_by(handovers.c.id))).all())


async def opened(connection: AsyncConnection, servicer_id: str, reason: str, now: datetime) -> tuple[int, bool]:
    """The company's handover to be gone on with, or a new one; and whether nothing is left to prepare of it."""
    standing = await open_handover(connection, servicer_id)
    if standing is None:
        return await new_handover(connection, servicer_id, reason, now), False
    number, state = int(standing.id), standing.state
    left = await left_out(connection, number, servicer_id)
    if state == PREPARED and left:
        await set_state(connection, number, PREPARING)
        return number, False
    if state == BEGUN and left:
        return await new_handover(connection, servicer_id, reason, now), False
    return number, state != PREPARING


async def next_planned(connection: AsyncConnection, handover_id: int, today: date, size: int) -> Sequence[Row[Any]]:
    """The next houses to begin today: of each company no more than it can answer in a day."""
    asked = select(MINE.candidate_id, func.count()).where(MINE.handover_id == handover_id, MINE.asked_on == today)
    counts = {row[0]: row[1] for row in await connection.execute(asked.group_by(MINE.candidate_id))}
    full = [company for company, count in counts.items() if company and count >= ASKED_A_DAY]
    waiting = (MINE.handover_id == handover_id, MINE.state == spelled(PLANNED), MINE.candidate_id.not_in(full))
    query = select(handover_houses).where(*waiting).order_by(MINE.house_id).limit(size)
    if connection.dialect.name != "sqlite":
        query = query.with_for_update(skip_locked=True)
    taken = []
    for row in (await connection.execute(query)).all():
        counts[row.candidate_id] = counts.get(row.candidate_id, 0) + 1
        if not row.candidate_id or counts[row.candidate_id] <= ASKED_A_DAY:
            taken.append(row)
    return taken


async def all_begun(connection: AsyncConnection, handover_id: int) -> bool:
    waiting = select(MINE.house_id).where(MINE.handover_id == handover_id, MINE.state == spelled(PLANNED))
    return (await connection.execute(waiting.limit(1))).scalar() is None


async def set_houses(connection: AsyncConnection, handover_id: int, rows: Sequence[dict[str, Any]]) -> None:
    """What became of houses: rows of ``house``, ``now`` (the state), ``case`` and ``on``."""
    mine = (MINE.handover_id == handover_id, MINE.house_id == bindparam("house"))
    changed: dict[str, Any] = {"state": bindparam("now"), "case_id": bindparam("case"), "asked_on": bindparam("on")}
    if rows:
        await connection.execute(update(handover_houses).where(*mine).values(changed), list(rows))


async def close_company(connection: AsyncConnection, servicer_id: str, today: date) -> str:
    """The company is out of business from now on, if it was not: nothing is sent to it. Its status before."""
    query = select(servicers.c.status).where(servicers.c.id == servicer_id)
    before = (await connection.execute(query)).scalar_one()
    if before in IN_BUSINESS:
        values = {"status": OUT_OF_BUSINESS, "closed_on": today}
        await connection.execute(update(servicers).where(servicers.c.id == servicer_id).values(**values))
        await _wake_guaranteed(connection, servicer_id, today)
    return str(before)


async def reopen_company(connection: AsyncConnection, servicer_id: str, status: str, today: date) -> None:
    """As it was before the handover closed it."""
    if status in IN_BUSINESS:
        values = {"status": status, "closed_on": None}
        await connection.execute(update(servicers).where(servicers.c.id == servicer_id).values(**values))
        await _wake_guaranteed(connection, servicer_id, today)


async def _wake_guaranteed(connection: AsyncConnection, servicer_id: str, today: date) -> None:
    """What a company in or out of business means for a guarantee is looked at now, not on the house's next day."""
    theirs = (houses.c.servicer_id == servicer_id, houses.c.guarantee_no.is_not(None))
    await connection.execute(update(houses).where(*theirs).values(wake_on=today))


async def still_its_own(connection: AsyncConnection, servicer_id: str) -> int:
    """How many houses the company has."""
    query = select(func.count()).select_from(houses).where(houses.c.servicer_id == servicer_id)
    return int((await connection.execute(query)).scalar_one())


async def hold_cases(connection: AsyncConnection, servicer_id: str, by: str) -> None:
    """What the company was to do next, at whatever house, lies with whoever approved, from this moment on."""
    theirs = (cases.c.holder == servicer_key(servicer_id), cases.c.phase != Phase.CLOSED)
    await connection.execute(update(cases).where(*theirs).values(holder=by))


async def approvers(connection: AsyncConnection, servicer_ids: Iterable[str]) -> dict[str, str]:
    """Who of the staff approved that the houses of these companies go to others, where that is still under way."""
    theirs = (handovers.c.servicer_id.in_(set(servicer_ids)), handovers.c.state.in_(BEGINNING))
    query = select(handovers.c.servicer_id, handovers.c.approved_by).where(*theirs).order_by(handovers.c.id)
    return {row.servicer_id: row.approved_by for row in await connection.execute(query)}


async def visits_off(connection: AsyncConnection, house_ids: Iterable[str], since: datetime) -> dict[str, date]:
    """By case, the day of a visit that was called off since then because the company that was to come has closed."""
    fell = (facts.c.house_id.in_(set(house_ids)), facts.c.kind == "visit_fell_through", facts.c.by == CLOCK)
    query = select(facts.c.case_id, facts.c.data).where(*fell, facts.c.at >= since).order_by(facts.c.seq)
    return {row.case_id: date.fromisoformat(json.loads(row.data)["day"]) for row in await connection.execute(query)}


async def give_back(connection: AsyncConnection, by: str, to: str = STAFF_DESK) -> None:
    """Whoever approved is away, or has left: another holds what is still to come. The facts say who approved."""
    going = (handovers.c.approved_by == by, handovers.c.state.in_((APPROVED, BEGUN, UNDOING)))
    await connection.execute(update(handovers).where(*going).values(approved_by=to))


async def counts(connection: AsyncConnection, handover_id: int) -> dict[str, int]:
    """How many houses stand where, and under ``moved`` those that have another company by now."""
    mine = select(MINE.state, func.count()).where(MINE.handover_id == handover_id).group_by(MINE.state)
    found = {row[0]: row[1] for row in await connection.execute(mine)}
    elsewhere = (
        select(func.count())
        .select_from(handover_houses.join(houses, houses.c.id == MINE.house_id))
        .join(handovers, handovers.c.id == MINE.handover_id)
        .where(MINE.handover_id == handover_id, MINE.state != UNDONE)
        .where(houses.c.servicer_id != handovers.c.servicer_id)
    )
    return found | {MOVED: int((await connection.execute(elsewhere)).scalar_one())}


async def companies(connection: AsyncConnection, handover_id: int) -> list[tuple[str, int]]:
    """How many houses each company is asked about first, the most first; under an empty name nobody is."""
    mine = select(MINE.candidate_id, func.count()).where(MINE.handover_id == handover_id, MINE.state != UNDONE)
    query = mine.group_by(MINE.candidate_id).order_by(func.count().desc(), MINE.candidate_id)
    return [(row[0], row[1]) for row in await connection.execute(query)]


async def rows_of(
    connection: AsyncConnection, handover_id: int, after: str, size: int, states: Sequence[str] = ()
) -> Sequence[Row[Any]]:
    """A page of the houses by their id, with the company each has now, its case's holder, and who is asked there."""
    columns = (houses.c.servicer_id, cases.c.holder, cases.c.candidate_id.label("asked_now"), cases.c.phase)
    query = select(handover_houses, *columns).join(houses, houses.c.id == MINE.house_id)
    query = query.join(cases, cases.c.id == MINE.case_id, isouter=True)
    mine = query.where(MINE.handover_id == handover_id, MINE.house_id > after)
    if states:
        mine = mine.where(MINE.state.in_(states))
    return (await connection.execute(mine.order_by(MINE.house_id).limit(size))).all()


async def row_of(
    connection: AsyncConnection, handover_id: int, house_id: str, states: Sequence[str]
) -> Sequence[Row[Any]]:
    """The row of one house, if it is in one of these states."""
    mine = (MINE.handover_id == handover_id, MINE.house_id == house_id, MINE.state.in_(states))
    return (await connection.execute(select(handover_houses).where(*mine))).all()
