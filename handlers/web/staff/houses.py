"""One house, whole, and a letter that invites an owner of it to consent."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from bot.core.book.standing import standing_on
from bot.core.book.way import way_to
from bot.core.case import Phase
from bot.core.correction import standing_lapse
from bot.core.days import civil
from bot.core.notes import Noted
from bot.core.outcome import Deed, Mode, Outcome, Say
from bot.core.particulars import cared_by, risks
from bot.core.people import LETTER, of_named_staff
from handlers.web.chat import file_response
from handlers.web.note_form import shown
from handlers.web.staff.acting import back
from handlers.web.staff.entrance import StaffHere
from handlers.web.staff.letters import INVITATION
from storage.commit import commit
from storage.desk import names_of
from storage.households import load_households, lock_houses
from storage.notes import noted_at
from storage.standing import standing_sources
from storage.view import house_view, timeline
from templates.facts import Names

routes = APIRouter(include_in_schema=False)


@routes.get("/staff/houses/{house_id}")
async def show(session: StaffHere, house_id: str, lacking: str = "") -> HTMLResponse:
    site = session.site
    async with site.store.read() as connection:
        view = await house_view(connection, house_id)
        noted = await noted_at(connection, house_id)
        if view is None or noted is None:
            raise HTTPException(404)
        household = (await load_households(connection, [house_id]))[house_id]
        firms = {f"servicer:{view['house'][name]}" for name in ("servicer_id", "backup_servicer_id", "builder_id")}
        stored = (await standing_sources(connection, [house_id]))[house_id]
        people = await names_of(connection, firms | _concerned(view, noted))
    today = civil(site.now())
    names = Names(people=people, parts={item["code"]: item["part"] for item in view["plan"]})
    return session.page(
        "house",
        view=view,
        house=view["house"],
        way=way_to(view["house"], view["history"]),
        household=household,
        people=people,
        typed=shown(noted),
        notes=noted.kept,
        open_cases=[case for case in view["cases"] if case["phase"] != Phase.CLOSED],
        plan=[item for item in view["plan"] if item["current"]],
        consents=_consents(view),
        standing=(found := standing_on(stored, today, today)),
        risks=risks(found.reasons),
        correction=standing_lapse(view["facts"]),
        lacking=lacking,
        record=site.facts[session.language].tell(timeline(view), names),
    )


@routes.post("/staff/houses/{house_id}/invite")
async def invite(request: Request, session: StaffHere, house_id: str) -> Response:
    """A letter with the consent text, a QR to the person's page and a slip. It lies on the list of letters."""
    form = await session.posted(request)
    site, owner_id = session.site, form.text("owner")
    async with site.store.write() as connection:
        await lock_houses(connection, [house_id])
        household = (await load_households(connection, [house_id])).get(house_id)
        owner = next((one for one in household.owners if one.id == owner_id), None) if household else None
        if household is None or owner is None:
            raise HTTPException(404)
        version = site.consent[owner.language].version
        params = {"house": house_id, "version": version, "cared_by": cared_by(household)}
        say = Say(owner.id, INVITATION, params, Mode.PROMPT, channel=LETTER)
        deed = Deed("invitation_written", session.person.id, {"to": owner.id})
        await commit(connection, site.store.pins, [Outcome(house_id, deeds=(deed,), says=(say,))], site.now())
    return back("/staff/letters")


@routes.get("/staff/people/{person_id}/files/{ref:path}")
async def evidence(session: StaffHere, person_id: str, ref: str) -> Response:
    """A photo or document that somebody sent. Who it was is part of the address, so that the look names them."""
    if not session.site.files.belongs_to(person_id, ref):
        raise HTTPException(404)
    return await file_response(session.site, ref)


def _concerned(view: Mapping[str, Any], noted: Noted) -> set[str]:
    """Whom the page names beside companies."""
    return _colleagues(view) | {owner["id"] for owner in view["owners"]} | {one.told_by for one in noted.kept.values()}


def _colleagues(view: Mapping[str, Any]) -> set[str]:
    """Whoever of the staff the record tells of: the page says by name who proposed, signed or held something."""
    told = {fact["by"] for fact in view["facts"]}
    told |= {fact["data"][name] for fact in view["facts"] for name in ("of", "to") if name in fact["data"]}
    return {one for one in told if isinstance(one, str) and of_named_staff(one)}


def _consents(view: Mapping[str, Any]) -> dict[str, Any]:
    """The living consent of each owner, if there is one."""
    living = [row for row in view["mandates"] if row["withdrawn_on"] is None and row["mandate_on"]]
    owners = [owner["id"] for owner in view["owners"] if owner["until_on"] is None]
    return {owner: next((row for row in living if row["person_id"] == owner), None) for owner in owners}
