"""The demo's page: one house, three people's chats side by side, a clock to wind, and what the record says."""

import tomllib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from itertools import groupby
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import Phase
from bot.core.days import civil
from bot.core.links import PERSON, Links
from bot.core.people import STAFF_DESK, Role, role_of, servicer_key
from handlers.web.elsewhere import LIST, REVIEW, Elsewhere, elsewhere_routes
from handlers.web.forms import Posted, posted, stamp
from handlers.web.site import Site, SiteHere, page
from storage.audit import audit
from storage.tables import people
from storage.view import house_view, timeline
from templates.catalogue import LANGUAGES
from templates.facts import Line, Names

PATH = "/demo"
SHOWN_TO = "demo"  # in the stamp of its forms
HOW = ("day", "week", "event")
MOST_DAYS = 400  # that one press may wind
TABS = (Role.OWNER, Role.SERVICER, Role.STAFF, "record")  # on a phone, where one screen is shown at a time
NEWEST = "#newest"  # where a chat opens, also without scripts
View = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Demo:
    """What the page needs beside the site, handed in by the command.

    ``wind`` lets time pass at every house, as far as HOW says, and tells whether anything happened at the one given.
    ``speak`` has everybody written to in that language. ``begin_again`` lays the houses anew.
    """

    houses: tuple[str, ...]
    wind: Callable[[str, str], Awaitable[bool]]
    speak: Callable[[str], Awaitable[None]]
    begin_again: Callable[[], Awaitable[None]]
    elsewhere: Elsewhere


@dataclass(frozen=True, slots=True)
class Card:
    """A house as it is offered for choice. ``role`` is of whoever moves next; empty while nobody has to."""

    id: str
    role: str
    mover: str
    date_is: str  # what the date is: due, visit or next_due
    date: date | None


