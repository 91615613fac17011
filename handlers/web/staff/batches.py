"""Letters in batches: chosen, printed once with a list of their addresses, posted together."""

import asyncio
import hashlib
from collections.abc import Sequence

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from handlers.web.spreadsheet import as_csv, csv_response
from handlers.web.staff.acting import back
from handlers.web.staff.entrance import StaffHere
from handlers.web.staff.letters import MOST_FIELDS, chosen, listed, pages_of, written_to
from handlers.web.staff.looking import saw
from handlers.web.staff.session import Session
from storage.desk import names_of
from storage.letter_batches import (
    Printed,
    TakenError,
    batch_at,
    end_batch,
    letters_of,
    make_batch,
)
from storage.letters import Letter, by_ids, mark_posted
from storage.outbox import PAPER
from templates.letter import LetterPage, RequestLetter, letters
from templates.paper.words import words

routes = APIRouter(include_in_schema=False)
PATH = "/staff/letters/batches"
COLUMNS = ("code", "name", "title", "postcode", "address", "house")


@routes.post(PATH)
async def make(request: Request, session: StaffHere) -> Response:
    """Prints the letters that are ticked. The files are kept before the row: broken off, nothing was printed."""
    form, site = await session.posted(request, MOST_FIELDS), session.site
    async with site.store.read() as connection:
        rows = [row for row in await by_ids(connection, chosen(form)) if row.state == PAPER]
    if not rows:
        return back("/staff/letters")
    printed, made = await _print(session, rows, f"letters {form.nonce}"), (session.person.id, site.now())
    try:
        async with site.store.write() as connection:
            ids = [row.outbox_id for row in rows]
            number = await make_batch(connection, site.store.pins.seal, ids, printed, made)
    except TakenError:
        return back("/staff/letters")  # where what is still free is shown
    return back(f"{PATH}/{number}")


@routes.get(PATH + "/{number}")
async def show(session: StaffHere, number: int) -> HTMLResponse:
    async with session.site.store.read() as connection:
        batch = await batch_at(connection, number)
        if batch is None:
            raise HTTPException(404)
        rows = await letters_of(connection, number)
        names = await names_of(connection, {batch.made_by, batch.posted_by})
    await saw(session, written_to(*rows))
    return session.page(
        "letter_batch", batch=batch, rows=[listed(session.site, row) for row in rows], names=names, paper=PAPER
    )


@routes.get(PATH + "/{number}/letters.pdf")
async def sheets(session: StaffHere, number: int) -> Response:
    """What was printed, byte for byte."""
    data = await _kept(session, number, "pdf")
    headers = {"content-disposition": f'inline; filename="letters-{number}.pdf"'}
    return Response(data, media_type="application/pdf", headers=headers)


@routes.get(PATH + "/{number}/addresses.csv")
async def addresses(session: StaffHere, number: int) -> Response:
    return csv_response(f"addresses-{number}", await _kept(session, number, "list"))


@routes.post(PATH + "/{number}")
async def post(request: Request, session: StaffHere, number: int) -> Response:
    """The batch is in the post; letters that are not ticked are free for another one."""
    form, site = await session.posted(request, MOST_FIELDS), session.site
    by, now, seal = session.person.id, site.now(), site.store.pins.seal
    async with site.store.write() as connection:
        batch = await batch_at(connection, number)
        if batch is None:
            raise HTTPException(404)
        if batch.posted_at is None:
            mine = {row.outbox_id for row in await letters_of(connection, number)}
            going = sorted(mine.intersection(chosen(form)))
            await mark_posted(connection, seal, going, by, now)
            await end_batch(connection, seal, number, going, (by, now))
    return back(f"{PATH}/{number}")


async def _print(session: Session, rows: Sequence[Letter], folder: str) -> Printed:
    """``folder``: whose files they are, beside those of people; no two batches share one."""
    site = session.site
    pages = await pages_of(site, rows)
    pdf = await asyncio.to_thread(letters, pages)
    named = session.site.pages.words[session.language]["staff"]["batch"]["columns"]
    lines = [_address(row, page) for row, page in zip(rows, pages, strict=True)]
    table = as_csv([named[name] for name in COLUMNS], lines)
    kept = await site.files.keep_as(folder, pdf, "pdf"), await site.files.keep_as(folder, table, "csv")
    return Printed(*kept, hashlib.sha256(pdf).hexdigest())


def _address(row: Letter, page: LetterPage | RequestLetter) -> list[str]:
    """A line of the list; an office is written to as one."""
    company = isinstance(page, RequestLetter) or page.to_company
    title = str(words(page.message.language)["company" if company else "person"]).strip()
    return [row.code, page.to_name, title, page.to_postcode, "\n".join(page.to_address), page.house_id]


async def _kept(session: Session, number: int, what: str) -> bytes:
    """404 where there was none, or it has gone: its period is over, or somebody in it was erased."""
    async with session.site.store.read() as connection:
        batch = await batch_at(connection, number)
        rows = await letters_of(connection, number)
    ref = batch._mapping[what] if batch is not None and not batch.ended else ""
    data = await session.site.files.kept(ref) if ref else None
    if data is None:
        raise HTTPException(404)
    await saw(session, written_to(*rows))
    return data
