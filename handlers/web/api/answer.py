"""What a machine is answered: JSON with a tag of what it says, and lists a page at a time."""

import hashlib
from collections.abc import Sequence
from typing import Annotated, Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Query
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from handlers.web.api.caller import Caller
from handlers.web.api.problem import ProblemError

Item = TypeVar("Item")
MOST, USUAL = 200, 50  # things on one page
PURPOSE = "api page"
MEDIA = "application/json"


class Asked(BaseModel):
    """Which page of a list."""

    model_config = ConfigDict(extra="forbid")
    limit: int = Field(USUAL, ge=1, le=MOST)
    cursor: str = Field("", max_length=400)


OnePage = Annotated[Asked, Query()]


class NothingAsked(BaseModel):
    """An address that takes no parameters behind it."""

    model_config = ConfigDict(extra="forbid")


Plain = Annotated[NothingAsked, Query()]


class Page(BaseModel, Generic[Item]):
    """Some of a list. ``next`` goes on from there as ``cursor``; null at the end."""

    items: list[Item]
    next: str | None


def operation(route: APIRoute) -> str:
    """What an operation is called in the description, and its words in templates/*/pages/api.toml."""
    return route.name


def answered(caller: Caller, body: BaseModel, status: int = 200, link: str = "") -> Response:
    """An answer to a question carries its tag, and is not sent again to whoever has it (RFC 9110, 13.1.2)."""
    content = _written(body)
    headers = {"cache-control": "private, no-cache", "vary": "Authorization, Accept-Language"}
    headers |= {"link": f'<{link}>; rel="next"'} if link else {}
    request = caller.request
    if request.method == "GET":
        headers["etag"] = _tag(content)
        if _has(request.headers.get("if-none-match", ""), headers["etag"]):
            return Response(status_code=304, headers=headers)
    return Response(content, status, headers, MEDIA)


def tag_of(body: BaseModel) -> str:
    """What a question for this is tagged with: whoever changes it shows by it what they have read."""
    return _tag(_written(body))


def _written(body: BaseModel) -> bytes:
    return body.model_dump_json(by_alias=True, serialize_as_any=True).encode()


def _tag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _has(tags: str, tag: str) -> bool:
    return tags.strip() == "*" or tag in {one.strip().removeprefix("W/") for one in tags.split(",")}


def begins_after(caller: Caller, asked: Asked) -> str:
    """After what the page begins; empty for the first. 404 for a cursor that was not given to this submitter here."""
    if not asked.cursor:
        return ""
    given = caller.site.links.read(PURPOSE, asked.cursor)
    place, _, after = str(given).partition("\n")
    if not isinstance(given, str) or place != _place(caller):
        raise ProblemError(404, "cursor")
    return after


def listed(caller: Caller, asked: Asked, found: Sequence[tuple[str, BaseModel]]) -> Response:
    """A page of what was found, each with what the next page would begin after; one more than asked for says that
    there is a next page."""
    site, some = caller.site, found[: asked.limit]
    cursor = None
    if len(found) > asked.limit:
        cursor = site.links.token(PURPOSE, f"{_place(caller)}\n{some[-1][0]}")
    body = Page[BaseModel].model_construct(items=[one for _, one in some], next=cursor)
    query = urlencode({"limit": asked.limit, "cursor": cursor})
    link = f"{site.public_url}{caller.request.url.path}?{query}" if cursor else ""
    return answered(caller, body, link=link)


def _place(caller: Caller) -> str:
    return f"{caller.who.id} {caller.request.url.path}"