@dataclass(frozen=True, slots=True)
class Phone:
    """One person's chat in its frame."""

    role: Role
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Day:
    """What the record says of one day, the newest first."""

    on: date
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks to see; anything else than there is stands for the first."""

    house: str = ""
    lang: str = ""
    tab: str = ""
    quiet: bool = False

    @property
    def language(self) -> str:
        return self.lang if self.lang in LANGUAGES else LANGUAGES[0]


def demo_routes(demo: Demo) -> APIRouter:
    """The page and what its buttons do."""
    router = APIRouter(prefix=PATH, include_in_schema=False)
    _showing(router, demo)
    _pressing(router, demo)
    whole = APIRouter(include_in_schema=False)
    whole.include_router(router)
    whole.include_router(elsewhere_routes(demo.elsewhere))
    return whole


def _showing(router: APIRouter, demo: Demo) -> None:
    words = {language: _words(language) for language in LANGUAGES}

    @router.get("")
    async def show(site: SiteHere, wanted: Annotated[Wanted, Depends()]) -> HTMLResponse:
        chosen = wanted.house if wanted.house in demo.houses else demo.houses[0]
        async with site.store.read() as connection:
            shown = await _shown(connection, site, demo.houses, chosen, wanted.language)
        shown |= {"stamp": stamp(site.links, SHOWN_TO), "quiet": wanted.quiet, "most": MOST_DAYS}
        shown |= {"tabs": TABS, "tab": wanted.tab if wanted.tab in TABS else TABS[0]}
        return page(site, "demo", wanted.language, t=words[wanted.language], **shown)

    @router.get("/left")
    async def left(site: SiteHere, wanted: Annotated[Wanted, Depends()]) -> HTMLResponse:
        return page(site, "demo_left", wanted.language, t=words[wanted.language])


def _pressing(router: APIRouter, demo: Demo) -> None:
    @router.post("/wind")
    async def wind(request: Request, site: SiteHere) -> RedirectResponse:
        form = await posted(request, site.links, SHOWN_TO)
        house, how = form.text("house"), form.text("how")
        happened = house in demo.houses and how in HOW and await demo.wind(how, house)
        quiet = {} if happened or how != HOW[-1] else {"quiet": "1"}
        return _back(house, form.text("lang"), tab=form.text("tab"), **quiet)

    @router.post("/again")
    async def again(request: Request, site: SiteHere) -> RedirectResponse:
        form = await posted(request, site.links, SHOWN_TO)
        await demo.begin_again()
        return await _spoken(demo, form)

    @router.post("/language")
    async def language(request: Request, site: SiteHere) -> RedirectResponse:
        return await _spoken(demo, await posted(request, site.links, SHOWN_TO))


async def _spoken(demo: Demo, form: Posted) -> RedirectResponse:
    """Back to the page, with everybody written to in the language that was asked for."""
    if form.text("lang") in LANGUAGES:
        await demo.speak(form.text("lang"))
    return _back(form.text("house"), form.text("lang"))


def _words(language: str) -> Mapping[str, Any]:
    return tomllib.loads((files("templates") / language / "pages" / "demo.toml").read_text("utf-8"))


def _back(house: str, language: str, **more: str) -> RedirectResponse:
    return RedirectResponse(f"{PATH}?{urlencode({'house': house, 'lang': language} | more)}", status_code=303)


async def _shown(
    connection: AsyncConnection, site: Site, houses: Sequence[str], chosen: str, language: str
) -> dict[str, Any]:
    """Everything the page shows, as it stands now."""
    views = {house_id: await _view(connection, house_id) for house_id in houses}
    view, now = views[chosen], site.now()
    names = {row.id: row.name for row in await connection.execute(select(people.c.id, people.c.name))}
    sound = not [finding async for finding in audit(connection, site.store.pins.seal, now)]
    parts = {item["code"]: item["part"] for item in view["plan"]}
    cards = {house_id: _card(house, names) for house_id, house in views.items()}
    return {
        "now": now,
        "cards": cards.values(),
        "settled": not cards[chosen].role,
        "chosen": chosen,
        "house": view["house"],
        "phones": _phones(site.links, view, names, language),
        "days": _days(site.facts[language].tell(timeline(view), Names(names, parts))),
        "sound": sound,
        "links": _links(site.links, view, language),
    }


async def _view(connection: AsyncConnection, house_id: str) -> View:
    view = await house_view(connection, house_id)
    if view is None:
        raise LookupError(f"the demo has no house {house_id}")
    return view


def _card(view: View, names: Mapping[str, str]) -> Card:
    """Whose move it is at a house and until when; without an open case, when the next one comes."""
    house_id = view["house"]["id"]
    still = [case for case in view["cases"] if case["phase"] != Phase.CLOSED]
    case = min(still, key=lambda case: case["target_on"], default=None)
    if case is None:
        days = [item["next_due_on"] for item in view["plan"] if item["current"] and item["next_due_on"]]
        return Card(house_id, "", "", "next_due", min(days, default=None))
    fixed = case["phase"] != Phase.ARRANGING and case["visit_on"] is not None
    is_a, day = ("visit", case["visit_on"]) if fixed else ("due", case["target_on"])
    return Card(house_id, role_of(case["holder"]), names.get(case["holder"], ""), is_a, day)


def _phones(links: Links, view: View, names: Mapping[str, str], language: str) -> list[Phone]:
    """The three chats; whoever had everything about them erased has none any more."""
    owner, servicer = view["owners"][0], servicer_key(view["house"]["servicer_id"])
    phones = [
        Phone(role_of(person_id), names.get(person_id, ""), f"/c/{links.token(PERSON, person_id)}{NEWEST}")
        for person_id in (owner["id"], servicer, STAFF_DESK)
    ]
    if owner["erased_on"]:
        phones[0] = Phone(Role.OWNER, "", f"{PATH}/left?{urlencode({'lang': language})}")
    return phones


def _links(links: Links, view: View, language: str) -> dict[str, str]:
    """To what else there is to see, by the name of its words; an owner who was erased has no record page."""
    owner = view["owners"][0]
    record = {} if owner["erased_on"] else {"record": f"/c/{links.token(PERSON, owner['id'])}/record"}
    return record | {"list": LIST, "review": REVIEW}


def _days(lines: Iterable[Line]) -> list[Day]:
    newest_first = list(lines)[::-1]
    return [Day(on, tuple(told)) for on, told in groupby(newest_first, lambda line: civil(line.at))]
