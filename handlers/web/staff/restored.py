"""A database that was put back from a copy: what it may have said before, and what people decide about that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from bot.core.days import civil
from handlers.web.forms import Posted, row_number
from handlers.web.staff.acting import back
from handlers.web.staff.entrance import StaffHere
from handlers.web.staff.looking import saw
from handlers.web.staff.session import Session
from storage.desk import names_of
from storage.outbox import HELD, PAPER, WAITING
from storage.restored import Decision, count_of, decide, held_messages, reconcile, restored, take

routes = APIRouter(include_in_schema=False)
PATH = "/staff/restored"


@dataclass(frozen=True, slots=True)
class Held:
    """A message that may have been said before."""

    id: int
    to: str
    channel: str
    houses: Sequence[str]
    titles: Sequence[str]
    at: datetime


@routes.get(PATH)
async def show(session: StaffHere) -> HTMLResponse:
    async with session.site.store.read() as connection:
        state = await restored(connection)
        rows = await held_messages(connection)
        held, waiting = await count_of(connection, HELD), await count_of(connection, WAITING, PAPER)
        people = {row.person_id for row in rows} | ({state.holder} if state is not None else set())
        names = await names_of(connection, people)
    messages = [_held(session, row, names.get(row.person_id, "")) for row in rows]
    await saw(session, [(house, one.to) for one in messages for house in one.houses or ("",)])
    return session.page("restored", state=state, held=messages, count=held, waiting=waiting, names=names)


@routes.post(PATH)
async def do(request: Request, session: StaffHere) -> Response:
    form = await session.posted(request)
    async with session.site.store.write() as connection:
        if await restored(connection) is not None:
            await _do(connection, session, form)
    return back(PATH)


async def _do(connection: AsyncConnection, session: Session, form: Posted) -> None:
    by, now, seal = session.person.id, session.site.now(), session.site.store.pins.seal
    how, row_id = form.text("how"), row_number(form.text("message"))
    if how == "take":
        await take(connection, by, civil(now))
    elif how in ("send", "drop") and row_id:
        await decide(connection, seal, Decision(how == "send", by, (row_id,)), now)
    elif how == "reconcile" and form.text("sure"):
        await reconcile(connection, seal, by, now)
    else:
        raise HTTPException(400)


def _held(session: Session, row: Any, name: str) -> Held:
    renderer = session.site.renderer
    titles = [renderer.part(part, session.language, name).title for part in row.parts]
    houses = sorted({part["house"] for part in row.parts if part["house"]})
    return Held(row.id, row.person_id, row.channel, houses, titles, row.written_at)
