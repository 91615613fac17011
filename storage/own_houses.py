"""The houses of a submitter, page by page, and what of them it may read.

A house is theirs to tell of by bot.core.submitter; what is done there is theirs to read while one of their companies
looks after it with the owner's mandate (see bot.core.access), and the guarantor's with that mandate while its guarantee
stands. Whoever runs the service reads of all.
"""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.submitter import Submitter, may_touch
from storage.submitters import held_houses
from storage.tables import cases, facts, houses, plan_items, works

SAID = ("work_reported", "report_withdrawn")  # the facts of what was said of a work
SHOWN: tuple[ColumnElement[Any], ...] = (
    *(houses.c.id, houses.c.common_id, houses.c.guarantee_no, houses.c.certification_kind, houses.c.handed_over_on),
    *(houses.c.completed_on, houses.c.builder_id, houses.c.servicer_id, houses.c.backup_servicer_id),
    *(houses.c.structure, houses.c.storeys, houses.c.municipality_code, houses.c.plan_years, houses.c.plan_version),
    *(houses.c.taken_in_on, houses.c.mandated),
)
OF_PLAN: tuple[ColumnElement[Any], ...] = (
    *(plan_items.c.code, plan_items.c.part, plan_items.c.kind, plan_items.c.first_year, plan_items.c.interval_years),
    *(plan_items.c.statutory, plan_items.c.done_by, plan_items.c.version, plan_items.c.next_due_on),
    plan_items.c.backstop_on,
)
OF_WORK: tuple[ColumnElement[Any], ...] = (
    *(works.c.id, works.c.case_id, works.c.code, works.c.part, works.c.kind, works.c.statutory, works.c.done_by),
    *(works.c.due_on, works.c.backstop_on, works.c.plan_version, works.c.done_on, works.c.result, works.c.basis),
    *(cases.c.phase, cases.c.visit_on),
)


async def own_houses(connection: AsyncConnection, who: Submitter, after: str, limit: int) -> list[Row[Any]]:
    """Up to ``limit`` of their houses in the order of their ids, from one id on."""
    found: list[Row[Any]] = []
    while len(found) < limit:
        query = select(*SHOWN).where(_perhaps(who), houses.c.id > after).order_by(houses.c.id).limit(limit)
        rows = (await connection.execute(query)).all()
        found += await _theirs(connection, who, rows)
        if len(rows) < limit:
            break
        after = rows[-1].id
    return found[:limit]


async def own_house(connection: AsyncConnection, who: Submitter, house_id: str) -> Row[Any] | None:
    """One of their houses; None for any other, whether it exists or not."""
    rows = (await connection.execute(select(*SHOWN).where(_perhaps(who), houses.c.id == house_id))).all()
    return next(iter(await _theirs(connection, who, rows)), None)


def _perhaps(who: Submitter) -> ColumnElement[bool]:
    """Every house that could be theirs; whose access has ended is seen by its facts."""
    if who.everything:
        return true()
    if who.guarantees:
        return guaranteed()
    return or_(houses.c.servicer_id.in_(who.companies), houses.c.builder_id.in_(who.companies))


async def _theirs(connection: AsyncConnection, who: Submitter, rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    sure = who.everything or who.guarantees
    built = [row.id for row in rows if not sure and row.servicer_id not in who.companies]
    held = await held_houses(connection, built) if built else {}
    return [row for row in rows if row.id not in held or may_touch(who, held[row.id])]


def guaranteed() -> ColumnElement[bool]:
    """With a guarantee that has neither ended nor lapsed, as storage.submitters reads it."""
    return and_(houses.c.guarantee_no.is_not(None), houses.c.guarantee_ended_on.is_(None), houses.c.lapsed_on.is_(None))


def looked_after(who: Submitter) -> ColumnElement[bool]:
    """The houses of which they may read what is done there."""
    if who.everything:
        return true()
    return and_(guaranteed() if who.guarantees else houses.c.servicer_id.in_(who.companies), houses.c.mandated)


def looks_after(who: Submitter, house: Row[Any]) -> bool:
    """The same of one house that is theirs."""
    return who.everything or (house.mandated and (who.guarantees or house.servicer_id in who.companies))


async def plan_page(connection: AsyncConnection, house_id: str, after: str, limit: int) -> Sequence[Row[Any]]:
    """The plan as it holds now, in the order of its codes."""
    here = (plan_items.c.house_id == house_id, plan_items.c.current, plan_items.c.code > after)
    return (await connection.execute(select(*OF_PLAN).where(*here).order_by(plan_items.c.code).limit(limit))).all()


async def works_page(connection: AsyncConnection, house_id: str, after: str, limit: int) -> Sequence[Row[Any]]:
    """Every work that there is or was, with where its case stands, in the order of their ids."""
    query = select(*OF_WORK).join(cases, cases.c.id == works.c.case_id)
    query = query.where(works.c.house_id == house_id, works.c.id > after).order_by(works.c.id)
    return (await connection.execute(query.limit(limit))).all()


async def reports_page(connection: AsyncConnection, house_id: str, after: int, limit: int) -> list[dict[str, Any]]:
    """What was said of its works, as it is on record, in the order of time; ``after`` is a fact's number."""
    query = select(facts).where(facts.c.house_id == house_id, facts.c.kind.in_(SAID), facts.c.seq > after)
    rows = await connection.execute(query.order_by(facts.c.seq).limit(limit))
    return [dict(row._mapping) | {"data": json.loads(row.data)} for row in rows]


async def said_before(connection: AsyncConnection, case_id: str, by: str, said: tuple[str, str]) -> bool:
    """Whether it is on record that this person said so of this case; ``said`` are day and result."""
    house = select(cases.c.house_id).where(cases.c.id == case_id).scalar_subquery()
    mine = (facts.c.house_id == house, facts.c.kind == SAID[0], facts.c.case_id == case_id, facts.c.by == by)
    found = map(json.loads, (await connection.execute(select(facts.c.data).where(*mine))).scalars())
    return said in {(data["done_on"], data["result"]) for data in found}


async def case_of_work(connection: AsyncConnection, work_id: str) -> str | None:
    """The case of a work."""
    return (await connection.execute(select(works.c.case_id).where(works.c.id == work_id))).scalar()
