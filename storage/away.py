"""Who of the staff is away now, and who stands in for them: read wherever a house is."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.absence import State
from bot.core.stand_in import Away
from storage.people import AT_WORK
from storage.tables import absences, people, spelled


async def away_now(connection: AsyncConnection) -> Away:
    """By who is away, who stands in; the desk for who has none, or one who has left the staff since."""
    at_work = select(people.c.id).where(AT_WORK, people.c.id == absences.c.substitute_id).exists().label("there")
    query = select(absences.c.person_id, absences.c.substitute_id, at_work)
    standing = query.where(absences.c.state != spelled(State.OVER), absences.c.state == State.STANDING)
    return {row.person_id: row.substitute_id if row.there else "" for row in await connection.execute(standing)}
