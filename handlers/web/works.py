"""A company's works on one page: this month's first; many are reported, or given days, at once.

What is chosen is read back before anything is kept. Each line then goes the way of an answer in the talk, as an event
of its own, so a line that cannot be is refused by itself, and the same form sent twice is the same events.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from bot.core.action import Action
from bot.core.case import Result, Scene
from bot.core.days import civil
from bot.core.people import Role
from bot.core.roster import MOST_DAYS, Line, Said, kept, line_of, offered, parted, shown, wrong_offer, wrong_report
from handlers.web.forms import Posted, posted, stamp
from handlers.web.in_place import put
from handlers.web.lapsed import lapsed_page, renewed
from handlers.web.said import event_of, said
from handlers.web.site import Site, SiteHere, page
from handlers.web.visitor import Visitor, visitor_of
from storage.concern import MOST
from storage.roster import ahead_for, lines_for, scenes_for, waiting_for_consent
from storage.sheets import spend

routes = APIRouter(include_in_schema=False)
MOST_FIELDS = MOST * 5 + 20
VERBS = {Result.OK: "done_ok", Result.ISSUES: "done_issues"}


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody chose for one visit. ``round`` is the one in which it was read back; None before that."""

    case_id: str
    said: Said
    round: int | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """One chosen visit as it is read back, or as it stands afterwards: ``wrong`` says why not."""

    case_id: str
    line: Line | None
    said: Said
    wrong: str = ""


@routes.get("/c/{token}/works")
async def show(site: SiteHere, token: str, month: str = "", town: str = "") -> Response:
    async with site.store.read() as connection:
        visitor = await visitor_of(connection, site.links, token, site.now())
        if visitor.lapsed:
            return await lapsed_page(connection, site, visitor)
        company = company_of(visitor)
        lines = await lines_for(connection, company)
        ahead, waiting = await ahead_for(connection, company), await waiting_for_consent(connection, company)
    found, today = shown(lines, month, town), civil(site.now())
    return works_page(
        site,
        visitor,
        "works",
        parts=parted(found, today),
        ahead=[one for one in ahead if month in ("", f"{one.on:%Y-%m}") and town in ("", one.town)],
        waiting=waiting,
        full=len(lines) >= MOST,
        months=sorted({line.on.replace(day=1) for line in lines}),
        towns=sorted({line.town for line in lines if line.town} | {one.town for one in ahead if one.town}),
        month=month,
        town=town,
        days=range(1, MOST_DAYS + 1),
    )


@routes.post("/c/{token}/works")
async def check(request: Request, site: SiteHere, token: str) -> Response:
    """Reads back what was chosen; nothing is kept yet."""
    async with site.store.read() as connection:
        visitor = await visitor_of(connection, site.links, token, site.now())
    form = await posted(request, site.links, visitor.person.id, MOST_FIELDS)
    if visitor.lapsed:
        return await renewed(site, visitor)
    return await _read_back(site, visitor, form)


@routes.post("/c/{token}/works/keep")
async def keep(request: Request, site: SiteHere, token: str) -> Response:
    """Each line that was read back becomes an event of its own."""
    async with site.store.read() as connection:
        visitor = await visitor_of(connection, site.links, token, site.now())
    form = await posted(request, site.links, visitor.person.id, MOST_FIELDS)
    if visitor.lapsed:
        return await renewed(site, visitor)
    chosen, days, today = choices(form), days_of(form), civil(site.now())
    offers = form.text("do") == "offer"
    await _say_all(site, visitor, form)
    scenes = await _scenes(site, visitor, chosen)
    lines = []
    for choice in chosen:
        scene = scenes.get(choice.case_id)
        lines.append(_checked(visitor, choice, scene, _stands(choice, scene, days if offers else (), today)))
    if not offers:
        await _spend(site, visitor, [line.case_id for line in lines if not line.wrong])
    return works_page(site, visitor, "works_kept", lines=lines, offers=offers, days=days)


def works_page(site: Site, visitor: Visitor, name: str, **known: Any) -> HTMLResponse:
    """A page of the company's, with the stamp that its forms need."""
    person, today = visitor.person, civil(site.now())
    form = stamp(site.links, person.id)
    return page(site, name, person.language, visitor=visitor, stamp=form, today=today, **known)


