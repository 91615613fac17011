"""The switch that stops sending: for everything, for a channel or for a servicer, always with a reason."""

from fastapi import APIRouter, Request
from sqlalchemy import select
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from bot.core.outcome import Change, Deed, Outcome
from bot.core.people import LETTER
from handlers.web.staff.acting import back
from handlers.web.staff.entrance import StaffHere
from handlers.web.staff.session import Session
from storage.commit import commit
from storage.desk import active_pauses, names_of
from storage.tables import people
from storage.view import pause_facts
from templates.facts import Names

routes = APIRouter(include_in_schema=False)
ALL = "all"
MOST = 300  # servicers in the list
SHOWN = 30  # lines of the record


@routes.get("/staff/pause")
async def show(session: StaffHere) -> HTMLResponse:
    site = session.site
    async with site.store.read() as connection:
        active = await active_pauses(connection, site.now())
        query = select(people.c.id, people.c.name).where(people.c.id.like("servicer:%"))
        firms = (await connection.execute(query.order_by(people.c.name).limit(MOST))).all()
        told = (await pause_facts(connection))[-SHOWN:]
        named = {fact["by"] for fact in told} | {fact["data"]["scope"] for fact in told}
        names = Names(people=await names_of(connection, named))
    channels = site.renderer.catalogue.words[session.language]["channels"]
    # A letter is not sent by us: who prints it decides.
    scopes = {f"channel:{name}": label for name, label in channels.items() if name != LETTER}
    record = site.facts[session.language].tell(told, names)
    return session.page("pause", active=active, scopes=scopes, firms={row.id: row.name for row in firms}, record=record)


@routes.post("/staff/pause")
async def pause(request: Request, session: StaffHere) -> Response:
    """The reason may hold a name, so the record keeps its digest and the list its words."""
    form = await session.posted(request)
    scope, reason = form.text("scope"), form.text("reason")[:500]
    if not reason or not _is_scope(scope):
        raise HTTPException(400)
    if scope not in await _scopes(session):
        data = {"scope": scope, "reason": session.site.store.pins.seal.digest(reason)}
        change = Change("paused", {"scope": scope, "reason": reason, "by": session.person.id})
        await _commit(session, Deed("sending_paused", session.person.id, data), change)
    return back("/staff/pause")


@routes.post("/staff/resume")
async def resume(request: Request, session: StaffHere) -> Response:
    """What waited goes out joined, as the outbox always does."""
    form = await session.posted(request)
    scope = form.text("scope")
    if _is_scope(scope) and scope in await _scopes(session):
        deed = Deed("sending_resumed", session.person.id, {"scope": scope})
        await _commit(session, deed, Change("unpaused", {"scope": scope}))
    return back("/staff/pause")


def _is_scope(scope: str) -> bool:
    kind, _, name = scope.partition(":")
    return scope == ALL or (kind in ("channel", "servicer") and bool(name))


async def _scopes(session: Session) -> set[str]:
    async with session.site.store.read() as connection:
        return {row.scope for row in await active_pauses(connection, session.site.now())}


async def _commit(session: Session, deed: Deed, change: Change) -> None:
    site = session.site
    async with site.store.write() as connection:
        outcome = Outcome(deeds=(deed,), changes=(change,))
        await commit(connection, site.store.pins, [outcome], site.now())
