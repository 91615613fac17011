"""An owner who begins with the number of the house and the code from our letter or mail, and whose leaflet it was."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.people import Role, role_of, servicer_key
from storage.concern import houses_of
from storage.people import load_people
from storage.record import Seal
from storage.tables import houses, link_codes

SERVICER, LENDER = "servicer", "lender"


async def company_named(connection: AsyncConnection, kind: str, name: str) -> str:
    """What a company or a lender is called on its leaflet; empty for one that is not there, or not in business."""
    if kind == SERVICER:
        person = (await load_people(connection, [servicer_key(name)])).get(servicer_key(name))
        return person.name if person is not None and person.active else ""
    known = select(houses.c.lender).where(houses.c.lender == name).limit(1)
    return name if kind == LENDER and name and (await connection.execute(known)).scalar() else ""


async def owner_who_has(connection: AsyncConnection, seal: Seal, code: str, house_id: str, now: datetime) -> str:
    """The owner of this house whose code it is, which is used up by it; empty where the two do not belong together."""
    digest = seal.digest(code)
    living = (link_codes.c.used_at.is_(None), link_codes.c.expires_at > now, link_codes.c.channel == "")
    query = select(link_codes.c.person_id).where(link_codes.c.digest == digest, *living)
    person_id = str((await connection.execute(query.with_for_update())).scalar() or "")
    if not person_id or role_of(person_id) is not Role.OWNER or house_id not in await houses_of(connection, person_id):
        return ""
    person = (await load_people(connection, [person_id]))[person_id]
    if not person.active:
        return ""
    await connection.execute(update(link_codes).where(link_codes.c.digest == digest).values(used_at=now))
    return person_id
