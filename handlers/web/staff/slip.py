"""Slips that came back by post: the six digits name the letter, and what is ticked counts as that person's word."""

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from bot.core.action import Action
from bot.core.people import role_of
from handlers.keyed import Printed, Word, on_paper
from handlers.web.forms import Posted
from handlers.web.staff.acting import act, back, day_in
from handlers.web.staff.cases import SAYINGS
from handlers.web.staff.entrance import StaffHere
from handlers.web.staff.letters import INVITATION, written_to
from handlers.web.staff.looking import saw
from handlers.web.staff.session import Session, answered
from storage.commit import commit
from storage.households import load_households, lock_houses
from storage.letters import Letter, by_code
from storage.people import load_people
from templates.forms import plain

routes = APIRouter(include_in_schema=False)
CONSENTS = ("consent", "decline")


@routes.get("/staff/slip")
async def show(session: StaffHere, code: str = "", said: str = "") -> HTMLResponse:
    row = await _letter(session, code)
    await saw(session, written_to(row) if row is not None else ())
    message = session.site.renderer.render(row.parts, row.language, row.name) if row is not None else None
    return session.page(
        "slip",
        code=plain(code)[:20],
        row=row,
        message=message,
        sayings=_sayings(row) if row is not None else (),
        answered=await answered(session, said),
    )


@routes.post("/staff/slip")
async def key_in(request: Request, session: StaffHere) -> Response:
    form = await session.posted(request)
    row = await _letter(session, form.text("code"))
    verb = form.text("saying")
    if row is None or verb not in _sayings(row):
        raise HTTPException(404)
    if verb in CONSENTS:
        await _consented(session, row, verb)
        return back("/staff/slip")
    return back("/staff/slip", await _worded(session, form, row, verb))


async def _worded(session: Session, form: Posted, row: Letter, verb: str) -> str:
    word = Word("letter", verb, day_in(form, "day"), row.person_id, row.code)
    return await act(session, form, Action("said", row.case_id, arg=str(word)))


async def _consented(session: Session, row: Letter, verb: str) -> None:
    """A tick under the printed consent: the version that was on the paper, as long as it is the one in force."""
    site, now, house_id = session.site, session.site.now(), row.house_id
    text = site.consent[row.language]
    if row.parts[0]["params"]["version"] != text.version:
        raise HTTPException(403)
    printed = Printed(row.code, text.version, text.hash, session.person.id)
    async with site.store.write() as connection:
        await lock_houses(connection, [house_id])
        household = (await load_households(connection, [house_id]))[house_id]
        owner = (await load_people(connection, [row.person_id]))[row.person_id]
        await commit(connection, site.store.pins, [on_paper(owner, household, verb, printed, now)], now)


def _sayings(row: Letter) -> tuple[str, ...]:
    """What may be ticked on this letter's slip."""
    return CONSENTS if row.parts[0]["kind"] == INVITATION else SAYINGS[role_of(row.person_id)]


async def _letter(session: Session, code: str) -> Letter | None:
    code = "".join(char for char in code if char.isdigit())
    if len(code) != 6:
        return None
    async with session.site.store.read() as connection:
        row = await by_code(connection, code)
    return row if row is not None and row.parts else None
