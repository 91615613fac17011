"""Many cases of the staff's list at once: taken, given back, or passed on to a colleague.

Each ticked line goes the way of a press at its own case, as an event of its own: one that cannot be refuses itself
alone, and the same form sent twice is the same events.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse

from bot.core.action import Action
from bot.core.case import Scene
from bot.core.passing import wrong_pass, wrong_release, wrong_take
from bot.core.people import Person
from handlers.web.forms import Posted
from handlers.web.said import event_of, said
from handlers.web.site import Site
from handlers.web.staff.desk import list_from
from handlers.web.staff.entrance import StaffHere, staff_member
from handlers.web.staff.session import Session
from storage.cases import load_scenes
from storage.concern import houses_of_cases
from storage.desk import names_of
from storage.households import load_households
from storage.transfers import staff_members
from storage.waiting import lines_of_cases, people_in

routes = APIRouter(include_in_schema=False)
MOST = 100
MOST_FIELDS = 2 * MOST + 20  # more lines than may be moved are read, to say that they are too many
Wrong = Callable[[Scene, Person, Person | None], str]
DO: Mapping[str, Wrong] = {
    "take": lambda scene, me, colleague: wrong_take(scene, me),
    "release": lambda scene, me, colleague: wrong_release(scene, me),
    "pass_on": wrong_pass,
}


@dataclass(frozen=True, slots=True)
class Move:
    """What is done with all of them, and to whom they go, where it is a colleague."""

    verb: str
    colleague: Person | None = None

    def action(self, scene: Scene) -> Action:
        arg = self.colleague.id.partition(":")[2] if self.colleague else ""
        return Action(self.verb, scene.case.id, scene.case.round, arg)

    def holder(self, me: Person) -> str:
        """Who has taken it afterwards; nobody where it was given back."""
        return self.colleague.id if self.colleague else me.id if self.verb == "take" else ""


@dataclass(frozen=True, slots=True)
class Moved:
    """One ticked line as it stands afterwards: ``wrong`` says why it was not moved."""

    case_id: str
    reason: str
    wrong: str


@routes.post("/staff/many")
async def do(request: Request, session: StaffHere) -> HTMLResponse:
    form = await session.posted(request, MOST_FIELDS)
    if form.text("do") not in DO:
        raise HTTPException(400)
    chosen = [name.removeprefix("on-") for name in form.fields if name.startswith("on-")]
    shown: dict[str, Any] = {"too_many": len(chosen) > MOST, "here": list_from(form)}
    if len(chosen) > MOST:
        return session.page("many", lines=[], rows={}, deed=None, **shown)
    deed = await _deed(session, form)
    refused = await _say_all(session, form, deed, chosen)
    scenes = await _scenes(session.site, chosen)
    lines = [_moved(session.person, deed, scenes.get(it), (it, refused.get(it, ""))) for it in chosen]
    return session.page("many", lines=lines, deed=deed, **shown, **await _rows(session, chosen))


async def _rows(session: Session, chosen: Sequence[str]) -> dict[str, Any]:
    """The lines of the list as they stand now, to be put in the place of those that were pressed."""
    async with session.site.store.read() as connection:
        rows = {line.id: line for line in await lines_of_cases(connection, chosen)}
        names = await names_of(connection, people_in(list(rows.values())))
        return {"rows": rows, "names": names, "team": await staff_members(connection)}


async def _deed(session: Session, form: Posted) -> Move:
    if form.text("do") != "pass_on":
        return Move(form.text("do"))
    async with session.site.store.read() as connection:
        return Move("pass_on", await staff_member(connection, form.text("colleague")[:80]))


async def _say_all(session: Session, form: Posted, deed: Move, chosen: Sequence[str]) -> dict[str, str]:
    """Every line that can be; those that cannot, each with why."""
    refused = {}
    label = session.site.pages.words[session.language]["staff"]["verbs"][deed.verb]
    scenes = await _scenes(session.site, chosen)
    for case_id in chosen:
        scene = scenes.get(case_id)
        wrong = DO[deed.verb](scene, session.person, deed.colleague) if scene else "over"
        if wrong or scene is None:
            refused[case_id] = wrong
            continue
        action = str(deed.action(scene))
        event_id = form.event_id(session.person.id, action)
        await said(session.site, event_of(session.site, session.person.id, event_id, action=action, label=label))
    return refused


async def _scenes(site: Site, case_ids: Sequence[str]) -> dict[str, Scene]:
    """Those of the cases that are open."""
    async with site.store.read() as connection:
        households = await load_households(connection, await houses_of_cases(connection, case_ids))
        found = await load_scenes(connection, case_ids, households)
    return {case_id: scene for case_id, scene in found.items() if scene.case.open}


def _moved(me: Person, deed: Move, scene: Scene | None, before: tuple[str, str]) -> Moved:
    """``before``: its id, and why it could not be moved. Where it lies already there, that is said."""
    case_id, wrong = before
    matter = scene.case.matter if scene else None
    if matter is None:
        return Moved(case_id, "", wrong or "over")
    stands = matter.taken_by == deed.holder(me)
    if wrong:
        return Moved(case_id, matter.reason, "own" if wrong == "right" and stands and deed.colleague else wrong)
    return Moved(case_id, matter.reason, "" if stands else "changed")
