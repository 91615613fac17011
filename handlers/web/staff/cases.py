"""One case, whole: whose move it is and why, what was said, what the record says, and what staff can do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from bot.core.action import Action, read_action
from bot.core.case import Report, Scene
from bot.core.days import civil
from bot.core.milestones import named
from bot.core.particulars import risks
from bot.core.people import Person, Role
from bot.core.said import beside
from bot.core.unreached import ways_on
from handlers.keyed import Word
from handlers.web.forms import Posted
from handlers.web.site import Site
from handlers.web.staff.acting import act, back, day_in
from handlers.web.staff.entrance import StaffHere
from handlers.web.staff.session import Session, answered
from handlers.web.talk import Bubble, bubbles, rendered
from storage.cases import load_scenes
from storage.chat import Heard, Told, lines, texts_of
from storage.companies import associations_for, ranked_for
from storage.concern import case_house
from storage.desk import names_of, phones_of
from storage.files import Files
from storage.households import load_households
from storage.letters import why_returned
from storage.transfers import staff_members
from storage.view import house_facts, messages_about
from templates.facts import Line, Names

routes = APIRouter(include_in_schema=False)
LAST = 6  # lines of a talk that a case shows
# What somebody may have said on the telephone or on a slip, by their role.
SAYINGS: Mapping[Role, tuple[str, ...]] = {
    Role.OWNER: ("done_ok", "done_issues", "not_yet", "fix", "wish", "later", "human"),
    Role.SERVICER: ("done_ok", "done_issues", "not_yet", "fix", "later", "cannot"),
}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the people concerned: how to call them, and the last that was said."""

    person: Person
    phone: str
    bubbles: tuple[Bubble, ...]
    sayings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recorded:
    """The record of a case in sentences, the reasons that staff gave in words of their own, and of two sides that do
    not agree what was said beside the reports."""

    record: list[Line]
    reasons: list[str]
    beside: list[Line]


@routes.get("/staff/case/{case_id}")
async def show(session: StaffHere, case_id: str, said: str = "") -> HTMLResponse:
    site = session.site
    async with site.store.read() as connection:
        scene = await scene_of(connection, case_id)
        household = scene.household
        sides = [await _side(connection, site, person, case_id) for person in people_of(scene)]
        others = await ranked_for(connection, household.house, civil(site.now()))
        associations = await associations_for(connection, household.house)
        told = await _told(connection, session, scene)
        messages = await messages_about(connection, case_id)
        why = await why_returned(connection, scene.case.house_id)
        team = await staff_members(connection)
        concerned = {scene.case.holder, scene.case.risk.proposed_by if scene.case.risk else ""}
        concerned |= {household.keeper, *(one.person.id for one in household.near)}
        names = await names_of(connection, concerned | {one["person_id"] for one in messages})
        phones = await phones_of(connection, {owner.id for owner in household.owners} | concerned)
    return session.page(
        "case",
        scene=scene,
        case=scene.case,
        household=household,
        sides=sides,
        names_of_sides={side.person.id: side.person.name for side in sides},
        others=others,
        associations=associations,
        told=told,
        names=names,
        team=team,
        messages=messages,
        said=site.facts[session.language].said,
        named=named,
        ways=ways_on(household, {person_id for person_id, phone in phones.items() if phone}),
        came_back=why,
        called=list(site.renderer.catalogue.words[session.language]["called"]),
        risks=risks(scene.case.risk.reasons) if scene.case.risk else [],
        answered=await answered(session, said),
        here=site.channel,
        sender=partial(_sender, site.files, list(team)),
    )


@routes.post("/staff/case/{case_id}")
async def do(request: Request, session: StaffHere, case_id: str) -> Response:
    form = await session.posted(request)
    async with session.site.store.read() as connection:
        scene = await scene_of(connection, case_id)
    verb = form.text("verb")
    if verb not in ARGUMENTS:
        raise HTTPException(400)
    arg = ARGUMENTS[verb](session, form)
    if arg is None:
        return back(f"/staff/case/{case_id}")
    text = form.text(TYPED[verb]) if verb in TYPED else ""
    action = Action(verb, case_id, scene.case.round, arg)
    return back(f"/staff/case/{case_id}", await act(session, form, action, text))


def _sender(files: Files, team: Sequence[str], report: Report, ref: str) -> str:
    """Who sent a file of a report: whose report it is, or who of the staff wrote it down for them."""
    return next((one for one in (report.person_id, *team) if files.belongs_to(one, ref)), report.person_id)


