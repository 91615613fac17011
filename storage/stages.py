"""What the daily auditor looks at in one step, stage by stage: a bounded part, from where the last one ended."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.audit import Auditor, Finding, Span, of_houses
from storage.audit.chains import own_chain
from storage.audit.events import waiting_events
from storage.audit.sent import untold
from storage.audits import AFTER, EVENTS, HOUSES, OWN, SEALS, SENT, Run
from storage.places import Place
from storage.record import Seal
from storage.sealed import against_sheet, beside_sheets, sheets
from storage.since import before
from storage.tables import houses, outbox

SOME = 50  # houses looked at in one step
MESSAGES = 5_000
LOOKED_BACK = timedelta(days=60)  # for messages: what is older was looked at then, and is not touched any more
Step = tuple[Run, list[Finding]]  # how far the run has come after it, and what it found


@dataclass(frozen=True, slots=True)
class Auditing:
    """What a step needs; ``place`` is where the daily seals lie, if anywhere."""

    connection: AsyncConnection
    seal: Seal
    place: Place | None
    now: datetime


async def step(auditing: Auditing, run: Run) -> Step:
    """The next step of a run. Raises OSError where the seals cannot be reached."""
    return await STAGES[run.stage](auditing, run)


async def _houses(auditing: Auditing, run: Run) -> Step:
    """Some houses; with the last of them whatever names a house that is not there."""
    some = select(houses.c.id).where(houses.c.id > run.reached).order_by(houses.c.id).limit(SOME)
    ids = list((await auditing.connection.execute(some)).scalars())
    whole = len(ids) == SOME
    span = Span(run.reached, ids[-1] if whole else None)
    found = await _all(of_houses(Auditor(auditing.connection, auditing.seal, auditing.now), span))
    counted = replace(run, houses=run.houses + len(ids))
    return (replace(counted, reached=ids[-1]) if whole else _next(counted)), found


async def _own(auditing: Auditing, run: Run) -> Step:
    return _next(run), await _all(own_chain(auditing.connection, auditing.seal))


async def _sent(auditing: Auditing, run: Run) -> Step:
    connection, since = auditing.connection, auditing.now - LOOKED_BACK
    after = int(run.reached or await before(connection, outbox, outbox.c.written_at, since))
    some = select(outbox.c.id).where(outbox.c.id > after).order_by(outbox.c.id).limit(1).offset(MESSAGES - 1)
    last = (await connection.execute(some)).scalar()
    found = await _all(untold(connection, after, last))
    return (_next(run) if last is None else replace(run, reached=str(last))), found


async def _events(auditing: Auditing, run: Run) -> Step:
    return _next(run), await _all(waiting_events(auditing.connection, auditing.now))


async def _seals(auditing: Auditing, run: Run) -> Step:
    """One sheet; first of all, whether they are all there. Raises OSError where the place fails."""
    connection, place = auditing.connection, auditing.place
    if place is None:
        return _next(run), []
    names = sorted(await sheets(connection, place))
    found = [] if run.reached else await _all(beside_sheets(connection, names, auditing.now))
    name = next((name for name in names if name > run.reached), None)
    if name is None:
        return _next(run), found
    found += await _all(against_sheet(connection, auditing.seal, place, name))
    return replace(run, reached=name), found


def _next(run: Run) -> Run:
    return replace(run, stage=AFTER[run.stage], reached="")


async def _all(look: AsyncIterator[Finding]) -> list[Finding]:
    return [finding async for finding in look]


STAGES: Mapping[str, Callable[[Auditing, Run], Awaitable[Step]]] = {
    HOUSES: _houses,
    OWN: _own,
    SENT: _sent,
    EVENTS: _events,
    SEALS: _seals,
}
