"""Everything that waits for one of the staff, from wherever it lies: cases and what may be many a page at a time, all
else as it is, few."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.people import Role, servicer_key
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
    page,
)
from storage.beside import ON_A_LIST, OPEN, QUEUES, beside
from storage.cases import case_of
from storage.desk import procedures
from storage.queues import queued
from storage.tables import cases, houses, people

NAMED = 20  # companies that a few letters may mean
RANKS = ((cases.c.reason.in_(sorted(DANGER)), DANGER_RANK), (cases.c.reason == "", HELD_RANK))
_DESK = select(people.c.id).where(people.c.id.like(f"{Role.STAFF}:%"))
rank = case(*RANKS, else_=OPEN_RANK)


async def waiting_page(
    connection: AsyncConnection, wanted: Wanted, after: Place | None, now: datetime, size: int
) -> list[Line]:
    """A page of the list, after a place of it."""
    mine = await _cases(connection, wanted, after, size)
    for queue in QUEUES:
        mine += await queued(connection, queue, wanted, after, size)
    others = [line for line in await beside(connection, now) if wanted.fits(line)]
    return page(mine, others, after, size)


async def lines_of_cases(connection: AsyncConnection, case_ids: Sequence[str]) -> list[Line]:
    """The lines of these cases, in no order, as far as they still lie with one of the staff."""
    query = select(cases, houses.c.servicer_id).join(houses, houses.c.id == cases.c.house_id)
    with_us = (OPEN, cases.c.holder.in_(_DESK), cases.c.id.in_(case_ids))
    return await _case_lines(connection, query.where(*with_us))


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
    return await _case_lines(connection, query.order_by(rank, cases.c.target_on, cases.c.id).limit(size))


async def _case_lines(connection: AsyncConnection, query: Select[Any]) -> list[Line]:
    rows = await connection.execute(query)
    found = [_case_line(row) for row in rows]
    ids = [line.id for line in found if line.what["ladder"].startswith("milestone/")]
    named = await procedures(connection, ids)
    return [replace(line, what=line.what | {"procedure": named.get(line.id, "")}) for line in found]


def _filtered(query: Select[Any], wanted: Wanted) -> Select[Any]:
    query = query.where(cases.c.holder == wanted.holder if wanted.holder else cases.c.holder.in_(_DESK))
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


def people_in(lines: Sequence[Line]) -> set[str]:
    """Everybody of whom the lines tell, by id."""
    people_told = {line.holder for line in lines} | {servicer_key(line.servicer) for line in lines if line.servicer}
    people_told |= {line.what["person"] for line in lines if line.kind is Kind.LINK}
    return people_told | {line.what.person_id for line in lines if line.kind is Kind.UNKNOWN}
