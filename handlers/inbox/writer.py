"""Who is writing: a person we know at that address, somebody of the staff at their desk, or a guest."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.arrival import Inbound, What
from bot.core.people import Role, role_of
from storage.guests import guest_at, staff_at
from storage.people import end_address, has_left_staff, person_at
from storage.record import Seal


async def writer_of(connection: AsyncConnection, event: Inbound, own: frozenset[str], seal: Seal, now: datetime) -> str:
    """The person's id. Whoever writes for the first time becomes a guest; whoever writes at the desk is staff.

    A guest who turns up at the desk is one of the staff from then on. Empty where somebody whom we do not know did
    what concerns nobody, and for who is of the staff no longer.
    """
    if event.channel in own:
        return "" if await has_left_staff(connection, event.address) else event.address
    known = await person_at(connection, event.channel, event.address, ended=event.what is What.CAME)
    if known is not None and event.at_desk and role_of(known) is Role.GUEST:
        await end_address(connection, known, event.channel, "staff", now)
        known = None
    if known is not None or event.what not in (What.SAID, What.CAME, What.LINKED):
        return known or ""
    if event.at_desk:
        return await staff_at(connection, event.channel, event.address, event.name)
    return await guest_at(connection, seal, event.channel, event.address)
