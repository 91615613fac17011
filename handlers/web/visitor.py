"""Whose page a link opens, and whether it still may."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.exceptions import HTTPException

from bot.core.links import MESSAGE, PERSON, Links
from bot.core.people import Person, Role, role_of
from storage.chat import farewells, message_row
from storage.people import load_people

LIFE = timedelta(days=60)  # civil time for which a message's link opens the page


@dataclass(frozen=True, slots=True)
class Visitor:
    """The person of a link; ``row`` is the message it came with, if it came with one."""

    person: Person
    token: str
    row: Row[Any] | None
    lapsed: bool  # the link is too old to open the page
    ended: bool  # they have ended the support

    @property
    def path(self) -> str:
        return f"/c/{self.token}"


async def visitor_of(connection: AsyncConnection, links: Links, token: str, now: datetime) -> Visitor:
    """Who opens this link. A forged link, an unknown one, and that of who was erased or has left the staff are all
    simply not there."""
    outbox_id, person_id = links.read(MESSAGE, token), links.read(PERSON, token)
    row = await message_row(connection, outbox_id) if isinstance(outbox_id, int) else None
    wanted = row.person_id if row is not None else person_id
    if not isinstance(wanted, str):
        raise HTTPException(404)
    known, dates = await load_people(connection, [wanted]), await farewells(connection, wanted)
    if dates is None or dates.erased_on is not None or (dates.ended_on is not None and role_of(wanted) is Role.STAFF):
        raise HTTPException(404)
    lapsed = row is not None and now - row.written_at > LIFE
    return Visitor(known[wanted], token, row, lapsed, dates.ended_on is not None)
