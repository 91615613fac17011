"""Letters: printed, posted, and what came back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from bot.core.action import Action
from bot.core.message import Message
from bot.core.people import Role, role_of
from handlers.web.forms import row_number
from handlers.web.site import Site
from handlers.web.staff.acting import act, back
from handlers.web.staff.elsewhere import offers_for
from handlers.web.staff.entrance import StaffHere
from handlers.web.staff.returned import returned_unbound
from handlers.web.staff.session import answered
from storage.letters import Letter, by_code, by_ids, mark_posted, postal, posted, unposted
from storage.providers import postal_of_providers
from templates.letter import Elsewhere, LetterPage, RequestLetter, letters

routes = APIRouter(include_in_schema=False)
INVITATION = "owner_invitation"


@dataclass(frozen=True, slots=True)
class Listed:
    """One letter on the list."""

    id: int
    code: str
    name: str
    title: str
    case_id: str
    written_on: date
    posted_on: date | None


@routes.get("/staff/letters")
async def show(session: StaffHere, said: str = "") -> HTMLResponse:
    async with session.site.store.read() as connection:
        new, gone = await unposted(connection), await posted(connection)
    return session.page(
        "letters",
        unposted=[_listed(session.site, row) for row in new],
        posted=[_listed(session.site, row) for row in gone],
        answered=await answered(session, said),
    )


@routes.get("/staff/letters.pdf")
async def print_all(request: Request, session: StaffHere) -> Response:
    """The letters named by ``id``, or all that wait, as one file."""
    wanted = [row_number(number) for number in request.query_params.getlist("id")]
    async with session.site.store.read() as connection:
        rows = await by_ids(connection, wanted) if wanted else await unposted(connection)
        places = await postal(connection, {part["house"] for row in rows for part in row.parts})
        places |= await postal_of_providers(connection, {row.person_id for row in rows})
    if not rows:
        raise HTTPException(404)
    offers = await offers_for(session.site, [row for row in rows if not _invites(row) and not _asks_office(row)])
    pages = [_page(session.site, row, places, offers.get(row.outbox_id)) for row in rows]
    headers = {"content-disposition": 'inline; filename="letters.pdf"'}
    return Response(letters(pages), media_type="application/pdf", headers=headers)


@routes.post("/staff/letters/posted")
async def post(request: Request, session: StaffHere) -> Response:
    form = await session.posted(request)
    ids = [row_number(name.removeprefix("id-")) for name in form.fields if name.startswith("id-")]
    site = session.site
    async with site.store.write() as connection:
        await mark_posted(connection, site.store.pins.seal, ids, session.person.id, site.now())
    return back("/staff/letters")


@routes.post("/staff/letters/returned")
async def came_back(request: Request, session: StaffHere) -> Response:
    """A letter that could not be delivered: its case lies with the staff."""
    form = await session.posted(request)
    async with session.site.store.read() as connection:
        row = await by_code(connection, form.text("code"))
    if row is None:
        raise HTTPException(404)
    if not row.case_id:
        await returned_unbound(session, row)
        return back("/staff/letters")
    return back("/staff/letters", await act(session, form, Action("undeliverable", row.case_id, arg=row.code)))


def _listed(site: Site, row: Letter) -> Listed:
    title = site.renderer.part(row.parts[0], row.language, row.name).title if row.parts else ""
    return Listed(row.outbox_id, row.code, row.name, title, row.case_id, row.written_on, row.posted_on)


def _page(
    site: Site, row: Letter, places: Mapping[str, tuple[str, str]], offer: Elsewhere | None
) -> LetterPage | RequestLetter:
    if _asks_office(row):
        return request_page(site, row, places)
    return replace(letter_page(site, row, places), elsewhere=offer)


def _asks_office(row: Letter) -> bool:
    """It goes to who keeps the history of a house: an office answers in its own form, under no code."""
    return role_of(row.person_id) is Role.PROVIDER


def request_page(site: Site, row: Letter, places: Mapping[str, tuple[str, str]]) -> RequestLetter:
    """A request to a provider of histories, filled in from the record."""
    postcode, address = places.get(row.person_id, ("", ""))
    return RequestLetter(
        message=site.renderer.render(row.parts, row.language, row.name),
        to_name=row.name,
        to_postcode=postcode,
        to_address=tuple(filter(None, address.split("\n"))),
        office=site.office,
        office_address=site.office_address,
        written_on=row.written_on,
        house_id=row.house_id,
    )


def letter_page(site: Site, row: Letter, places: Mapping[str, tuple[str, str]]) -> LetterPage:
    """A letter as it is printed. Owners are written to at their house; a company's address is added by hand."""
    is_owner = role_of(row.person_id) is Role.OWNER
    postcode, address = places.get(row.house_id, ("", "")) if is_owner else ("", "")
    invited = _invites(row)
    return LetterPage(
        message=_with_consent(site, site.renderer.render(row.parts, row.language, row.name), invited=invited),
        to_name=row.name,
        to_postcode=postcode,
        to_address=(address,) if address else (),
        office=site.office,
        code=row.code,
        url=site.links.person(row.person_id) if invited else site.links.message(row.outbox_id).page,
        written_on=row.written_on,
        house_id=row.house_id,
        office_address=site.office_address,
        to_company=not is_owner,
    )


def _invites(row: Letter) -> bool:
    """It asks for the consent, and for nothing beside it."""
    return bool(row.parts[0]["kind"] == INVITATION)


def _with_consent(site: Site, message: Message, *, invited: bool) -> Message:
    """An invitation carries the whole text that is agreed to: a tick on its slip must mean something."""
    if not invited:
        return message
    text: Sequence[str] = [
        line
        for section in site.consent[message.language].sections
        for line in (f"■ {section.heading}", *section.paragraphs)
    ]
    return replace(message, paragraphs=(*message.paragraphs, *text))
