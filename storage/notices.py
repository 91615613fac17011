"""What an owner was told of a guarantee at risk, as far as it is on record as sent."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import Case
from bot.core.days import civil
from bot.core.lapse import Notice
from bot.core.people import Role
from storage.outbox import SENT
from storage.tables import house_owners, outbox

TOLD = "owner_at_risk"


async def notices_of(connection: AsyncConnection, case: Case) -> tuple[Notice, ...]:
    """Messages and posted letters to those who own the house now, each with the reasons that it gave."""
    owners = select(house_owners.c.person_id).where(
        house_owners.c.house_id == case.house_id,
        house_owners.c.until_on.is_(None),
        house_owners.c.person_id.like(f"{Role.OWNER}:%"),
    )
    columns = (outbox.c.key, outbox.c.channel, outbox.c.sent_at, outbox.c.parts)
    query = select(*columns).where(outbox.c.person_id.in_(owners), outbox.c.day >= case.opened_on)
    rows = (await connection.execute(query.where(outbox.c.state == SENT).order_by(outbox.c.id))).all()
    return tuple(
        Notice(row.key, row.channel, civil(row.sent_at), _reasons(part["params"]))
        for row in rows
        for part in row.parts
        if part["kind"] == TOLD and part["case"] == case.id
    )


def _reasons(params: dict[str, list[dict[str, list[str]]]]) -> frozenset[str]:
    return frozenset(key for risk in params["risks"] for key in risk["keys"])
