"""The page on which a company brings in the data of its own houses: choose a file, see what would come of it, and
take it in.

No script is needed. What was looked at lies ready for a day under its hash, and is what is taken in.
"""

from io import BytesIO
from typing import Any
from urllib.parse import quote

import structlog
from fastapi import APIRouter, Request
from sqlalchemy.exc import IntegrityError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from bot.core.people import Role
from bot.core.submitter import Submitter
from bot.intake.workbook.blank import blank_workbook
from handlers.web.chat import FILE_HEADERS
from handlers.web.forms import posted, row_number, stamp
from handlers.web.intake.looking import (
    MARKED,
    SENT,
    NotTakenError,
    Upload,
    chosen,
    keep_upload,
    remembered,
    taken_in,
    tried,
    words_of,
)
from handlers.web.lapsed import lapsed_page
from handlers.web.site import Site, SiteHere, page
from handlers.web.tries import Tries
from handlers.web.visitor import Visitor, visitor_of
from storage.imports import import_at, import_under, imports_of, rest_of
from storage.submitters import submitter_of, token_of
from storage.uploads import upload_at

log = structlog.get_logger()
routes = APIRouter(include_in_schema=False)
NOTES = frozenset({"empty", "several", "large", "unkept", "gone"})
MOST_LOOKS = 60  # at files of one company in an hour: each costs about as much as taking it in
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEX = frozenset("0123456789abcdef")


@routes.get("/c/{token}/intake")
async def show(site: SiteHere, token: str, note: str = "") -> Response:
    async with site.store.read() as connection:
        visitor = await visitor_of(connection, site.links, token, site.now())
        if visitor.lapsed:
            return await lapsed_page(connection, site, visitor)
        who = await _submitter(site, visitor)
    if who is None:
        return _ask(site, visitor)
    return await _front(site, visitor, who, note if note in NOTES else "")


@routes.post("/c/{token}/intake")
async def look(request: Request, site: SiteHere, token: str) -> Response:
    """What would become of a file; of all that nothing is stored but the file itself, for a day."""
    visitor, who = await _company(site, token)
    form = await posted(request, site.links, visitor.person.id)
    if who is None:
        return _ask(site, visitor)
    rest = _rest(request, who, site)
    if rest:
        return await _later(site, visitor, who, rest)
    try:
        data, name = chosen(form)
        digest = await keep_upload(site, visitor.person.id, data, name)
    except NotTakenError as note:
        return RedirectResponse(f"{visitor.path}/intake?note={note}", 303)
    except OSError:
        log.exception("file_not_kept")
        return RedirectResponse(f"{visitor.path}/intake?note=unkept", 303)
    found = await tried(site, Upload(visitor, who, data, name))
    assert digest == found.digest
    return _page(site, visitor, "intake_preview", found=found)


@routes.post("/c/{token}/intake/take")
async def take(request: Request, site: SiteHere, token: str) -> Response:
    """The file that was looked at is taken in; a second click leads to the same import."""
    visitor, who = await _company(site, token)
    form = await posted(request, site.links, visitor.person.id)
    if who is None:
        return _ask(site, visitor)
    lies = await _lies(site, visitor, (form.text("file"), SENT))
    if lies is None:
        return RedirectResponse(f"{visitor.path}/intake?note=gone", 303)
    key = form.event_id(form.text("file"))
    async with site.store.read() as connection:
        done = await import_under(connection, who.id, key)
        rest = await rest_of(connection, who.id, site.now()) if done is None else 0
    if rest:
        return await _later(site, visitor, who, rest)
    marked = ""
    if done is None:
        done, marked = await _once(site, Upload(visitor, who, *lies, key))
    return RedirectResponse(f"{visitor.path}/intake/{done}{f'?marked={marked}' if marked else ''}", 303)


def _rest(request: Request, who: Submitter, site: Site) -> int:
    """Seconds until another file may be looked at; 0 for at once, and it counts."""
    looks: Tries = request.app.state.looks
    rest = looks.wait(who.id, site.now())
    if not rest:
        looks.tried(who.id, site.now())
    return rest


async def _later(site: Site, visitor: Visitor, who: Submitter, rest: int) -> Response:
    """Too many at once: after so many seconds there is room again."""
    answer = await _front(site, visitor, who, "wait")
    answer.status_code = 429
    answer.headers["retry-after"] = str(rest)
    return answer


