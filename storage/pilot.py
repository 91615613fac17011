"""The counts behind a pilot's daily report. A pilot has few houses, so they are counted when they are asked for."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import Phase
from bot.core.people import STAFF_DESK, Role
from bot.core.pilot import Counts, Reader
from storage.gauges import OF_STAFF, OPEN
from storage.outbox import PAPER, SENDING, SENT, SHADOW, UNKNOWN, WAITING
from storage.tables import addresses, cases, house_owners, houses, inbound, outbox, people, sealed_contacts, works

ASKED_TWICE = 2  # questions without an answer, from which a company counts as silent
ASIDE = outbox.c.person_id.not_like(f"{Role.STAFF}:%")
OF_OWNER = inbound.c.person_id.like(f"{Role.OWNER}:%")
OF_SERVICER = inbound.c.person_id.like(f"{Role.SERVICER}:%")


async def readers(connection: AsyncConnection, mail: str) -> list[Reader]:
    """Everybody of the staff by name who can be written to, by mail where they have one; the desk where nobody can."""
    living = (addresses.c.ended_at.is_(None), people.c.ended_on.is_(None), people.c.erased_on.is_(None))
    query = select(people.c.id, addresses.c.channel).join(addresses, addresses.c.person_id == people.c.id)
    mine = (people.c.id.like(f"{Role.STAFF}:%"), people.c.id != STAFF_DESK, *living)
    rows = (await connection.execute(query.where(*mine).order_by(people.c.id))).all()
    by_mail = {row.id for row in rows if row.channel == mail}
    found = [Reader(one, mail if one in by_mail else "") for one in dict.fromkeys(row.id for row in rows)]
    return found or [Reader(STAFF_DESK, "")]


async def counts(connection: AsyncConnection, since: datetime) -> Counts:
    """``since``: when the report before was written."""

    async def count(query: Select[Any]) -> int:
        return int((await connection.execute(query)).scalar_one())

    done = (works.c.done_on.is_not(None), works.c.basis.is_not(None))
    asked = cases.c.state["silence"][Role.SERVICER.value].as_integer() >= ASKED_TWICE
    heard = select(func.count(func.distinct(inbound.c.person_id)))
    return Counts(
        shown=await count(_messages(outbox.c.state == SHADOW, outbox.c.sent_at >= since)),
        sent=await count(_messages(outbox.c.state == SENT, outbox.c.sent_at >= since)),
        answered=await count(
            select(func.count()).select_from(inbound).where(OF_OWNER | OF_SERVICER, inbound.c.received_at >= since)
        ),
        waiting=await count(_messages(outbox.c.state.in_((WAITING, SENDING, UNKNOWN, PAPER)))),
        with_staff=await count(select(func.count()).select_from(cases).where(OPEN, OF_STAFF)),
        houses=await count(select(func.count()).select_from(houses)),
        mandated=await count(select(func.count()).select_from(houses).where(houses.c.mandated)),
        owners=await count(select(func.count(func.distinct(house_owners.c.person_id))).where(_NOW)),
        owners_heard=await count(heard.where(OF_OWNER)),
        works_done=await count(select(func.count()).select_from(works).where(*done)),
        works_in_time=await count(select(func.count()).select_from(works).where(*done, works.c.done_on <= _LIMIT)),
        companies=await count(select(func.count(func.distinct(houses.c.servicer_id)))),
        companies_silent=await count(
            select(func.count(func.distinct(houses.c.servicer_id)))
            .join(cases, cases.c.house_id == houses.c.id)
            .where(cases.c.phase != Phase.CLOSED, asked)
        ),
    )


async def without_consent(connection: AsyncConnection) -> list[Row[Any]]:
    """The houses of which not every owner has agreed, and since when the way to somebody there is sealed."""
    now = and_(house_owners.c.house_id == houses.c.id, house_owners.c.until_on.is_(None))
    sealed = sealed_contacts.c.person_id == house_owners.c.person_id
    query = select(houses.c.id.label("house_id"), func.min(sealed_contacts.c.at).label("sealed_at"))
    joined = query.join(house_owners, now, isouter=True).join(sealed_contacts, sealed, isouter=True)
    left = joined.where(~houses.c.mandated).group_by(houses.c.id).order_by(houses.c.id)
    return list(await connection.execute(left))


_NOW = house_owners.c.until_on.is_(None)
# The last lawful day where there is one: a visit some weeks after the plan's day is in time.
_LIMIT = func.coalesce(works.c.backstop_on, works.c.due_on)


def _messages(*where: ColumnElement[bool]) -> Select[Any]:
    return select(func.count()).select_from(outbox).where(ASIDE, *where)
