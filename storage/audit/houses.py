"""All houses, some hundred at a time, with whatever is held against their facts."""

import json
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.audit.asleep import asleep
from storage.audit.finding import Finding, past_unreadable
from storage.audit.guarantees import guarantees
from storage.audit.loans import LEFT, LENT, loans
from storage.audit.plans import plans
from storage.audit.rows import Kept, Told, rows
from storage.audit.span import Span
from storage.audit.statements import STATED, statements
from storage.record import Seal
from storage.tables import facts, house_owners, houses, people, plan_items, records, works
from storage.tables import loans as lent
from storage.tables import statements as stated

SOME = 500  # houses read together
TELLING = (
    *(
        "work_opened",
        "work_closed",
        "closure_confirmed",
        "check_called_off",
        "loan_date_over",
        "provider_stays",
        "record_taken_in",
        "record_updated",
    ),
    *("plan_taken_in", "house_taken_in", "house_updated", "guarantee_told", "residual_month_told", "guarantee_ended"),
    *("guarantee_lapsed", "lapse_undone", "risk_began"),
    *(*STATED, *LENT, *LEFT),
)
OF_HOUSE: tuple[ColumnElement[Any], ...] = (
    *(houses.c.id, houses.c.plan_version, houses.c.guarantee_no, houses.c.residual_month, houses.c.lapsed_on),
    houses.c.guarantee_ended_on,
)


@dataclass(frozen=True, slots=True)
class Auditor:
    """What looking at some houses needs."""

    connection: AsyncConnection
    seal: Seal
    now: datetime

    async def told(self, house_ids: Sequence[str]) -> list[Finding]:
        """What the rows of these houses say otherwise than their facts."""
        kept = await _kept(self.connection, house_ids)
        checks = (rows, plans, guarantees, statements, loans)
        return [finding for house in kept for check in checks for finding in check(house, self.seal)]

    async def days(self, house_ids: Sequence[str]) -> list[Finding]:
        return await asleep(self.connection, house_ids, self.now)


async def each_house(auditor: Auditor, span: Span) -> AsyncIterator[Finding]:
    """Every house by its id; then rows of houses that are not there."""
    connection, last = auditor.connection, span.after
    some = select(houses.c.id).where(span.holds(houses.c.id)).order_by(houses.c.id).limit(SOME)
    while ids := list((await connection.execute(some.where(houses.c.id > last))).scalars()):
        last = ids[-1]
        for look in (auditor.told, auditor.days):
            async for finding in past_unreadable(ids, look):
                yield finding
    for table in (works, records, plan_items, stated, lent):
        there = select(houses.c.id).where(houses.c.id == table.c.house_id).exists()
        without = select(table.c.house_id).where(span.holds(table.c.house_id), ~there).distinct()
        for house_id in (await connection.execute(without)).scalars():
            yield Finding("row_untold", f"{house_id}:{table.name}", "there is no such house")


async def _kept(connection: AsyncConnection, house_ids: Sequence[str]) -> list[Kept]:
    of = partial(_of, connection, house_ids)
    done, recorded, planned, said = await of(works), await of(records), await of(plan_items), await of(stated)
    told, borrowed = await _told(connection, house_ids), await of(lent)
    single = await _only_here(connection, house_ids)
    found = await connection.execute(select(*OF_HOUSE).where(houses.c.id.in_(house_ids)).order_by(houses.c.id))
    return [
        Kept(
            house,
            facts=told[house.id],
            works=done[house.id],
            records=recorded[house.id],
            plan=planned[house.id],
            statements=said[house.id],
            loans=borrowed[house.id],
            only_here=single,
        )
        for house in found
    ]


async def _only_here(connection: AsyncConnection, house_ids: Sequence[str]) -> frozenset[str]:
    """Who owns or owned one of these houses and never another: whatever they do is told in its chain."""
    mine = select(house_owners.c.person_id).where(house_owners.c.house_id.in_(house_ids))
    once = select(house_owners.c.person_id).where(house_owners.c.person_id.in_(mine)).group_by(house_owners.c.person_id)
    single = once.having(func.count(house_owners.c.house_id.distinct()) == 1)
    return frozenset((await connection.execute(single)).scalars())


async def _told(connection: AsyncConnection, house_ids: Sequence[str]) -> Mapping[str, list[Told]]:
    found: dict[str, list[Told]] = defaultdict(list)
    columns = (facts.c.house_id, facts.c.seq, facts.c.kind, facts.c.case_id, facts.c.data, facts.c.by)
    telling = select(*columns).where(facts.c.house_id.in_(house_ids), facts.c.kind.in_(TELLING))
    rows = await connection.execute(telling.order_by(facts.c.house_id, facts.c.seq))
    for house_id, seq, kind, case_id, data, by in rows:
        found[house_id].append(Told(seq, kind, case_id, json.loads(data), by))
    return found


async def _of(connection: AsyncConnection, house_ids: Sequence[str], table: Table) -> Mapping[str, list[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in await connection.execute(_query(table).where(table.c.house_id.in_(house_ids))):
        found[row.house_id].append(row)
    return found


def _query(table: Table) -> Select[Any]:
    """Rows of a table; what was stated with the day on which whoever it names was erased."""
    if table is not stated:
        return select(table)
    return select(stated, people.c.erased_on).outerjoin_from(stated, people, people.c.id == stated.c.person_id)