async def _front(site: Site, visitor: Visitor, who: Submitter, note: str) -> Response:
    """Where files are chosen; with the company's own address for mailing them, where mail is read."""
    async with site.store.read() as connection:
        earlier = await imports_of(connection, who.id)
        token = await token_of(connection, site.store.pins.seal, who.id)
    address = site.addressed.own_address(token) if site.addressed is not None else ""
    return _page(site, visitor, "intake", earlier=earlier, note=note, address=address, who=who)


async def _once(site: Site, upload: Upload) -> tuple[int, str]:
    try:
        return await taken_in(site, upload)
    except IntegrityError:
        async with site.store.read() as connection:
            done = await import_under(connection, upload.who.id, upload.key or "")
        if done is None:
            raise
        return done, ""


@routes.get("/c/{token}/intake/blank.xlsx")
async def blank(site: SiteHere, token: str) -> Response:
    """An empty workbook with examples, as builders fill it in."""
    visitor, _ = await _company(site, token)
    to = BytesIO(blank_workbook(words_of(visitor.person.language), for_builder=True))
    return _workbook(to.getvalue(), "engawa.xlsx")


@routes.get("/c/{token}/intake/marked/{digest}.xlsx")
async def marked(site: SiteHere, token: str, digest: str) -> Response:
    """A file of theirs with its problems marked, while it lies ready."""
    visitor, _ = await _company(site, token)
    lies = await _lies(site, visitor, (digest, MARKED))
    if lies is None:
        raise HTTPException(404)
    return _workbook(lies[0], f"{lies[1].rpartition('.')[0] or 'engawa'}.marked.xlsx")


@routes.get("/c/{token}/intake/sent/{digest}")
async def sent(request: Request, site: SiteHere, token: str, digest: str) -> Response:
    """What would become of a file that came by mail and lies ready; it is taken in by a press on that page."""
    visitor, who = await _company(site, token)
    lies = await _lies(site, visitor, (digest, SENT)) if who is not None else None
    if who is None or lies is None:
        return RedirectResponse(f"{visitor.path}/intake?note=gone", 303)
    rest = _rest(request, who, site)
    if rest:
        return await _later(site, visitor, who, rest)
    return _page(site, visitor, "intake_preview", found=await tried(site, Upload(visitor, who, *lies)))


@routes.get("/c/{token}/intake/{number}")
async def result(site: SiteHere, token: str, number: str, marked: str = "") -> Response:
    """What became of an import of theirs."""
    visitor, who = await _company(site, token)
    async with site.store.read() as connection:
        row = await import_at(connection, who.id, row_number(number)) if who is not None else None
    if row is None:
        raise HTTPException(404)
    lies = await _lies(site, visitor, (marked, MARKED))
    found = remembered(row, marked if lies is not None else "", visitor.person.language)
    return _page(site, visitor, "intake_result", found=found, who=who)


async def _company(site: Site, token: str) -> tuple[Visitor, Submitter | None]:
    """The company of a link and its entry as a submitter, if it has one; 404 for anybody else."""
    async with site.store.read() as connection:
        visitor = await visitor_of(connection, site.links, token, site.now())
    if visitor.lapsed:
        raise HTTPException(404)
    return visitor, await _submitter(site, visitor)


async def _submitter(site: Site, visitor: Visitor) -> Submitter | None:
    person = visitor.person
    if person.role is not Role.SERVICER:
        raise HTTPException(404)
    async with site.store.read() as connection:
        return await submitter_of(connection, person.id.partition(":")[2])


async def _lies(site: Site, visitor: Visitor, file: tuple[str, str]) -> tuple[bytes, str] | None:
    """A file of the visitor's own that lies ready under its hash and ending, with what they call it."""
    digest, ending = file
    if len(digest) != 40 or not HEX.issuperset(digest):
        return None
    ref = site.files.ref_of(visitor.person.id, digest, ending)
    async with site.store.read() as connection:
        name = await upload_at(connection, visitor.person.id, ref)
    data = await site.files.kept(ref) if name is not None else None
    return (data, name or "") if data is not None else None


def _workbook(data: bytes, name: str) -> Response:
    way = {"content-disposition": f"attachment; filename=\"engawa.xlsx\"; filename*=UTF-8''{quote(name, safe='')}"}
    return Response(data, media_type=XLSX, headers=FILE_HEADERS | way)


def _ask(site: Site, visitor: Visitor) -> Response:
    """Whom to ask, for a company that brings nothing in itself."""
    return page(site, "intake_ask", visitor.person.language, visitor=visitor)


def _page(site: Site, visitor: Visitor, name: str, **shown: Any) -> Response:
    mark = stamp(site.links, visitor.person.id)
    return page(site, name, visitor.person.language, visitor=visitor, stamp=mark, **shown)
