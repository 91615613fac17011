"""Any message for any house, as each channel would show it. Nothing is sent, and nothing is written but the look."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.core.days import civil
from bot.core.delivery import Envelope, Shape
from bot.core.house import Household
from bot.core.message import Message
from bot.core.outcome import Mode
from bot.core.particulars import about
from bot.core.people import LETTER, Role
from handlers.web.site import Site
from handlers.web.staff.entrance import StaffHere
from handlers.web.staff.letters import INVITATION, with_consent
from handlers.web.staff.session import Session
from storage.cases import load_scenes
from storage.households import load_households
from storage.letters import postal
from storage.preview import newest_case
from templates.catalogue import LANGUAGES
from templates.letter import LetterPage, letter
from templates.sample import Samples, used

routes = APIRouter(include_in_schema=False)
PATH, OF_HOUSE = "/staff/preview", "/staff/houses/{house_id}/preview"
KEY = "00000000-0000-0000-0000-000000000000"  # of no row
CODE = "000000"  # under which nothing is found
FIRST = "owner_ask"
SAMPLE = "H-0000"  # the house of the samples
REPLY = "reply"


class Asked(NamedTuple):
    """What is to be shown: a kind of message in a language, in the form of one channel, a letter or a page of ours."""

    kind: str
    language: str
    form: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The message, with the person whom it would be said to, and which facts are only samples."""

    message: Message
    name: str
    sampled: tuple[str, ...]
    house_id: str
    place: tuple[str, str]  # postcode and address


@routes.get(PATH)
async def show(
    session: StaffHere, kind: str = FIRST, language: str = "ja", form: str = "", house: str = ""
) -> Response:
    """With samples alone, or on to the page of a house, where the look is put on record."""
    asked = _asked(session.site, Asked(kind, language, form))
    if house.strip():
        there = OF_HOUSE.format(house_id=quote(house.strip()[:64], safe=""))
        return RedirectResponse(f"{there}?{urlencode(asked._asdict())}", 303)
    return _page(session, asked, await _shown(session.site, asked))


@routes.get(OF_HOUSE)
async def of_house(
    session: StaffHere, house_id: str, kind: str = FIRST, language: str = "ja", form: str = ""
) -> HTMLResponse:
    asked = _asked(session.site, Asked(kind, language, form))
    return _page(session, asked, await _shown(session.site, asked, house_id))


@routes.get(PATH + ".pdf")
async def paper(session: StaffHere, kind: str = FIRST, language: str = "ja") -> Response:
    """The letter that it would be, with samples alone."""
    asked = _asked(session.site, Asked(kind, language, LETTER))
    return _pdf(session.site, await _shown(session.site, asked))


@routes.get(OF_HOUSE + ".pdf")
async def paper_of_house(session: StaffHere, house_id: str, kind: str = FIRST, language: str = "ja") -> Response:
    asked = _asked(session.site, Asked(kind, language, LETTER))
    return _pdf(session.site, await _shown(session.site, asked, house_id))


def _asked(site: Site, asked: Asked) -> Asked:
    """400 for a kind, a language or a form that there is not."""
    asked = asked._replace(form=asked.form or site.channel)
    known = asked.language in LANGUAGES and asked.kind in site.renderer.catalogue.names(asked.language)
    if not known or asked.form not in _forms(site):
        raise HTTPException(400)
    return asked


def _forms(site: Site) -> list[str]:
    return [site.channel, *site.shapes, LETTER]


async def _shown(site: Site, asked: Asked, house_id: str = "") -> Shown:
    """404 for no house."""
    known: Mapping[str, Any] = {}
    household, place = None, ("", "")
    if house_id:
        async with site.store.read() as connection:
            household = (await load_households(connection, [house_id])).get(house_id)
            if household is None:
                raise HTTPException(404)
            known = await _known(connection, household)
            place = (await postal(connection, [house_id])).get(house_id, place)
    samples = Samples().facts(asked.kind, civil(site.now()))
    params = {**samples, **{name: value for name, value in known.items() if value}}
    part = _part(site, asked, params)
    name = _reader(asked.kind, household) or str(samples["owner"])
    message = site.renderer.render([part], asked.language, name)
    wanted = used(site.renderer.catalogue, asked.language, asked.kind)
    sampled = sorted(wanted.intersection(samples) - {key for key, value in known.items() if value} - {"today"})
    message = with_consent(site, message, invited=asked.kind == INVITATION and asked.form == LETTER)
    return Shown(message, name, tuple(sampled), house_id, place)


