"""All houses, some hundred at a time, with whatever is held against their facts."""

import json
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.audit.asleep import asleep
from storage.audit.finding import Finding, past_unreadable
from storage.audit.guarantees import guarantees
from storage.audit.plans import plans
from storage.audit.rows import Kept, Told, rows
from storage.record import Seal
from storage.tables import facts, houses, plan_items, records, works

SOME = 500  # houses read together
TELLING = (
    *("work_opened", "work_closed", "closure_confirmed", "check_called_off", "record_taken_in", "record_updated"),
    *("plan_taken_in", "house_taken_in", "house_updated", "guarantee_told", "residual_month_told", "guarantee_ended"),
    *("guarantee_lapsed", "risk_began"),
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
        checks = (rows, plans, guarantees)
        return [finding for house in kept for check in checks for finding in check(house, self.seal)]

    async def days(self, house_ids: Sequence[str]) -> list[Finding]:
        return await asleep(self.connection, house_ids, self.now)


async def each_house(connection: AsyncConnection, seal: Seal, now: datetime) -> AsyncIterator[Finding]:
    """Every house by its id; then rows of houses that are not there."""
    auditor, last = Auditor(connection, seal, now), ""
    some = select(houses.c.id).order_by(houses.c.id).limit(SOME)
    while ids := list((await connection.execute(some.where(houses.c.id > last))).scalars()):
        last = ids[-1]
        for look in (auditor.told, auditor.days):
            async for finding in past_unreadable(ids, look):
                yield finding
    for table in (works, records, plan_items):
        there = select(houses.c.id).where(houses.c.id == table.c.house_id).exists()
        for house_id in (await connection.execute(select(table.c.house_id).where(~there).distinct())).scalars():
            yield Finding("row_untold", f"{house_id}:{table.name}", "there is no such house")


async def _kept(connection: AsyncConnection, house_ids: Sequence[str]) -> list[Kept]:
    of = partial(_of, connection, house_ids)
    done, recorded, planned, told = await of(works), await of(records), await of(plan_items), defaultdict(list)
    columns = (facts.c.house_id, facts.c.seq, facts.c.kind, facts.c.case_id, facts.c.data)
    telling = select(*columns).where(facts.c.house_id.in_(house_ids), facts.c.kind.in_(TELLING))
    for house_id, seq, kind, case_id, data in await connection.execute(telling.order_by(facts.c.house_id, facts.c.seq)):
        told[house_id].append(Told(seq, kind, case_id, json.loads(data)))
    found = await connection.execute(select(*OF_HOUSE).where(houses.c.id.in_(house_ids)).order_by(houses.c.id))
    return [
        Kept(house, tuple(told[house.id]), done[house.id], recorded[house.id], planned[house.id]) for house in found
    ]


async def _of(connection: AsyncConnection, house_ids: Sequence[str], table: Table) -> Mapping[str, list[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in await connection.execute(select(table).where(table.c.house_id.in_(house_ids))):
        found[row.house_id].append(row)
    return found
