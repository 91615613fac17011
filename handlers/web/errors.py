"""What somebody sees when a page cannot be shown: one clear line, and the telephone. A machine gets its reason."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from handlers.web.api.problem import FOR_MACHINES, told
from handlers.web.headers import protection
from handlers.web.site import language_of, page, site_of
from handlers.web.staff.entrance import signed_in
from handlers.web.staff.looking import ReasonAskedError
from handlers.web.staff.looks import asked

NOBODY = "right: nobody"  # an account that is nobody's of the staff
NO_RIGHT = "right: "  # how a 403 says that somebody of the staff may not
KNOWN = frozenset({401, 403, 404, 405, 413, 502})
NUMBERED = frozenset({"houses", "case"})  # pages of the console that people open by a number


def add_error_pages(app: FastAPI) -> None:
    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(RequestValidationError, refused)
    app.add_exception_handler(ReasonAskedError, reason_asked)
    app.add_exception_handler(Exception, failed)


async def refused(request: Request, error: Exception) -> Response:
    if request.url.path.startswith(FOR_MACHINES):
        return told(request, error)
    status = error.status_code if isinstance(error, HTTPException) else 400
    at_the_desk = await _missing(request) if status == 404 and request.url.path.startswith("/staff/") else None
    if at_the_desk is not None:
        return at_the_desk
    line = str(status) if status in KNOWN else "400"
    if isinstance(error, HTTPException) and error.detail.startswith(NO_RIGHT):
        line = "nobody" if error.detail == NOBODY else "no_right"
    response = _page(request, line, status)
    if isinstance(error, HTTPException):
        response.headers.update(error.headers or {})
    return response


async def reason_asked(request: Request, error: Exception) -> Response:
    """Before the page of a house or a person: why somebody of the staff looks."""
    assert isinstance(error, ReasonAskedError)
    return asked(error)


async def failed(request: Request, error: Exception) -> Response:
    """Our own mistake. This answer is made outside everything else, so it brings its headers itself."""
    machine = request.url.path.startswith(FOR_MACHINES)
    response = told(request, HTTPException(500)) if machine else _page(request, "500", 500)
    response.headers.update(protection(request.url.path, secure=site_of(request).secure))
    return response


async def _missing(request: Request) -> Response | None:
    """Staff who are signed in have mistaken a number: they are told of what, and where to look for it."""
    try:
        session = await signed_in(request)
    except HTTPException:
        return None
    of = request.url.path.split("/")[2]
    return session.page("missing", 404, of=of if of in NUMBERED else "page")


def _page(request: Request, line: str, status: int) -> Response:
    return page(site_of(request), "error", language_of(request), status, line=line)