async def _known(connection: AsyncConnection, household: Household) -> dict[str, Any]:
    """What the record knows that a message may use: all of the house's newest case, or house and names alone."""
    case_id = await newest_case(connection, household.house.id)
    if case_id:
        return about((await load_scenes(connection, [case_id], {household.house.id: household}))[case_id])
    company = household.servicer.name if household.servicer else ""
    owner = household.owner.name if household.owner else ""
    return {"house": household.house.id, "owner": owner, "company": company, "cared_by": company}


def _part(site: Site, asked: Asked, params: Mapping[str, Any]) -> dict[str, Any]:
    """The part of an outbox row that this would be."""
    mode = Mode.REPLY if asked.kind.startswith(REPLY) else Mode.PROMPT
    version = site.renderer.catalogue.versions[asked.kind]
    at = {"house": params["house"], "case": f"{params['house']}-1", "round": 0}
    return {"kind": asked.kind, "v": version, "params": dict(params), "mode": str(mode), **at}


def _reader(kind: str, household: Household | None) -> str:
    """How whoever this kind is for is called."""
    if household is None:
        return ""
    if kind.startswith(Role.SERVICER):
        return household.servicer.name if household.servicer else ""
    return household.owner.name if household.owner else ""


def _page(session: Session, asked: Asked, shown: Shown) -> HTMLResponse:
    site = session.site
    titles = {kind: _title(session, kind) for kind in sorted(site.renderer.catalogue.names(asked.language))}
    query = urlencode({"kind": asked.kind, "language": asked.language})
    there = OF_HOUSE.format(house_id=quote(shown.house_id, safe="")) if shown.house_id else PATH
    return session.page(
        "preview",
        asked=asked,
        kinds=list(titles),
        titles=titles,
        languages=LANGUAGES,
        forms=_forms(site),
        message=shown.message,
        shown=shown,
        shape=_shape(site, asked, shown, site.now()),
        letter_at=f"{there}.pdf?{query}" if asked.form == LETTER else "",
        version=site.renderer.catalogue.versions[asked.kind],
    )


def _title(session: Session, kind: str) -> str:
    """What a kind is called in the record, with its name in the code: several may be called the same."""
    told = session.site.facts[session.language].said([kind])
    return f"{told} ({kind})" if told and told != kind else kind


def _shape(site: Site, asked: Asked, shown: Shown, now: datetime) -> Shape | None:
    """What the channel would hand over; the links in it lead to nobody's page."""
    if asked.form not in site.shapes:
        return None
    page = f"{site.public_url}/c/sample"
    envelope = Envelope(
        KEY, "", shown.name, shown.message, now, page_url=page, button_url=f"{page}?a=", stop_url=f"{page}/stop"
    )
    return site.shapes[asked.form](envelope)


def _pdf(site: Site, shown: Shown) -> Response:
    postcode, address = shown.place
    page = LetterPage(
        message=shown.message,
        to_name=shown.name,
        to_postcode=postcode,
        to_address=(address,) if address else (),
        office=site.office,
        code=CODE,
        url=f"{site.public_url}/c/sample",
        written_on=civil(site.now()),
        house_id=shown.house_id or SAMPLE,
        office_address=site.office_address,
    )
    kind = shown.message.kind
    data = letter(replace(page, to_company=kind.startswith((Role.SERVICER, Role.PROVIDER))))
    headers = {"content-disposition": 'inline; filename="preview.pdf"'}
    return Response(data, media_type="application/pdf", headers=headers)
