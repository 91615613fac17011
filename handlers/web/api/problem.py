"""What a machine is answered when it cannot have what it asked for (RFC 9457), in its own language.

What is not there and what is somebody else's are the same answer.
"""

import json
from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute

from handlers.web.site import language_of, site_of

FOR_MACHINES = "/api/"
MEDIA = "application/problem+json"
BY_STATUS = {
    400: "bad_request",
    401: "no_key",
    404: "not_found",
    405: "method",
    413: "large",
    415: "media",
    422: "invalid",
    500: "failed",
}


class ProblemError(HTTPException):
    """A request that is refused with a code of templates/*/pages/api.toml. ``named`` are what its words name, ``more``
    further members of the answer."""

    def __init__(self, status: int, code: str, named: Mapping[str, Any] | None = None, **more: Any) -> None:
        headers = {str(name): str(value) for name, value in more.pop("headers", {}).items()}
        super().__init__(status, code, headers)
        self.named, self.more = dict(named or {}), more


def told(request: Request, error: Exception) -> Response:
    """The answer to a request of a machine that was refused."""
    if isinstance(error, RequestValidationError):
        error = _invalid(error)
    if isinstance(error, ProblemError):
        return _answer(request, error, error.detail)
    failed = error if isinstance(error, HTTPException) else HTTPException(400)
    if failed.status_code == 405:
        failed.headers = {"allow": ", ".join(_methods(request))}
    code = BY_STATUS.get(failed.status_code, "bad_request")
    return _answer(request, failed, code)


def _answer(request: Request, error: HTTPException, code: str) -> Response:
    site, language = site_of(request), language_of(request)
    words = site.pages.words[language]["api"]["problems"][code]
    known = isinstance(error, ProblemError)
    named, more = (error.named, error.more) if isinstance(error, ProblemError) else ({}, {})
    said = {
        "type": f"{site.public_url}/docs#{code}",
        "title": words["title"],
        "status": error.status_code,
        "detail": words["detail"].format_map(_Named(named)) if known or _plain(error) else error.detail,
        "code": code,
    }
    headers = dict(error.headers or {}) | {"content-language": language, "vary": "Accept-Language"}
    return Response(json.dumps(said | more, ensure_ascii=False), error.status_code, headers, MEDIA)


class _Named(dict[str, Any]):
    """What the words of a problem name; what nobody named is left out."""

    def __missing__(self, name: str) -> str:
        return ""


def _plain(error: HTTPException) -> bool:
    """Whether nobody gave a reason beside the status: then the words of its code are said."""
    return error.detail == HTTPException(error.status_code).detail


def _invalid(error: RequestValidationError) -> ProblemError:
    """Which parts of the request are not as they should be, without what is written there."""
    places = sorted({".".join(str(part) for part in found["loc"][:2]) for found in error.errors()})
    return ProblemError(422, "invalid", {"places": ", ".join(places)}, places=places)


def of_api(route: BaseRoute) -> bool:
    return isinstance(route, APIRoute) and route.path.startswith("/api/v1/")


def _methods(request: Request) -> list[str]:
    """Every method that there is for a path, whichever door it belongs to."""
    doors: list[APIRoute] = request.app.state.api
    return sorted({name for door in doors if door.path_regex.match(request.url.path) for name in door.methods or ()})