async def scene_of(connection: AsyncConnection, case_id: str) -> Scene:
    house_id = await case_house(connection, case_id)
    if house_id is None:
        raise HTTPException(404)
    households = await load_households(connection, [house_id])
    return (await load_scenes(connection, [case_id], households))[case_id]


def people_of(scene: Scene) -> list[Person]:
    household = scene.household
    return [*household.owners, *([household.servicer] if household.servicer else [])]


async def _side(connection: AsyncConnection, site: Site, person: Person, case_id: str) -> Side:
    about = [line for line in await lines(connection, person.id) if _about(line, case_id)]
    talk = rendered(site.renderer, person, about[-LAST:])
    phone = (await phones_of(connection, {person.id})).get(person.id, "")
    return Side(person, phone, tuple(bubbles(talk, frozenset())), SAYINGS[person.role])


def _about(line: Told | Heard, case_id: str) -> bool:
    """Free words may be about any case; they are shown with each."""
    if isinstance(line, Told):
        return any(part["case"] == case_id for part in line.parts)
    action = read_action(line.action)
    return action is None or action.case_id in ("", case_id)


async def _told(connection: AsyncConnection, session: Session, scene: Scene) -> Recorded:
    facts = [fact for fact in await house_facts(connection, scene.case.house_id) if fact["case_id"] == scene.case.id]
    people = {person.id: person.name for person in people_of(scene)}
    names = Names(people=people, parts={work.code: work.part for work in scene.works})
    texts = await texts_of(connection, set(map(_source, facts)))
    reasons = [texts[source] for source in map(_source, facts) if texts.get(source)]
    words = session.site.facts[session.language]
    against = beside(facts, {report.person_id for report in scene.case.reports}) if in_dispute(scene) else ()
    return Recorded(words.tell(facts, names), reasons, words.tell(against, names))


def in_dispute(scene: Scene) -> bool:
    return scene.case.matter is not None and scene.case.matter.reason == "disagreement"


def _source(fact: Mapping[str, Any]) -> int:
    """The inbound row that holds the words behind a fact; 0 where there are none."""
    kind, _, number = str(fact["data"].get("why", "")).partition(":")
    return int(number) if kind == "inbound" and number.isdigit() else 0


def _nothing(session: Session, form: Posted) -> str | None:
    return ""


def _called(session: Session, form: Posted) -> str | None:
    known = session.site.renderer.catalogue.words[session.language]["called"]
    return form.text("result") if form.text("result") in known else None


def _colleague(session: Session, form: Posted) -> str | None:
    return form.text("colleague").removeprefix("staff:")[:80] or None


def _days(session: Session, form: Posted) -> str | None:
    until = day_in(form, "until")
    days = (until - civil(session.site.now())).days if until else 0
    return str(days) if 0 < days < 1000 else None


def _servicer(session: Session, form: Posted) -> str | None:
    return form.text("servicer") or None


def _reason(session: Session, form: Posted) -> str | None:
    return "" if form.text("reason") else None


def _words(session: Session, form: Posted) -> str | None:
    return "" if form.text("words").strip() else None


def _fee(session: Session, form: Posted) -> str | None:
    return "" if form.text("fee").strip() else None


def _partner(session: Session, form: Posted) -> str | None:
    return form.text("partner") or None


def _decision(session: Session, form: Posted) -> str | None:
    side, result = form.text("side"), form.text("result")
    if side not in (Role.OWNER, Role.SERVICER):
        return None
    return f"{side}={result}" if result in ("ok", "issues") else side


def _word(session: Session, form: Posted) -> str | None:
    """Who said what, when: from the telephone."""
    person_id, _, verb = form.text("who").partition("|")
    return str(Word("phone", verb, day_in(form, "day"), person_id)) if verb and person_id else None


ARGUMENTS = {
    "take": _nothing,
    "release": _nothing,
    "pass_on": _colleague,
    "called": _called,
    "snooze": _days,
    "assign": _servicer,
    "ask_association": _servicer,
    "close": _reason,
    "decide": _decision,
    "settled": _nothing,
    "said": _word,
    "talk": _partner,
    "write": _words,
    "hand_back": _nothing,
    "their_yes": _fee,
    "their_no": _nothing,
    "call_off": _nothing,
    "agree": _nothing,
    "disagree": _nothing,
    "lapse": _nothing,
    "lapse_confirm": _nothing,
    "lapse_drop": _nothing,
}
TYPED = {"close": "reason", "write": "words", "their_yes": "fee"}  # the field that goes along as words
