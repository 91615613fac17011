"""What was stated for the law's list, as rows that are only added.

They stay with the house, as the law's record does. The name of an owner goes when that person is erased; what else a
row holds does not change any more.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.statements import Content, Line, Paper, Source, Stated, Statement
from storage.scopes import decide_at
from storage.tables import house_owners, houses, people, statements

Data = Mapping[str, Any]


async def stated_at(connection: AsyncConnection, house_id: str) -> Stated | None:
    """None for a house that is not there."""
    known = select(houses.c.id).where(houses.c.id == house_id)
    if (await connection.execute(known)).scalar() is None:
        return None
    deciding = frozenset((await connection.execute(decide_at(house_id))).scalars())
    ever = house_owners.join(people, people.c.id == house_owners.c.person_id)
    names = select(people.c.id, people.c.name).select_from(ever).where(house_owners.c.house_id == house_id)
    called = {row.id: row.name for row in await connection.execute(names.order_by(people.c.id))}
    return Stated(house_id, deciding, called, await statements_of(connection, house_id))


async def statements_of(connection: AsyncConnection, house_id: str) -> list[Statement]:
    query = select(statements).where(statements.c.house_id == house_id).order_by(statements.c.number)
    return [_statement(row) for row in await connection.execute(query)]


def _statement(row: Row[Any]) -> Statement:
    paper = Paper(row.paper) if row.paper else None
    content = Content(row.text, row.name, row.on_day, row.second_on)
    source = Source(row.told_by, row.told_on, paper, row.paper_on)
    return Statement(Line(row.line), content, source, row.corrects, row.number, row.person_id)


async def statement_made(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    one: Statement = data["statement"]
    row = {name: getattr(one, name) for name in ("number", "line", "corrects", "person_id")}
    row |= {name: getattr(one.content, name) for name in ("text", "name", "on_day", "second_on")}
    row |= {name: getattr(one.source, name) for name in ("told_by", "told_on", "paper", "paper_on")}
    await connection.execute(insert(statements).values(house_id=house_id, **row))


async def forget_named(connection: AsyncConnection, person_id: str) -> None:
    """The name of somebody who is erased, wherever it was stated; the fact keeps a salted digest of it."""
    await connection.execute(update(statements).where(statements.c.person_id == person_id).values(name=""))


def own_statements(person_id: str) -> Select[Any]:
    """What a person stated, and where they are named."""
    mine = or_(statements.c.told_by == person_id, statements.c.person_id == person_id)
    return select(statements).where(mine).order_by(statements.c.house_id, statements.c.number)
