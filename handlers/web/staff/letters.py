"""Letters: printed, posted, and what came back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.core.action import Action
from bot.core.message import Message
from bot.core.people import Role, role_of
from bot.core.unreached import Why
from handlers.web.forms import Posted, row_number
from handlers.web.site import Site
from handlers.web.staff.acting import act, back
from handlers.web.staff.elsewhere import offers_for
from handlers.web.staff.entrance import StaffHere
from handlers.web.staff.looking import saw
from handlers.web.staff.returned import returned_unbound
from handlers.web.staff.session import answered
from handlers.web.staff.stakes import stakes_of
from storage.desk import names_of
from storage.letter_batches import open_batches, posted_batches, unbatched
from storage.letters import Letter, by_code, by_ids, mark_posted, postal, posted
from storage.providers import postal_of_providers
from templates.letter import Elsewhere, LetterPage, RequestLetter, letters
from templates.paper.page import CODE_DIGITS

routes = APIRouter(include_in_schema=False)
INVITATION = "owner_invitation"
MOST = 200  # letters on the list, and so in one batch
MOST_FIELDS = MOST + 20


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
    state: str


@routes.get("/staff/letters")
async def show(session: StaffHere, said: str = "") -> HTMLResponse:
    async with session.site.store.read() as connection:
        new, gone = await unbatched(connection, MOST), await posted(connection)
        waiting, over = await open_batches(connection), await posted_batches(connection)
        names = await names_of(connection, {batch.made_by for batch in (*waiting, *over)})
    await saw(session, written_to(*new, *gone))
    return session.page(
        "letters",
        unposted=[listed(session.site, row) for row in new],
        posted=[listed(session.site, row) for row in gone],
        open_batches=waiting,
        posted_batches=over,
        names=names,
        answered=await answered(session, said),
    )


@routes.get("/staff/letters.pdf")
async def print_all(request: Request, session: StaffHere) -> Response:
    """The letters named by ``id``, or all that wait, as one file."""
    wanted = [row_number(number) for number in request.query_params.getlist("id")]
    async with session.site.store.read() as connection:
        rows = await by_ids(connection, wanted) if wanted else await unbatched(connection, MOST)
    if not rows:
        raise HTTPException(404)
    await saw(session, written_to(*rows))
    headers = {"content-disposition": 'inline; filename="letters.pdf"'}
    return Response(letters(await pages_of(session.site, rows)), media_type="application/pdf", headers=headers)


async def pages_of(site: Site, rows: Sequence[Letter]) -> list[LetterPage | RequestLetter]:
    """Letters as they are printed, in their order. A code that is offered on one lives from now on."""
    async with site.store.read() as connection:
        places = await postal(connection, {part["house"] for row in rows for part in row.parts})
        places |= await postal_of_providers(connection, {row.person_id for row in rows})
    offers = await offers_for(site, [row for row in rows if not _invites(row) and not _asks_office(row)])
    stakes = await stakes_of(site, rows)
    pages = [_page(site, row, places, offers.get(row.outbox_id)) for row in rows]
    return [_with_stake(page, stakes.get(row.outbox_id, "")) for row, page in zip(rows, pages, strict=True)]


@routes.post("/staff/letters/posted")
async def post(request: Request, session: StaffHere) -> Response:
    form, site = await session.posted(request, MOST_FIELDS), session.site
    ids = chosen(form)
    async with site.store.write() as connection:
        await mark_posted(connection, site.store.pins.seal, ids, session.person.id, site.now())
    return back("/staff/letters")


@routes.post("/staff/letters/returned")
async def came_back(request: Request, session: StaffHere) -> Response:
    """A letter that could not be delivered: its case lies with the staff."""
    form = await session.posted(request)
    code = "".join(char for char in form.text("code") if char.isdecimal() and char.isascii())[:CODE_DIGITS]
    why = form.text("why") if form.text("why") in Why._value2member_map_ else ""
    async with session.site.store.read() as connection:
        row = await by_code(connection, code)
    if row is None or row.posted_on is None or row.returned_on is not None:
        return RedirectResponse(f"/staff/slip?code={code or '0'}", 303)  # which says what became of that number
    if not row.case_id:
        await returned_unbound(session, row, why)
        return back("/staff/letters")
    return back(
        "/staff/letters", await act(session, form, Action("undeliverable", row.case_id, arg=f"{row.code}={why}"))
    )


def written_to(*rows: Letter) -> list[tuple[str, str]]:
    """The houses and the readers of letters, for the record of who saw them."""
    return [(row.house_id, row.person_id) for row in rows]


def chosen(form: Posted) -> list[int]:
    """The letters that are ticked."""
    return [row_number(name.removeprefix("id-")) for name in form.fields if name.startswith("id-")]


def listed(site: Site, row: Letter) -> Listed:
    title = site.renderer.part(row.parts[0], row.language, row.name).title if row.parts else ""
    return Listed(row.outbox_id, row.code, row.name, title, row.case_id, row.written_on, row.posted_on, row.state)


def _page(
    site: Site, row: Letter, places: Mapping[str, tuple[str, str]], offer: Elsewhere | None
) -> LetterPage | RequestLetter:
    if _asks_office(row):
        return request_page(site, row, places)
    return replace(letter_page(site, row, places), elsewhere=offer)


def _with_stake(page: LetterPage | RequestLetter, stake: str) -> LetterPage | RequestLetter:
    if not stake or isinstance(page, RequestLetter):
        return page
    return replace(page, message=replace(page.message, paragraphs=(*page.message.paragraphs, stake)))


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
        message=with_consent(site, site.renderer.render(row.parts, row.language, row.name), invited=invited),
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


def with_consent(site: Site, message: Message, *, invited: bool) -> Message:
    """An invitation carries the whole text that is agreed to: a tick on its slip must mean something."""
    if not invited:
        return message
    text: Sequence[str] = [
        line
        for section in site.consent[message.language].sections
        for line in (f"■ {section.heading}", *section.paragraphs)
    ]
    return replace(message, paragraphs=(*message.paragraphs, *text))
