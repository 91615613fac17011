"""The guarantor reads how the auditor stands."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from bot.core.api_key import Scope
from bot.core.findings import is_well
from handlers.web.api.answer import Plain, answered, operation
from handlers.web.api.caller import Allowed, Caller
from handlers.web.api.shapes import AuditNow
from storage.audits import state_of

routes = APIRouter(prefix="/api/v1", tags=["audit"], generate_unique_id_function=operation)
Watcher = Annotated[Caller, Depends(Allowed(Scope.AUDIT))]


@routes.get("/audit", responses={200: {"model": AuditNow}})
async def read_audit(caller: Watcher, _: Plain) -> Response:
    async with caller.site.store.read() as connection:
        state = await state_of(connection)
    well = is_well(state.last_at, state.findings, caller.site.now())
    told = AuditNow(well=well, last_run_at=state.last_at, last_clean_at=state.clean_at, findings=state.findings)
    return answered(caller, told)
