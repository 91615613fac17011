"""A submitter reads its own houses: the plan, the works, what was said of them, and where the guarantee stands."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from bot.core.api_key import Scope
from bot.core.book.standing import standing_on
from bot.core.days import civil
from handlers.web.api.answer import OnePage, Page, Plain, answered, begins_after, listed, operation
from handlers.web.api.caller import Allowed, Caller
from handlers.web.api.problem import ProblemError
from handlers.web.api.shapes import House, PlanLine, StandingNow, Told, Why, told_of
from handlers.web.api.shapes import Work as WorkShape
from storage.own_houses import looks_after, own_house, own_houses, plan_page, reports_page, works_page
from storage.standing import standing_sources

routes = APIRouter(prefix="/api/v1", tags=["houses"], generate_unique_id_function=operation)
Reader = Annotated[Caller, Depends(Allowed(Scope.READ))]


@routes.get("/houses", responses={200: {"model": Page[House]}})
async def list_houses(caller: Reader, asked: OnePage) -> Response:
    after = begins_after(caller, asked)
    async with caller.site.store.read() as connection:
        rows = await own_houses(connection, caller.who, after, asked.limit + 1)
    return listed(caller, asked, [(row.id, _house(row, caller)) for row in rows])


@routes.get("/houses/{house_id}", responses={200: {"model": House}})
async def read_house(caller: Reader, house_id: str, _: Plain) -> Response:
    async with caller.site.store.read() as connection:
        row = await theirs(connection, caller, house_id)
    return answered(caller, _house(row, caller))


@routes.get("/houses/{house_id}/plan", responses={200: {"model": Page[PlanLine]}})
async def read_plan(caller: Reader, house_id: str, asked: OnePage) -> Response:
    after = begins_after(caller, asked)
    async with caller.site.store.read() as connection:
        await theirs(connection, caller, house_id)
        rows = await plan_page(connection, house_id, after, asked.limit + 1)
    lines = [(row.code, PlanLine(**told_of(row, PlanLine))) for row in rows]
    return listed(caller, asked, lines)


@routes.get("/houses/{house_id}/works", responses={200: {"model": Page[WorkShape]}})
async def list_works(caller: Reader, house_id: str, asked: OnePage) -> Response:
    after = begins_after(caller, asked)
    async with caller.site.store.read() as connection:
        await looked_after(connection, caller, house_id)
        rows = await works_page(connection, house_id, after, asked.limit + 1)
    lines = [(row.id, WorkShape(**told_of(row, WorkShape))) for row in rows]
    return listed(caller, asked, lines)


@routes.get("/houses/{house_id}/reports", responses={200: {"model": Page[Told]}})
async def list_reports(caller: Reader, house_id: str, asked: OnePage) -> Response:
    after = begins_after(caller, asked)
    async with caller.site.store.read() as connection:
        await looked_after(connection, caller, house_id)
        found = await reports_page(connection, house_id, int(after or 0), asked.limit + 1)
    return listed(caller, asked, [(str(fact["seq"]), _told(fact)) for fact in found])


@routes.get("/houses/{house_id}/standing", responses={200: {"model": StandingNow}})
async def read_standing(caller: Reader, house_id: str, _: Plain) -> Response:
    today = civil(caller.site.now())
    async with caller.site.store.read() as connection:
        await looked_after(connection, caller, house_id)
        sources = (await standing_sources(connection, [house_id]))[house_id]
    found = standing_on(sources, today, today)
    reasons = [Why(code=one.code, since=one.since, part=one.part, mend=one.mend) for one in found.reasons]
    return answered(caller, StandingNow(state=found.state, on=found.on, since=found.since, reasons=reasons))


async def theirs(connection: AsyncConnection, caller: Caller, house_id: str) -> Row[Any]:
    """404 for another's house as for none."""
    row = await own_house(connection, caller.who, house_id)
    if row is None:
        raise ProblemError(404, "not_found")
    return row


async def looked_after(connection: AsyncConnection, caller: Caller, house_id: str) -> None:
    """403 for a house that is theirs to tell of, but not to read."""
    if not looks_after(caller.who, await theirs(connection, caller, house_id)):
        raise ProblemError(403, "not_looked_after")


def _house(row: Row[Any], caller: Caller) -> House:
    return House(**told_of(row, House, agreed=row.mandated, looked_after=looks_after(caller.who, row)))


def _told(fact: dict[str, Any]) -> Told:
    data, said = fact["data"], fact["kind"] == "work_reported"
    return Told(
        at=fact["at"],
        said="reported" if said else "withdrawn",
        side=fact["by"].partition(":")[0],
        case_id=fact["case_id"],
        works=data.get("works", []),
        done_on=data.get("done_on"),
        result=data.get("result"),
    )
