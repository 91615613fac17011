"""What a person does on their page: stored as one event, understood, answered, and shown."""

from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

import structlog
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from bot.core.arrival import Attachment
from handlers.web.forms import Posted, posted
from handlers.web.lapsed import renewed
from handlers.web.press import agreeing, label_of, menu, read_press
from handlers.web.said import event_of, said
from handlers.web.site import Site, SiteHere, page
from handlers.web.talk import rendered
from handlers.web.visitor import Visitor, visitor_of
from storage.chat import farewells, own_lines
from storage.files import FileRefusedError

log = structlog.get_logger()
routes = APIRouter(include_in_schema=False)


class NotSaidError(ValueError):
    """Nothing that can be stored; the message is the code of a note on the page."""


@routes.post("/c/{token}")
async def act(request: Request, site: SiteHere, token: str) -> Response:
    async with site.store.read() as connection:
        visitor = await visitor_of(connection, site.links, token, site.now())
    form = await posted(request, site.links, visitor.person.id)
    if visitor.lapsed:
        return await renewed(site, visitor)
    try:
        event = await _event(site, visitor, form)
    except NotSaidError as note:
        return _back(visitor, note=str(note))
    await said(site, event)
    if await _erased(site, visitor):
        return page(site, "erased", visitor.person.language)
    return _back(visitor)


async def _event(site: Site, visitor: Visitor, form: Posted) -> dict[str, Any]:
    person_id, press, text = visitor.person.id, form.text("press"), form.text("text")
    event_id = form.event_id(person_id, press, text)
    if press:
        row_id, action = read_press(press)
        label = await _label(site, visitor, action)
        return event_of(site, person_id, event_id, action=action, label=label, answers=str(row_id or ""))
    if not text and not form.files:
        raise NotSaidError("empty")
    kept = await _kept(site, person_id, form)
    under = str(visitor.row.id) if visitor.row is not None else ""
    return event_of(site, person_id, event_id, text=text, files=[asdict(file) for file in kept], under=under)


async def _label(site: Site, visitor: Visitor, action: str) -> str:
    """What stood on the button: nobody presses what was never offered to them."""
    person = visitor.person
    said = site.pages.words[person.language]["chat"]
    also = menu(person, said["menu"], site.renderer.catalogue.words[person.language]["channels"])
    also |= agreeing(person, site.consent[person.language].version, said["consent"])
    async with site.store.read() as connection:
        talk = rendered(site.renderer, person, await own_lines(connection, person.id))
    label = label_of(action, talk, also)
    if label is None and visitor.row is not None:
        joined = site.renderer.render(visitor.row.parts, visitor.row.language, person.name)
        label = next((button.label for button in joined.buttons if button.action == action), None)
    if label is None:
        raise NotSaidError("unknown")
    return label


async def _kept(site: Site, person_id: str, form: Posted) -> list[Attachment]:
    try:
        return [await site.files.keep(person_id, data) for data in form.files]
    except FileRefusedError as error:
        raise NotSaidError("type" if str(error) == "empty" else str(error)) from error
    except OSError as error:
        log.exception("file_not_kept")
        raise NotSaidError("unkept") from error


async def _erased(site: Site, visitor: Visitor) -> bool:
    """Whether they asked for their data to be erased: then there is no page any more."""
    async with site.store.read() as connection:
        dates = await farewells(connection, visitor.person.id)
    return dates is not None and dates.erased_on is not None


def _back(visitor: Visitor, **query: str) -> Response:
    """To the page, at its newest message."""
    asked = f"?{urlencode(query)}" if query else ""
    return RedirectResponse(f"{visitor.path}{asked}#{'notes' if query else 'newest'}", 303)
