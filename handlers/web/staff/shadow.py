"""What a shadow run would have sent to whom: the staff read it as its readers would have."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from bot.core.message import Message
from handlers.web.staff.entrance import StaffHere
from handlers.web.staff.looking import saw
from handlers.web.staff.session import Session
from storage.desk import names_of
from storage.shadow import SHOWN, shadow_since, shown_messages

routes = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """A message that nobody was sent."""

    to: str
    channel: str
    houses: Sequence[str]
    message: Message
    at: datetime


@routes.get("/staff/shadow")
async def show(session: StaffHere) -> HTMLResponse:
    async with session.site.store.read() as connection:
        since, rows = await shadow_since(connection), await shown_messages(connection)
        names = await names_of(connection, {row.person_id for row in rows})
    found = [_shown(session, row, names.get(row.person_id, "")) for row in rows if row.parts]
    await saw(session, [(house, one.to) for one in found for house in one.houses or ("",)])
    return session.page("shadow", since=since, found=found, names=names, count=SHOWN)


def _shown(session: Session, row: Any, name: str) -> Shown:
    message = session.site.renderer.render(row.parts, row.language, name)
    houses = sorted({part["house"] for part in row.parts if part["house"]})
    return Shown(row.person_id, row.channel, houses, message, row.send_at)
