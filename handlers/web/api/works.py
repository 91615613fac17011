"""A company's machine says that a visit is done.

Its word goes the way of an answer on the company's page: one event of the inbox, understood and answered there, so
owner, case and record cannot tell by which door it came in.
"""

import hashlib
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from bot.core.action import Action
from bot.core.api_key import Scope
from bot.core.case import Scene
from bot.core.days import civil
from bot.core.roster import Said, kept, wrong_report
from handlers.web.api.answer import Plain, answered, operation
from handlers.web.api.body import body_as, taken_as
from handlers.web.api.caller import Allowed, Caller
from handlers.web.api.imports import IdempotencyKey
from handlers.web.api.problem import ProblemError
from handlers.web.api.shapes import Kept, Reported
from handlers.web.said import event_of, said
from handlers.web.works import VERBS
from storage.inbound import NEW, event_under
from storage.own_houses import case_of_work, said_before
from storage.roster import scenes_for
from storage.sheets import spend

routes = APIRouter(prefix="/api/v1", tags=["works"], generate_unique_id_function=operation)
Company = Annotated[Caller, Depends(Allowed(Scope.REPORT))]


@dataclass(frozen=True, slots=True)
class Word:
    """A company's word on a visit, and the name of its event: the key that the machine gave it, and what it says."""

    caller: Caller
    key: str
    case_id: str
    said: Said

    @property
    def under(self) -> str:
        return f"api:{self.caller.who.id}:{self.key}:"

    @property
    def event_id(self) -> str:
        what = f"{self.case_id} {self.said.day} {self.said.result}"
        return self.under + hashlib.sha256(what.encode()).hexdigest()[:16]


@routes.post(
    "/works/{work_id}/reports",
    status_code=201,
    responses={201: {"model": Kept}},
    openapi_extra=taken_as(Reported),
)
async def report(caller: Company, work_id: str, _: Plain, idempotency_key: IdempotencyKey) -> Response:
    """201 for a word that stands, said now or before; 404 for a work that is not the company's."""
    what = await _said(caller.request)
    async with caller.site.store.read() as connection:
        case_id = await case_of_work(connection, work_id) or ""
    word = Word(caller, idempotency_key, case_id, what)
    await _say(word, await _scene(word))
    scene = await _scene(word)
    if not await _stands(word, scene):
        raise await _not_kept(word)
    assert what.day is not None
    told = Kept(work_id=work_id, case_id=case_id, done_on=what.day, result=what.result, phase=scene.case.phase)
    return answered(caller, told, 201)


async def _said(request: Request) -> Said:
    """What the body says. Raises ProblemError."""
    found = await body_as(request, Reported)
    return Said(found.done_on, found.result)


async def _scene(word: Word) -> Scene:
    """404 for a case that is not the company's now, as for none."""
    async with word.caller.site.store.read() as connection:
        scenes = await scenes_for(connection, word.caller.person_id, {word.case_id})
    if word.case_id not in scenes:
        raise ProblemError(404, "not_found")
    return scenes[word.case_id]


async def _say(word: Word, scene: Scene) -> None:
    """What was said before under the same key, or stands already, is not said again. Raises ProblemError."""
    async with word.caller.site.store.read() as connection:
        before = await event_under(connection, word.caller.site.channel, word.under)
    if before is not None and before.event_id != word.event_id:
        raise ProblemError(409, "other_body")
    if before is not None or kept(scene, word.said):
        return
    if wrong := wrong_report(scene, word.said, civil(word.caller.site.now())):
        raise ProblemError(409, "not_kept", {"why": _why(word, wrong)})
    assert word.said.day is not None
    site = word.caller.site
    verb, person_id = VERBS[word.said.result], word.caller.person_id
    action = str(Action(verb, word.case_id, scene.case.round, word.said.day.isoformat()))
    label = site.pages.words[word.caller.language]["api"]["label"][verb]
    await said(site, event_of(site, person_id, word.event_id, action=action, label=label))
    async with word.caller.site.store.write() as connection:
        await spend(connection, person_id, [word.case_id], word.caller.site.now())


async def _stands(word: Word, scene: Scene) -> bool:
    """Whether the word holds now, or did once: what became of the case since takes nothing from its answer."""
    if kept(scene, word.said):
        return True
    day = word.said.day.isoformat() if word.said.day else ""
    async with word.caller.site.store.read() as connection:
        return await said_before(connection, word.case_id, word.caller.person_id, (day, word.said.result))


async def _not_kept(word: Word) -> ProblemError:
    """Why a word that was said does not stand: nobody has understood it yet, or the case changed meanwhile."""
    async with word.caller.site.store.read() as connection:
        event = await event_under(connection, word.caller.site.channel, word.under)
    if event is not None and event.state == NEW:
        return ProblemError(409, "under_way", headers={"retry-after": 5})
    return ProblemError(409, "not_kept", {"why": _why(word, "changed")})


def _why(word: Word, code: str) -> str:
    """Why a word cannot be kept, as the company's page says it."""
    return str(word.caller.site.pages.words[word.caller.language]["works"]["why"][code])
