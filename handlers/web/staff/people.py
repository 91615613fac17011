"""One person: what was said with them, and what they asked the staff to end, by telephone or letter."""

from datetime import datetime

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from bot.core.outcome import Talk
from bot.core.people import Person, Role
from bot.core.turn import Reply, Turn
from handlers.endings import ERASE
from handlers.farewell import ENDINGS
from handlers.keyed import VIAS, ending
from handlers.web.staff.acting import back
from handlers.web.staff.entrance import StaffHere
from handlers.web.talk import bubbles, rendered
from storage.chat import lines
from storage.commit import commit
from storage.concern import houses_of
from storage.households import load_households, lock_houses
from storage.people import load_people
from storage.view import messages_to

routes = APIRouter(include_in_schema=False)


@routes.get("/staff/people/{person_id}")
async def talk(session: StaffHere, person_id: str) -> HTMLResponse:
    """What was said with one person, for reading."""
    site = session.site
    async with site.store.read() as connection:
        person = await _person(connection, person_id)
        told = rendered(site.renderer, person, await lines(connection, person_id))
        messages = await messages_to(connection, person_id)
    shown = bubbles(told, frozenset())
    return session.page(
        "person",
        person=person,
        bubbles=shown,
        names={person_id: person.name},
        messages=messages,
        said=site.facts[session.language].said,
        here=site.channel,
        endings=_endings(person),
        vias=sorted(VIAS, reverse=True),
    )


@routes.post("/staff/people/{person_id}")
async def end(request: Request, session: StaffHere, person_id: str) -> Response:
    """Their wish, keyed in: it counts as their own word."""
    form, site = await session.posted(request), session.site
    what, via = form.text("what"), form.text("via")
    async with site.store.write() as connection:
        person = await _person(connection, person_id)
        if what not in _endings(person) or via not in VIAS or not form.text("sure"):
            raise HTTPException(400)
        if what == ERASE:  # files first: broken off in between, it is done once more
            await site.files.forget(person_id)
        turn = await _turn(connection, person, Reply(via, f"{via}:{session.person.id}"), site.now())
        await commit(connection, site.store.pins, ending(turn, what, session.person.id), site.now())
    return back(f"/staff/people/{person_id}" if what != ERASE else "/staff/")


def _endings(person: Person) -> list[str]:
    """Their channels, and for an owner the support and the data."""
    channels = dict.fromkeys(address.channel for address in person.addresses)
    return [*channels, *(ENDINGS if person.role is Role.OWNER and not person.erased else ())]


async def _person(connection: AsyncConnection, person_id: str) -> Person:
    person = (await load_people(connection, [person_id])).get(person_id)
    if person is None:
        raise HTTPException(404)
    return person


async def _turn(connection: AsyncConnection, person: Person, reply: Reply, now: datetime) -> Turn:
    owned = await houses_of(connection, person.id) if person.role is Role.OWNER else []
    await lock_houses(connection, owned)
    known = await load_households(connection, owned)
    household = next((known[house] for house in owned if house in known), None)
    return Turn(person, reply, Talk(person.id), now, household=household, houses=tuple(owned))
