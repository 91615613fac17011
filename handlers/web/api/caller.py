"""Whose machine asks: known by the key in the header, and by nothing else."""

from dataclasses import dataclass

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.api_key import SCOPES, ApiKey, Scope
from bot.core.days import civil
from bot.core.people import servicer_key
from bot.core.submitter import OPERATOR, Submitter
from handlers.web.api.pace import Pace
from handlers.web.api.problem import ProblemError
from handlers.web.site import Site, SiteHere, language_of
from storage.api_keys import key_with, used
from storage.submitters import submitter_of

LONGEST = 200  # characters of a secret that are looked at


@dataclass(frozen=True, slots=True)
class Caller:
    """A submitter's machine with what it asks, where, and the language in which it is answered."""

    request: Request
    site: Site
    who: Submitter
    language: str

    @property
    def person_id(self) -> str:
        """Under whom what it does is put down."""
        return OPERATOR.id if self.who.everything else servicer_key(self.who.id)


class Allowed:
    """Whoever has a key that serves and is for this. 401 for any other, 403 for a key that is for something else, 429
    for one that asks too often."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    async def __call__(self, request: Request, site: SiteHere) -> Caller:
        key, who = await _known(request, site)
        pace: Pace = request.app.state.pace
        if wait := await pace.wait(site.store, key.id):
            raise ProblemError(429, "too_often", {"seconds": wait}, headers={"retry-after": wait})
        if self.scope not in key.scopes & SCOPES[who.kind]:
            challenge = f'Bearer error="insufficient_scope", scope="{self.scope}"'
            raise ProblemError(403, "scope", {"scope": self.scope}, headers={"www-authenticate": challenge})
        return Caller(request, site, who, language_of(request))


async def _known(request: Request, site: Site) -> tuple[ApiKey, Submitter]:
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        raise ProblemError(401, "no_key", headers={"www-authenticate": "Bearer"})
    async with site.store.read() as connection:
        key = await key_with(connection, secret.strip()[:LONGEST])
        who = await _owner_of(connection, key) if key is not None and key.usable(site.now()) else None
    if key is None or who is None:
        raise ProblemError(401, "bad_key", headers={"www-authenticate": 'Bearer error="invalid_token"'})
    if key.used_on != civil(site.now()):
        async with site.store.write() as connection:
            await used(connection, key.id, civil(site.now()))
    return key, who


async def _owner_of(connection: AsyncConnection, key: ApiKey) -> Submitter | None:
    """None for a company that is no submitter now."""
    return OPERATOR if key.submitter == OPERATOR.id else await submitter_of(connection, key.submitter)
