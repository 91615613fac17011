"""What somebody asks to see in a chat: one of the staff ids, dates and whose move it is; an owner their own house.

Of names only those of the staff themselves; nobody else's, and no address.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.action import Action
from bot.core.case import Phase, Result
from bot.core.days import civil
from bot.core.people import Person, Role, staff_key
from bot.core.turn import Survey
from storage.loans import loan_days
from storage.people import load_people
from storage.tables import cases, houses, people, plan_items, records

SHOWN, PAST = 20, 5
OF_FILES = {"良": Result.OK, "要補修": Result.ISSUES}  # as builders write a result
OPEN = cases.c.phase != Phase.CLOSED


async def survey(connection: AsyncConnection, action: Action, person_id: str) -> Survey:
    """What the action asks to see; nothing for any other."""
    if action.verb == "pending":
        desk = select(people.c.id).where(people.c.id.like(f"{Role.STAFF}:%"))
        return Survey(await _matters(connection, cases.c.holder.in_(desk)))
    if action.verb == "mine":
        return Survey(await _matters(connection, cases.c.holder == person_id))
    return await _of_house(connection, action.arg) if action.verb == "house" else Survey()


async def colleague_named(connection: AsyncConnection, action: Action) -> Person | None:
    """To whom of the staff somebody passes a matter on; None for any other action."""
    named = colleague_in(action)
    return (await load_people(connection, [named])).get(named) if named else None


def colleague_in(action: Action | None) -> str:
    """Their id; empty for any other action."""
    return staff_key(action.arg) if action is not None and action.verb == "pass_on" else ""


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
    matters = await _matters(connection, cases.c.house_id == house_id)
    return Survey(matters, house_id, await _next_on(connection, house_id))


async def of_their_own(connection: AsyncConnection, house_id: str) -> Survey:
    """What an owner may ask about their house: when something is next due, and what was done last."""
    query = select(records.c.done_on, records.c.part, records.c.result).where(records.c.house_id == house_id)
    rows = await connection.execute(query.order_by(records.c.done_on.desc(), records.c.id).limit(PAST))
    past = tuple(
        {"done": row.done_on.isoformat(), "part": row.part, "result": OF_FILES.get(row.result, row.result)}
        for row in rows
    )
    return Survey(house=house_id, next_on=await _next_on(connection, house_id), past=past)


async def their_loans(connection: AsyncConnection, house_ids: Sequence[str]) -> Survey:
    """The days of what was borrowed for houses of theirs, by them or by who owns one with them; in days alone."""
    query = select(houses.c.id, houses.c.residual_month).where(houses.c.id.in_(house_ids)).order_by(houses.c.id)
    lent = await loan_days(connection, house_ids)
    found = []
    for row in await connection.execute(query):
        residual = row.residual_month.isoformat() if row.residual_month else ""
        if residual or row.id in lent:
            found.append({"house": row.id, "residual": residual, "loans": lent.get(row.id, [])})
    return Survey(loans=tuple(found))


async def _next_on(connection: AsyncConnection, house_id: str) -> str:
    due = select(func.min(plan_items.c.next_due_on)).where(plan_items.c.house_id == house_id, plan_items.c.current)
    day = (await connection.execute(due)).scalar()
    return day.isoformat() if day else ""


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
