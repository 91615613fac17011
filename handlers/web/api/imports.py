"""A submitter brings data in by machine, the way of every door, and sees what became of it."""

import json
from collections.abc import Iterable
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Header, Query, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from bot.core.api_key import Scope
from handlers.web.api.answer import OnePage, Page, Plain, answered, begins_after, listed, operation
from handlers.web.api.bringing import JSON, NAMES, XLSX, Brought, shape_of, taken, tried
from handlers.web.api.caller import Allowed, Caller
from handlers.web.api.problem import ProblemError
from handlers.web.api.shapes import Import, ImportLine
from handlers.web.forms import row_number
from handlers.web.intake.looking import oversized
from storage.imports import import_at, imports_of

routes = APIRouter(prefix="/api/v1", tags=["imports"], generate_unique_id_function=operation)
Importer = Annotated[Caller, Depends(Allowed(Scope.IMPORT))]
KEY = r"^[A-Za-z0-9._:-]{1,64}$"
IdempotencyKey = Annotated[str, Header(pattern=KEY)]
ROWS = {"type": "array", "items": {"type": "object"}}
TABLES = dict.fromkeys(("servicers", "houses", "plan", "records", "loans"), ROWS)
BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {"type": "object", "properties": TABLES, "minProperties": 1, "additionalProperties": False}
        },
        "text/csv": {},  # neither is a value that a schema could describe
        XLSX: {},
    },
}


class Way(BaseModel):
    """Whether it is only tried out."""

    model_config = ConfigDict(extra="forbid")
    dry_run: Literal["true", "false"] = "false"


@routes.post(
    "/imports",
    status_code=201,
    responses={201: {"model": Import}, 200: {"model": Import}},
    openapi_extra={"requestBody": BODY},
)
async def bring(caller: Importer, way: Annotated[Way, Query()], idempotency_key: IdempotencyKey) -> Response:
    """201 for what has come in, now or before under the same key: what became of it is its verdict. 200 for a trial,
    422 for JSON that is not of the form described."""
    file = Brought(await caller.request.body(), media_of(caller.request, NAMES), idempotency_key)
    if oversized(file.data):
        raise ProblemError(413, "large")
    if file.media == JSON and not _is_described(file.data):
        raise ProblemError(422, "invalid", {"places": "body"}, places=["body"])
    trial = way.dry_run == "true"
    row = await (tried if trial else taken)(caller.site.store, caller, file, caller.site.now())
    told = shape_of(row, caller.language, trial=trial)
    return answered(caller, told, 200 if trial else 201)


@routes.get("/imports", responses={200: {"model": Page[ImportLine]}})
async def list_imports(caller: Importer, asked: OnePage) -> Response:
    after = begins_after(caller, asked)
    async with caller.site.store.read() as connection:
        rows = await imports_of(connection, caller.who.id, asked.limit + 1, int(after) if after else None)
    told = ((row.id, shape_of(row, caller.language)) for row in rows)
    lines = [(str(number), ImportLine(**one.model_dump(exclude={"problems"}))) for number, one in told]
    return listed(caller, asked, lines)


@routes.get("/imports/{import_id}", responses={200: {"model": Import}})
async def read_import(caller: Importer, import_id: str, _: Plain) -> Response:
    async with caller.site.store.read() as connection:
        row = await import_at(connection, caller.who.id, row_number(import_id))
    if row is None:
        raise ProblemError(404, "not_found")
    return answered(caller, shape_of(row, caller.language))


def media_of(request: Request, names: Iterable[str]) -> str:
    """The media type of what was sent. Raises ProblemError for one that this door does not take."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    known = ", ".join(names)
    if media not in known.split(", "):
        raise ProblemError(415, "media", {"known": known}, headers={"accept": known})
    return media


def _is_described(data: bytes) -> bool:
    """Whether a JSON body has the form that the description says; what is in its rows is the importer's to judge."""
    try:
        body = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    lists = isinstance(body, dict) and bool(body) and body.keys() <= TABLES.keys()
    return lists and all(
        isinstance(rows, list) and all(isinstance(row, dict) for row in rows) for rows in body.values()
    )
