"""The last things that the record says about some houses: what a person is shown when they ask what stands there."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import facts, plan_items

# What people did and what came of it; how often we wrote is not what they ask about.
TOLD = frozenset(
    {
        *("days_offered", "day_wished", "visit_fixed", "visit_moved", "visit_fell_through", "visit_called_off"),
        "asked_for_later",
        *("work_reported", "work_not_done", "work_closed", "finding_opened"),
        *("mandate_given", "mandate_declined", "mandate_withdrawn", "company_agreed", "servicer_changed"),
        *("closure_confirmed", "quotation_sent", "check_answered", "authority_reported", "change_notice_sent"),
        *("history_same", "history_changed", "history_none", "history_answered", "history_told"),
        *("history_entrusted", "history_not_entrusted", "work_registered"),
    }
)

# What tells of another company, and whether that was filed with the authority.
OF_COMPANY = ("company_agreed", "servicer_changed", "house_updated", "change_notice_sent")


@dataclass(frozen=True, slots=True)
class Recorded:
    """Facts in their order, and what the parts of the plan are called, by their code."""

    facts: Sequence[Mapping[str, Any]]
    parts: Mapping[str, str]


async def recorded(connection: AsyncConnection, house_ids: Collection[str], limit: int = 5) -> Recorded:
    mine = select(facts).where(facts.c.house_id.in_(house_ids), facts.c.kind.in_(TOLD))
    rows = (await connection.execute(mine.order_by(facts.c.at.desc(), facts.c.seq.desc()).limit(limit))).all()
    named = select(plan_items.c.code, plan_items.c.part).where(plan_items.c.house_id.in_(house_ids))
    parts = {row.code: row.part for row in await connection.execute(named.where(plan_items.c.current))}
    return Recorded([dict(row._mapping) | {"data": json.loads(row.data)} for row in reversed(rows)], parts)


async def changes_of_company(connection: AsyncConnection, house_ids: Collection[str]) -> dict[str, list[Any]]:
    """The facts on changes of company at some houses, in their order, by house."""
    mine = select(facts).where(facts.c.house_id.in_(house_ids), facts.c.kind.in_(OF_COMPANY))
    found: dict[str, list[dict[str, Any]]] = {}
    for row in (await connection.execute(mine.order_by(facts.c.house_id, facts.c.seq))).all():
        found.setdefault(row.house_id, []).append(dict(row._mapping) | {"data": json.loads(row.data)})
    return found
