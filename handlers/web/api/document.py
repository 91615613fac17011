"""What the API is, for machines (OpenAPI 3.1) and on a page for people; nothing of it comes from another site."""

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from bot.core.api_key import Scope
from handlers.web.api.caller import Allowed
from handlers.web.api.problem import MEDIA
from handlers.web.api.shapes import HookWanted, Problem, Reported
from handlers.web.site import Site, SiteHere, language_of, page

routes = APIRouter(include_in_schema=False)
DESCRIPTION = "/api/v1/openapi.json"
VERSION = "1"
SCHEMAS = "#/components/schemas/"
OURS = (Problem, Reported, HookWanted)  # forms that no route names by itself
USUAL = ("401", "403", "404", "422", "429")  # what every door for a key may answer
OF_METHODS: Mapping[str, tuple[str, ...]] = {
    "get": ("304",),
    "post": ("409", "413", "415"),
    "put": ("412", "413", "415", "428"),
    "delete": (),
}
OF_SIGNED = ("400", "401", "404", "409", "413", "415")
KEY, SIGNED = "key", "signature"
SCHEMES = {
    KEY: {"type": "http", "scheme": "bearer"},
    SIGNED: {"type": "apiKey", "in": "header", "name": "Engawa-Signature"},
}
OF_HOUSE = ("read_house", "read_plan", "list_works", "list_reports", "read_standing")
OF_HOOK = ("read_hook", "change", "remove_hook")
# By operation and status: what its answer leads to, and where in it the name of that stands.
LINKS: Mapping[tuple[str, str], Mapping[str, tuple[str, str]]] = {
    ("list_houses", "200"): dict.fromkeys(OF_HOUSE, ("house_id", "/items/0/id")),
    ("list_works", "200"): {"report": ("work_id", "/items/0/id")},
    ("list_events", "200"): {"list_event_houses": ("event_id", "/items/0/id")},
    ("list_imports", "200"): {"read_import": ("import_id", "/items/0/id")},
    ("bring", "201"): {"read_import": ("import_id", "/id")},
    ("list_hooks", "200"): dict.fromkeys(OF_HOOK, ("hook_id", "/items/0/id")),
    ("make", "201"): dict.fromkeys(OF_HOOK, ("hook_id", "/id")),
}
TAG = {"name": "If-None-Match", "in": "header", "required": False, "schema": {"type": "string"}}
WRITTEN = {"type": "string", "pattern": "[!-~]"}  # an empty one shows nothing
SEEN = TAG | {"name": "If-Match", "required": True, "schema": WRITTEN}  # what is changed has been read


@routes.get("/docs")
async def show(request: Request, site: SiteHere) -> Response:
    language = language_of(request)
    found = description(request, site, language)
    done = [
        {"method": method.upper(), "path": path, "fields": _fields(operation, found), **operation}
        for path, methods in found["paths"].items()
        for method, operation in methods.items()
    ]
    return page(site, "api", language, operations=done, description=DESCRIPTION)


def _fields(operation: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    """What stands in its answer, or in each thing of a list."""
    answer = next(answer for status, answer in operation["responses"].items() if status.startswith("2"))
    if "content" not in answer:
        return []
    schema = _form(answer["content"]["application/json"]["schema"], found)
    if "items" in schema.get("properties", {}):
        schema = _form(schema["properties"]["items"]["items"], found)
    return list(schema.get("properties", {}))


def _form(schema: Mapping[str, Any], found: Mapping[str, Any]) -> Mapping[str, Any]:
    named: str = schema.get("$ref", "")
    form: Mapping[str, Any] = found["components"]["schemas"][named.removeprefix(SCHEMAS)] if named else schema
    return form


@routes.get(DESCRIPTION)
async def describe(request: Request, site: SiteHere) -> Response:
    return JSONResponse(description(request, site, language_of(request)))


def description(request: Request, site: Site, language: str) -> dict[str, Any]:
    """Every open door below /api/v1, and no other."""
    words = site.pages.words[language]["api"]
    doors = [door for door in request.app.state.api if door.include_in_schema and _is_open(door, site)]
    told = {"title": words["title"], "version": VERSION, "description": f"{words['lead']}\n\n{words['key']}"}
    found = get_openapi(**told, routes=doors, servers=[{"url": site.public_url}])
    scopes = {route.unique_id: _scope_of(route) for route in doors}
    for methods in found["paths"].values():
        for method, operation in methods.items():
            methods[method] = _described(operation, method, scopes[operation["operationId"]], words)
    schemas = found["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):  # ours are problems
        schemas.pop(name, None)
    schemas |= _schemas()
    found["components"]["securitySchemes"] = SCHEMES
    return found


def _is_open(door: APIRoute, site: Site) -> bool:
    """The door for a signed word is closed where nobody has a secret for it."""
    return site.teller is not None or _scope_of(door) is not None


def _scope_of(route: APIRoute) -> Scope | None:
    """What a key must be for at this door; None for one that takes no keys."""
    calls = (each.call for each in route.dependant.dependencies)
    return next((call.scope for call in calls if isinstance(call, Allowed)), None)


def _described(operation: dict[str, Any], method: str, scope: Scope | None, words: Mapping[str, Any]) -> dict[str, Any]:
    operation["summary"] = words["operations"][operation["operationId"]]
    operation["description"] = words["scope"].format(scope=scope) if scope else words["signed"]
    operation["security"] = [{KEY if scope else SIGNED: []}]
    told = _statuses(method, scope)
    kept = {status: answer for status, answer in operation["responses"].items() if status.startswith("2")}
    operation["responses"] = {
        status: kept.get(status, _refusal(status)) | {"description": words["statuses"][status]}
        for status in sorted({*kept, *told})
    }
    for (name, status), leads in LINKS.items():
        if name == operation["operationId"]:
            operation["responses"][status]["links"] = dict(map(_link, leads.items()))
    if method == "put":
        operation["parameters"] = [*operation.get("parameters", ()), dict(SEEN)]
    if method == "get":
        operation["parameters"] = [*operation.get("parameters", ()), dict(TAG)]
        operation["responses"]["200"]["headers"] = {"ETag": {"schema": {"type": "string"}}}
    for parameter in operation.setdefault("parameters", []):
        parameter["description"] = words["names"][_named(parameter)]
    return operation


def _link(leads: tuple[str, tuple[str, str]]) -> tuple[str, dict[str, Any]]:
    name, (parameter, pointer) = leads
    return name, {"operationId": name, "parameters": {parameter: f"$response.body#{pointer}"}}


def _named(parameter: dict[str, Any]) -> str:
    """Headers are written as people know them."""
    if parameter["in"] == "header":
        parameter["name"] = "-".join(part.capitalize() for part in parameter["name"].split("-"))
    return str(parameter["name"])


def _statuses(method: str, scope: Scope | None) -> Iterator[str]:
    if scope is None:
        yield from OF_SIGNED
        return
    yield from USUAL
    yield from OF_METHODS[method]


def _refusal(status: str) -> dict[str, Any]:
    if status == "304":
        return {}
    answer: dict[str, Any] = {"content": {MEDIA: {"schema": {"$ref": f"{SCHEMAS}{Problem.__name__}"}}}}
    return answer | ({"headers": {"Retry-After": {"schema": {"type": "integer"}}}} if status == "429" else {})


def _schemas() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for form in OURS:
        found |= _schema_of(form)
    return found


def _schema_of(form: type[BaseModel]) -> dict[str, Any]:
    schema = form.model_json_schema(ref_template=f"{SCHEMAS}{{model}}")
    inner: dict[str, Any] = schema.pop("$defs", {})
    return inner | {form.__name__: schema}