def company_of(visitor: Visitor) -> str:
    """404 for whoever is no company."""
    if visitor.person.role is not Role.SERVICER or visitor.lapsed:
        raise HTTPException(404)
    return visitor.person.id


async def _read_back(site: Site, visitor: Visitor, form: Posted) -> Response:
    chosen, days, today = choices(form), days_of(form), civil(site.now())
    offers = form.text("do") == "offer"
    scenes = await _scenes(site, visitor, chosen)
    lines = []
    for choice in chosen:
        scene = scenes.get(choice.case_id)
        wrong = wrong_offer(scene, days, today) if offers else wrong_report(scene, choice.said, today)
        lines.append(_checked(visitor, choice, scene, wrong))
    # Where scripts run it is read back beneath the list, whose ticks and days stay to be mended.
    return put(works_page(site, visitor, "works_check", lines=lines, offers=offers, days=days), "#read-back", "#check")


async def _scenes(site: Site, visitor: Visitor, chosen: Sequence[Choice]) -> Mapping[str, Scene]:
    async with site.store.read() as connection:
        return await scenes_for(connection, company_of(visitor), {choice.case_id for choice in chosen})


async def _spend(site: Site, visitor: Visitor, case_ids: Sequence[str]) -> None:
    """What stands for these works on paper serves no more."""
    async with site.store.write() as connection:
        await spend(connection, visitor.person.id, case_ids, site.now())


def _checked(visitor: Visitor, choice: Choice, scene: Scene | None, wrong: str) -> Checked:
    return Checked(choice.case_id, line_of(scene, visitor.person.id) if scene else None, choice.said, wrong)


def _stands(choice: Choice, scene: Scene | None, days: Sequence[date], today: date) -> str:
    """Why it does not stand now, as a code; empty where it does: a second click finds what the first has kept."""
    if offered(scene, days) if days else kept(scene, choice.said):
        return ""
    return (wrong_offer(scene, days, today) if days else wrong_report(scene, choice.said, today)) or "changed"


async def _say_all(site: Site, visitor: Visitor, form: Posted) -> None:
    """Every line that can be, in the round in which it was read back."""
    chosen, today = choices(form), civil(site.now())
    offers, days = form.text("do") == "offer", days_of(form)
    scenes = await _scenes(site, visitor, chosen)
    for choice in chosen:
        scene = scenes.get(choice.case_id)
        wrong = wrong_offer(scene, days, today) if offers else wrong_report(scene, choice.said, today)
        if not wrong and choice.round is not None:
            await _say(site, visitor, form, _action(choice, days if offers else ()))


async def _say(site: Site, visitor: Visitor, form: Posted, action: Action) -> None:
    person = visitor.person
    label = site.pages.words[person.language]["works"]["label"][action.verb]
    event_id = form.event_id(person.id, str(action))
    await said(site, event_of(site, person.id, event_id, action=str(action), label=label))


def _action(choice: Choice, days: Sequence[date]) -> Action:
    if days:
        return Action("offer_these", choice.case_id, choice.round or 0, ",".join(day.isoformat() for day in days))
    day = choice.said.day.isoformat() if choice.said.day else ""
    return Action(VERBS[choice.said.result], choice.case_id, choice.round or 0, day)


def choices(form: Posted) -> list[Choice]:
    """The visits that are ticked, each with the day and result beside it."""
    ids = [name.removeprefix("on-") for name in form.fields if name.startswith("on-")]
    return [Choice(it, said_in(form, it), _round(form.text(f"round-{it}"))) for it in ids[:MOST]]


def said_in(form: Posted, name: str) -> Said:
    result = Result.ISSUES if form.text(f"result-{name}") == Result.ISSUES else Result.OK
    return Said(day_of(form.text(f"day-{name}")), result)


def days_of(form: Posted) -> list[date]:
    """The days that are proposed, each once."""
    found = (day_of(form.text(f"offer-{number}")) for number in range(1, MOST_DAYS + 1))
    return sorted({day for day in found if day is not None})


def day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _round(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None
