"""Who owns a house: the staff record a change once they have seen its document, see first what follows, and undo it."""

import secrets
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, replace

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from bot.core.days import civil
from bot.core.people import Address, owner_key
from bot.core.scopes import MAY_BE_ALLOWED, Scope, Topic
from bot.core.transfer import MOST_NEW, Document, Kind, Newcomer, Order, Recorded, faults, goes_on, passed, undone
from handlers.web.forms import Posted
from handlers.web.staff.acting import back, day_in
from handlers.web.staff.entrance import StaffHere
from handlers.web.staff.session import Session
from storage.cases import load_scenes_of
from storage.commit import commit
from storage.concerned import Concerned, concerned_at, known_at
from storage.households import load_households, lock_houses
from storage.people import hold_staff
from storage.retention import houses_ever

routes = APIRouter(include_in_schema=False)


class Filled(dict[str, str]):
    """What a form was filled in with; empty for what was left out."""

    def __missing__(self, name: str) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What is about to be recorded, the reasons against it, and the form's fields, to be sent once more."""

    order: Order
    against: tuple[str, ...]
    fields: Mapping[str, str]


@routes.get("/staff/houses/{house_id}/owners")
async def show(session: StaffHere, house_id: str) -> HTMLResponse:
    async with session.site.store.read() as connection:
        found = await _concerned(connection, house_id)
    return _page(session, found)


@routes.post("/staff/houses/{house_id}/owners")
async def record(request: Request, session: StaffHere, house_id: str) -> Response:
    """First what would follow, then, sure of it, the record."""
    form = await session.posted(request)
    async with session.site.store.write() as connection:
        await hold_staff(connection, session.person.id, form.text("keeper"))
        found = await _concerned(connection, house_id)
        order = await _order(connection, session, form, found)
        against = order and faults(order, found.owners, found.house, civil(session.site.now()))
        if order is None or against or form.text("step") != "record":
            known = {name: value for name, value in form.fields.items() if name not in ("step", "stamp")}
            unclear = ("unclear",) if order is None else tuple(against or ())
            return _page(session, found, Preview(order or _nothing(session), unclear, known))
        await _carry_out(connection, session, house_id, order)
    return back(f"/staff/houses/{house_id}/owners")


@routes.post("/staff/houses/{house_id}/owners/undo")
async def undo(request: Request, session: StaffHere, house_id: str) -> Response:
    """The latest change did not come about."""
    form, site = await session.posted(request), session.site
    async with site.store.write() as connection:
        found = await _concerned(connection, house_id)
        last = found.last
        if last is None or form.text("transfer") != str(last.number):
            raise HTTPException(409)
        await _undo(connection, session, last, found)
    return back(f"/staff/houses/{house_id}/owners")


async def _concerned(connection: AsyncConnection, house_id: str) -> Concerned:
    found = await concerned_at(connection, house_id)
    if found is None:
        raise HTTPException(404)
    return found


def _page(session: Session, found: Concerned, preview: Preview | None = None) -> HTMLResponse:
    return session.page(
        "owners",
        200 if preview is None or not preview.against else 422,
        found=found,
        house=found.house,
        preview=preview,
        was=Filled(preview.fields if preview else {}),
        kinds=list(Kind),
        documents=list(Document),
        scopes=list(Scope),
        topics=list(Topic),
        allowed={scope: sorted(topics) for scope, topics in MAY_BE_ALLOWED.items()},
        places=range(1, MOST_NEW + 1),
    )


def _nothing(session: Session) -> Order:
    return Order(Kind.SALE, civil(session.site.now()), Document.REGISTRY, (), (), session.person.id)


async def _order(connection: AsyncConnection, session: Session, form: Posted, found: Concerned) -> Order | None:
    """What the form says; None where it lacks its kind, its document or its day."""
    kind, document, on = form.text("kind"), form.text("document"), day_in(form, "on")
    if kind not in set(Kind) or document not in set(Document) or on is None:
        return None
    leaving = tuple(owner for owner in found.owners if form.text(f"leaves-{owner.id}"))
    arriving = [one async for one in _arriving(connection, session, form)]
    wanted = form.text("keeper") or session.person.id
    keeper = wanted if wanted in found.staff else ""
    return Order(Kind(kind), on, Document(document), leaving, tuple(arriving), session.person.id, keeper)


async def _arriving(connection: AsyncConnection, session: Session, form: Posted) -> AsyncIterator[Newcomer]:
    """The new owners: an address with an @ is one of mail, anything else a telephone number, nothing is a letter."""
    mail = session.site.mail
    for place in range(1, MOST_NEW + 1):
        name, contact = form.text(f"name-{place}")[:80], form.text(f"contact-{place}")[:200]
        if not name:
            continue
        by_mail = bool(mail) and "@" in contact
        known = await known_at(connection, mail, contact, name) if by_mail else None
        address = Address(mail, contact) if by_mail else None
        fresh = owner_key(form.text(f"id-{place}") or f"n-{secrets.token_hex(6)}")
        yield Newcomer(known or fresh, name, "" if by_mail else contact, address)


async def _carry_out(connection: AsyncConnection, session: Session, house_id: str, order: Order) -> None:
    """One transaction: the change, and the open cases as they go on with the owners that the house then has."""
    pins, now, leaving = session.site.store.pins, session.site.now(), [one.id for one in order.leaving]
    elsewhere = [house for person in leaving for house in await houses_ever(connection, person)]
    await lock_houses(connection, {house_id, *elsewhere})
    household = (await load_households(connection, [house_id]))[house_id]
    scenes = (await load_scenes_of(connection, {house_id: household}))[house_id]
    version = session.site.consent[session.language].version
    await commit(connection, pins, [passed(order, household, scenes, version)], now)
    await go_on(connection, session, house_id, leaving)


async def _undo(connection: AsyncConnection, session: Session, last: Recorded, found: Concerned) -> None:
    pins, now = session.site.store.pins, session.site.now()
    await lock_houses(connection, {last.house_id})
    await commit(connection, pins, [undone(last, found.people, session.person.id)], now)
    await go_on(connection, session, last.house_id, last.arriving)


async def go_on(connection: AsyncConnection, session: Session, house_id: str, leaving: Iterable[str]) -> None:
    """The open cases of a house with the owners that it has now."""
    pins, now = session.site.store.pins, session.site.now()
    households = await load_households(connection, [house_id])
    scenes = (await load_scenes_of(connection, households))[house_id]
    more = goes_on(scenes, frozenset(leaving), session.person.id, now)
    if scenes:
        await commit(connection, pins, [replace(more, house_id=house_id)], now)
