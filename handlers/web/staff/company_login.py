"""Signing in with the company's own account, by OpenID Connect (Core 1.0; PKCE, RFC 7636; state and nonce are checked).

The provider vouches for a mail address; whose that is among the staff, and what they may do, is ours to know. Loaded
where an installation has a provider: the library takes 65 ms that every command would wait for.
"""

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import OAuth
from fastapi import APIRouter, Request
from joserfc.errors import JoseError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.core.company_account import Company
from handlers.web.errors import NOBODY
from handlers.web.site import SiteHere
from handlers.web.staff.entrance import staff_member
from handlers.web.staff.signing_in import opened
from storage.people import person_at


def company_routes(company: Company) -> APIRouter:
    """The way to the provider and back. What is kept in between is a signed cookie of ten minutes (see the app)."""
    routes = APIRouter(include_in_schema=False)
    client = OAuth().register(
        "company",
        server_metadata_url=f"{company.url}/.well-known/openid-configuration",
        client_id=company.client_id,
        client_secret=company.client_secret,
        client_kwargs={"scope": "openid email", "code_challenge_method": "S256"},
    )

    @routes.get("/staff/company")
    async def leave(request: Request, site: SiteHere) -> Response:
        try:
            back = f"{site.public_url.rstrip('/')}/staff/company/back"
            away: Response = await client.authorize_redirect(request, back)
        except (httpx2.HTTPError, OAuthError) as error:
            raise HTTPException(502) from error
        return away

    @routes.get("/staff/company/back")
    async def come_back(request: Request, site: SiteHere) -> Response:
        try:
            token = await client.authorize_access_token(request)
        except (OAuthError, JoseError, KeyError) as error:  # forged, replayed, or broken off over there
            raise HTTPException(401) from error
        except httpx2.HTTPError as error:
            raise HTTPException(502) from error
        request.session.clear()
        address = company.address(token.get("userinfo") or {})
        async with site.store.read() as connection:
            named = await person_at(connection, site.mail, address) if address and site.mail else None
            person = await staff_member(connection, named) if named else None
        response = await opened(site, person, "oidc") if person is not None else None
        if response is None:
            raise HTTPException(403, NOBODY)
        return response

    return routes
