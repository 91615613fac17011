"""Linking an account from its platform: a stranger gives their code on a page of ours, and the platform asks them.

The link names the guest and tells nothing about anybody; what the platform wants to see again comes with it, and goes
back to the platform alone. A code that does not fit is answered as everywhere, and counts as everywhere.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from bot.core.link_code import read_code
from bot.core.links import ACCOUNT
from bot.core.outcome import Mode, Outcome
from bot.core.people import Person
from handlers import guest
from handlers.web.forms import posted, stamp
from handlers.web.headers import CONTENT_POLICY
from handlers.web.site import Site, SiteHere, page
from storage.commit import commit
from storage.concern import talk_of
from storage.guests import claim_of, new_nonce
from storage.people import load_people

routes = APIRouter(include_in_schema=False)
TICKET = re.compile(r"[A-Za-z0-9_-]{1,512}")
UNKNOWN = "reply_code_unknown"


@dataclass(frozen=True, slots=True)
class Stranger:
    """Who opened the link, the account that they came from, and what its platform wants to see again."""

    person: Person
    channel: str
    address: str
    ticket: str


@routes.get("/account/{token}")
async def ask(site: SiteHere, token: str, ticket: str = "") -> Response:
    async with site.store.read() as connection:
        stranger = await _stranger(connection, site, token, ticket)
    return _page(site, stranger)


@routes.post("/account/{token}")
async def give(request: Request, site: SiteHere, token: str, ticket: str = "") -> Response:
    async with site.store.read() as connection:
        stranger = await _stranger(connection, site, token, ticket)
    form = await posted(request, site.links, stranger.person.id)
    async with site.store.write() as connection:
        nonce = await _nonce(connection, site, stranger, read_code(form.text("code")))
    if not nonce:
        return _page(site, stranger, missed=True)
    return RedirectResponse(site.confirming[stranger.channel].confirmation(ticket, nonce), 303)


async def _stranger(connection: AsyncConnection, site: Site, token: str, ticket: str) -> Stranger:
    """404 for a link that we never made, and for one whose account is somebody's by now."""
    said = site.links.read(ACCOUNT, token)
    channel, _, person_id = said.partition(" ") if isinstance(said, str) else ("", "", "")
    person = (await load_people(connection, [person_id])).get(person_id)
    address = next((known.address for known in person.addresses if known.channel == channel), "") if person else ""
    if person is None or not address or channel not in site.confirming or not TICKET.fullmatch(ticket):
        raise HTTPException(404)
    return Stranger(person, channel, address, ticket)


async def _nonce(connection: AsyncConnection, site: Site, stranger: Stranger, code: str) -> str:
    """What stands for the code from here on; empty for one that does not fit, and after too many of those."""
    now, pins = site.now(), site.store.pins
    talk = await talk_of(connection, stranger.person.id)
    account = (stranger.channel, stranger.address)
    claim = await claim_of(connection, pins.seal, code, account, now) if guest.may_try(talk, now) else None
    if claim is not None:
        return await new_nonce(connection, pins.seal, claim, now)
    await commit(connection, pins, [Outcome(talk=guest.missed(talk, now))], now)
    return ""


def _page(site: Site, stranger: Stranger, *, missed: bool = False) -> Response:
    """The form; above it, after a code that did not fit, the words that are said of it in the talk."""
    person = stranger.person
    version = site.renderer.catalogue.versions[UNKNOWN]
    part = {"kind": UNKNOWN, "v": version, "mode": Mode.REPLY, "case": "", "round": 0, "params": {}}
    response = page(
        site,
        "account",
        person.language,
        said=site.renderer.part(part, person.language, "") if missed else None,
        stamp=stamp(site.links, person.id),
        ticket=stranger.ticket,
    )
    response.headers["content-security-policy"] = _policy(site, stranger)
    return response


def _policy(site: Site, stranger: Stranger) -> str:
    """The form may lead on to the platform: browsers hold a redirect against the form that it follows."""
    parts = urlsplit(site.confirming[stranger.channel].confirmation("", ""))
    return CONTENT_POLICY.replace("form-action 'self'", f"form-action 'self' {parts.scheme}://{parts.netloc}")
