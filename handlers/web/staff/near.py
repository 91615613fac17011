"""Who is something at a house beside owning it, and an owner's death as the staff hear of it: entered by the staff."""

import secrets

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.core.outcome import Change, Deed, Mode, Outcome, Say
from bot.core.people import Address, owner_key
from bot.core.scopes import MAY_BE_ALLOWED, Scope, Topic
from bot.core.transfer import Newcomer
from handlers.web.forms import Posted
from handlers.web.staff.acting import back
from handlers.web.staff.entrance import StaffHere
from handlers.web.staff.owners import go_on
from handlers.web.staff.session import Session
from storage.commit import commit
from storage.concerned import Concerned, concerned_at, known_at
from storage.households import lock_houses

routes = APIRouter(include_in_schema=False)


@routes.post("/staff/houses/{house_id}/near")
async def enter(request: Request, session: StaffHere, house_id: str) -> Response:
    """Somebody beside the owners, with what the owner allows them to hear."""
    form = await session.posted(request)
    async with session.site.store.write() as connection:
        found = await _locked(connection, house_id)
        scope, acts_for, name = form.text("scope"), form.text("acts_for"), form.text("name")[:80]
        stands = scope == Scope.REPRESENTATIVE
        if scope not in set(Scope) or not name or stands != (acts_for in {owner.id for owner in found.owners}):
            raise HTTPException(400)
        one = await _person(connection, session, form, name)
        allowed = [topic for topic in Topic if form.text(f"topic-{topic}") and topic in MAY_BE_ALLOWED[Scope(scope)]]
        data = {"person": one, "scope": scope, "acts_for": acts_for if stands else "", "topics": ",".join(allowed)}
        deed = Deed("near_set", session.person.id, {"person": one.id, "scope": scope, "topics": allowed})
        await _commit(connection, session, Outcome(house_id, deeds=(deed,), changes=(Change("near_set", data),)))
    return back(f"/staff/houses/{house_id}/owners")


@routes.post("/staff/houses/{house_id}/near/end")
async def end(request: Request, session: StaffHere, house_id: str) -> Response:
    form = await session.posted(request)
    scope, _, person_id = form.text("who").partition("|")
    async with session.site.store.write() as connection:
        found = await _locked(connection, house_id)
        if not any((one.scope, one.person_id) == (scope, person_id) for one in found.near):
            raise HTTPException(409)
        deed = Deed("near_ended", session.person.id, {"person": person_id, "scope": scope})
        change = Change("near_ended", {"person_id": person_id, "scope": scope})
        await _commit(connection, session, Outcome(house_id, deeds=(deed,), changes=(change,)))
    return back(f"/staff/houses/{house_id}/owners")


@routes.post("/staff/houses/{house_id}/owners/dead")
async def dead(request: Request, session: StaffHere, house_id: str) -> Response:
    """Somebody told the staff of a death: nothing is begun with that person any more; the owner stays the owner."""
    return await _of_death(request, session, house_id, reported=True)


@routes.post("/staff/houses/{house_id}/owners/alive")
async def not_dead(request: Request, session: StaffHere, house_id: str) -> Response:
    """It was a mistake, and the person hears that we write again."""
    return await _of_death(request, session, house_id, reported=False)


async def _of_death(request: Request, session: Session, house_id: str, *, reported: bool) -> Response:
    form = await session.posted(request)
    owner_id = form.text("owner")
    async with session.site.store.write() as connection:
        found = await _locked(connection, house_id)
        owner = next((one for one in found.owners if one.id == owner_id), None)
        last = found.last
        if owner is None or owner.bereaved is reported or (last is not None and owner_id in last.leaving):
            raise HTTPException(409)
        await _commit(connection, session, _told(session, house_id, owner_id, reported=reported))
        if not reported:
            await go_on(connection, session, house_id, ())
    return back(f"/staff/houses/{house_id}/owners")


@routes.post("/staff/houses/{house_id}/owners/outlives")
async def outlives(request: Request, session: StaffHere, house_id: str) -> Response:
    """Whether what an owner has agreed to holds after their death, as the written mandate says."""
    form = await session.posted(request)
    owner_id, holds = form.text("owner"), form.text("holds") == "1"
    async with session.site.store.write() as connection:
        found = await _locked(connection, house_id)
        if owner_id not in {owner.id for owner in found.owners}:
            raise HTTPException(409)
        deed = Deed("mandate_outlives", session.person.id, {"of": owner_id, "holds": holds})
        change = Change("mandate_outlives", {"person_id": owner_id, "holds": holds})
        await _commit(connection, session, Outcome(house_id, deeds=(deed,), changes=(change,)))
    return back(f"/staff/houses/{house_id}/owners")


def _told(session: Session, house_id: str, owner_id: str, *, reported: bool) -> Outcome:
    by, data = session.person.id, {"of": owner_id}
    if reported:
        change = Change("death_reported", {"person_id": owner_id})
        return Outcome(house_id, deeds=(Deed("death_reported", by, data),), changes=(change,))
    again = Say(owner_id, "owner_back", {"house": house_id}, Mode.RELAY)
    deeds = (Deed("death_report_undone", by, data),)
    return Outcome(house_id, deeds=deeds, changes=(Change("alive", {"person_id": owner_id}),), says=(again,))


async def _locked(connection: AsyncConnection, house_id: str) -> Concerned:
    await lock_houses(connection, [house_id])
    found = await concerned_at(connection, house_id)
    if found is None:
        raise HTTPException(404)
    return found


async def _person(connection: AsyncConnection, session: Session, form: Posted, name: str) -> Newcomer:
    mail, contact = session.site.mail, form.text("contact")[:200]
    by_mail = bool(mail) and "@" in contact
    known = await known_at(connection, mail, contact, name) if by_mail else None
    address = Address(mail, contact) if by_mail else None
    return Newcomer(known or owner_key(f"n-{secrets.token_hex(6)}"), name, "" if by_mail else contact, address)


async def _commit(connection: AsyncConnection, session: Session, outcome: Outcome) -> None:
    await commit(connection, session.site.store.pins, [outcome], session.site.now())
