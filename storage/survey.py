"""What one of the staff asks to see in a chat: ids, dates and whose move it is.

Of names only those of the staff themselves; nobody else's, and no address.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.action import Action
from bot.core.case import Phase
from bot.core.days import civil
from bot.core.people import Role
from bot.core.turn import Survey
from storage.tables import cases, houses, people, plan_items

SHOWN = 20
OPEN = cases.c.phase != Phase.CLOSED


async def survey(connection: AsyncConnection, action: Action, person_id: str) -> Survey:
    """What the action asks to see; nothing for any other."""
    if action.verb == "pending":
        desk = select(people.c.id).where(people.c.id.like(f"{Role.STAFF}:%"))
        return Survey(await _matters(connection, cases.c.holder.in_(desk)))
    if action.verb == "mine":
        return Survey(await _matters(connection, cases.c.holder == person_id))
    return await _of_house(connection, action.arg) if action.verb == "house" else Survey()


async def case_to_hand_over(connection: AsyncConnection, named: str) -> str:
    """The open visit of a house, or the case itself where its id was given; empty for none."""
    visits = cases.c.ladder.like("visit/%") | cases.c.ladder.like("finding/%")
    query = select(cases.c.id).where((cases.c.house_id == named) | (cases.c.id == named), OPEN, visits)
    return (await connection.execute(query.order_by(cases.c.target_on, cases.c.id).limit(1))).scalar() or ""


async def _of_house(connection: AsyncConnection, named: str) -> Survey:
    """The house of that id, or of the case of that id."""
    of_case = select(cases.c.house_id).where(cases.c.id == named).scalar_subquery()
    query = select(houses.c.id).where((houses.c.id == named) | (houses.c.id == of_case))
    house_id = (await connection.execute(query.order_by(houses.c.id != named).limit(1))).scalar()
    if house_id is None:
        return Survey()
    due = select(func.min(plan_items.c.next_due_on)).where(plan_items.c.house_id == house_id, plan_items.c.current)
    day = (await connection.execute(due)).scalar()
    matters = await _matters(connection, cases.c.house_id == house_id)
    return Survey(matters, house_id, day.isoformat() if day else "")


async def _matters(connection: AsyncConnection, which: ColumnElement[bool]) -> tuple[Mapping[str, str], ...]:
    """One more than is shown, so that it can be said that there are more."""
    named = select(cases, people.c.name).join(people, people.c.id == cases.c.holder, isouter=True)
    query = named.where(which, OPEN).order_by(cases.c.target_on, cases.c.id).limit(SHOWN + 1)
    return tuple(_matter(row) for row in await connection.execute(query))


def _matter(row: Row[Any]) -> Mapping[str, str]:
    return {
        "case": row.id,
        "house": row.house_id,
        "holder": (row.name if row.holder.startswith(f"{Role.STAFF}:") else "") or row.holder,
        "target": row.target_on.isoformat(),
        "next": civil(row.next_action_at).isoformat() if row.next_action_at else "",
        "why": row.reason,
        "phase": row.phase,
    }
