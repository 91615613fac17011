"""A submitter says which addresses of its own are told what happens at its houses."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from bot.core.api_key import Scope
from bot.core.hook import MOST, Ended, is_address, is_own
from bot.core.hook import Hook as Kept
from handlers.web.api.answer import OnePage, Page, Plain, answered, begins_after, listed, operation, tag_of
from handlers.web.api.body import body_as, taken_as
from handlers.web.api.caller import Allowed, Caller
from handlers.web.api.problem import ProblemError
from handlers.web.api.shapes import Hook, HookMade, HookWanted
from storage.hooks import Wanted, change_hook, end_hook, hook_at, hooks_of, make_hook, secret_of

routes = APIRouter(prefix="/api/v1", tags=["webhooks"], generate_unique_id_function=operation)
Owner = Annotated[Caller, Depends(Allowed(Scope.HOOK))]


@routes.get("/webhooks", responses={200: {"model": Page[Hook]}})
async def list_hooks(caller: Owner, asked: OnePage) -> Response:
    after = begins_after(caller, asked)
    async with caller.site.store.read() as connection:
        found = await hooks_of(connection, caller.who.id)
    rest = [(hook.id, _shape(hook)) for hook in found if hook.id > after]
    return listed(caller, asked, rest[: asked.limit + 1])


@routes.post("/webhooks", status_code=201, responses={201: {"model": HookMade}}, openapi_extra=taken_as(HookWanted))
async def make(caller: Owner, _: Plain) -> Response:
    """201 with the secret, which is said this once; 409 for more than a few."""
    wanted, site = await _wanted(caller), caller.site
    async with site.store.write() as connection:
        if len(await hooks_of(connection, caller.who.id)) >= MOST:
            raise ProblemError(409, "too_many_hooks", {"most": MOST})
        hook = await make_hook(connection, site.store.pins, caller.who, wanted, site.now())
    shape = _shape(hook)
    made = HookMade(**shape.model_dump(), secret=secret_of(site.store.pins, hook))
    return _tagged(answered(caller, made, 201), shape)


@routes.get("/webhooks/{hook_id}", responses={200: {"model": Hook}})
async def read_hook(caller: Owner, hook_id: str, _: Plain) -> Response:
    async with caller.site.store.read() as connection:
        hook = _theirs(await hook_at(connection, caller.who.id, hook_id))
    return answered(caller, _shape(hook))


@routes.put("/webhooks/{hook_id}", responses={200: {"model": Hook}}, openapi_extra=taken_as(HookWanted))
async def change(caller: Owner, hook_id: str, _: Plain) -> Response:
    """428 without If-Match, 412 where somebody else has changed it since it was read."""
    wanted, site = await _wanted(caller), caller.site
    async with site.store.write() as connection:
        hook = _theirs(await hook_at(connection, caller.who.id, hook_id, to_write=True))
        _as_it_stands(caller.request, _shape(hook))
        changed = await change_hook(connection, site.store.pins, hook, wanted, site.now())
    return _tagged(answered(caller, _shape(changed)), _shape(changed))


@routes.delete("/webhooks/{hook_id}", status_code=204)
async def remove_hook(caller: Owner, hook_id: str, _: Plain) -> Response:
    site = caller.site
    async with site.store.write() as connection:
        hook = _theirs(await hook_at(connection, caller.who.id, hook_id, to_write=True))
        await end_hook(connection, site.store.pins, hook, (Ended.REMOVED, caller.person_id), site.now())
    return Response(status_code=204)


async def _wanted(caller: Caller) -> Wanted:
    found = await body_as(caller.request, HookWanted)
    if not is_address(found.url, own=is_own(caller.site.public_url)):
        raise ProblemError(422, "invalid", {"places": "body.url"}, places=["body.url"])
    return Wanted(found.url, frozenset(found.events), caller.site.hooks, caller.person_id)


def _theirs(hook: Kept | None) -> Kept:
    """404 for another's as for none."""
    if hook is None:
        raise ProblemError(404, "not_found")
    return hook


def _as_it_stands(request: Request, shape: Hook) -> None:
    """Whether what is to be changed is what they have read (RFC 9110, 13.1.1; RFC 6585, 3)."""
    given = request.headers.get("if-match", "").strip()
    if not given:
        raise ProblemError(428, "unseen")
    if given != "*" and tag_of(shape) not in {one.strip() for one in given.split(",")}:
        raise ProblemError(412, "changed_since", headers={"etag": tag_of(shape)})


def _tagged(response: Response, shape: Hook) -> Response:
    response.headers["etag"] = tag_of(shape)
    response.headers["location"] = f"/api/v1/webhooks/{shape.id}"
    return response


def _shape(hook: Kept) -> Hook:
    return Hook(
        id=hook.id,
        url=hook.url,
        events=sorted(hook.events),
        state="gone" if hook.ended_why else "on",
        made_at=hook.made_at,
    )
