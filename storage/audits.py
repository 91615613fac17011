"""The auditor's runs: how far each has come, what it found, and what the desk has not been told yet.

A finding is its kind and its place. What exactly was there may be somebody's name, so it stands in no row of ours:
`engawa audit` says it to whoever asks. What was found stays until a later run has looked and found it no more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.days import civil
from storage.audit import Finding
from storage.tables import audit_findings, audits

HOUSES, OWN, SENT, EVENTS, SEALS, OVER = "houses", "own", "sent", "events", "seals", "over"
AFTER = {HOUSES: OWN, OWN: SENT, SENT: EVENTS, EVENTS: SEALS, SEALS: OVER}
KEPT = 400  # runs


@dataclass(frozen=True, slots=True)
class Run:
    """One run: its ``stage``, and after which house, message or sheet it goes on there. ``id`` 0: not begun."""

    id: int
    day: date
    stage: str = HOUSES
    reached: str = ""
    houses: int = 0


@dataclass(frozen=True, slots=True)
class State:
    """How the auditor stands: the last whole run, the last clean one, and what is found and not mended yet."""

    last_at: datetime | None
    clean_at: datetime | None
    findings: int


async def run_due(connection: AsyncConnection, now: datetime) -> Run | None:
    """The run that has not ended, else one to be begun; None where the day's is through."""
    last = (await connection.execute(select(audits).order_by(audits.c.id.desc()).limit(1))).one_or_none()
    standing = select(audits).where(audits.c.ended_at.is_(None)).order_by(audits.c.id).limit(1)
    row = (await connection.execute(standing)).one_or_none()
    if row is not None:
        return Run(row.id, row.day, row.stage, row.reached, row.houses)
    return None if last is not None and last.day >= civil(now) else Run(0, civil(now))


async def begin(connection: AsyncConnection, day: date, now: datetime) -> int:
    """A new run's number."""
    row = {"day": day, "began_at": now, "stage": HOUSES}
    key = (await connection.execute(insert(audits).values(**row))).inserted_primary_key
    assert key is not None
    await connection.execute(delete(audits).where(audits.c.id <= key[0] - KEPT))
    return int(key[0])


async def go_on(connection: AsyncConnection, run: Run, found: Iterable[Finding], now: datetime) -> None:
    """The run has come as far as it says, and found this on its way."""
    await _keep(connection, run.id, found, now)
    reached = {"stage": run.stage, "reached": run.reached, "houses": run.houses}
    await connection.execute(update(audits).where(audits.c.id == run.id).values(**reached))
    if run.stage == OVER:
        await _end(connection, run.id, now)


async def note_whole(connection: AsyncConnection, found: Iterable[Finding], now: datetime) -> None:
    """Somebody had everything looked at by hand: that is a run as well."""
    run_id = await begin(connection, civil(now), now)
    await _keep(connection, run_id, found, now)
    await connection.execute(update(audits).where(audits.c.id == run_id).values(stage=OVER))
    await _end(connection, run_id, now)


async def untold(connection: AsyncConnection, shown: int) -> tuple[dict[str, int], list[str]]:
    """What the desk has not heard of: how much of each kind, and the first places. From now on it has."""
    new, kind, place = ~audit_findings.c.told, audit_findings.c.kind, audit_findings.c.place
    counts = await connection.execute(select(kind, func.count()).where(new).group_by(kind))
    found = {row[0]: row[1] for row in counts}
    some = select(place).distinct().where(new).order_by(place).limit(shown)
    places = list((await connection.execute(some)).scalars())
    await connection.execute(update(audit_findings).where(new).values(told=True))
    return found, places


async def state_of(connection: AsyncConnection) -> State:
    ended = select(func.max(audits.c.ended_at))
    clean = ended.where(audits.c.findings == 0)
    count = select(func.count()).select_from(audit_findings)
    return State(
        (await connection.execute(ended)).scalar(),
        (await connection.execute(clean)).scalar(),
        (await connection.execute(count)).scalar_one(),
    )


async def found_by_kind(connection: AsyncConnection) -> dict[str, int]:
    query = select(audit_findings.c.kind, func.count()).group_by(audit_findings.c.kind)
    return {row[0]: row[1] for row in await connection.execute(query)}


async def _keep(connection: AsyncConnection, run_id: int, found: Iterable[Finding], now: datetime) -> None:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    places = dict.fromkeys((one.kind, one.where) for one in found)
    rows = [
        {"kind": kind, "place": place, "since_on": civil(now), "audit_id": run_id, "told": False}
        for kind, place in places
    ]
    if rows:
        new = dialect.insert(audit_findings)
        again = new.on_conflict_do_update(index_elements=["kind", "place"], set_={"audit_id": run_id})
        await connection.execute(again, rows)


async def _end(connection: AsyncConnection, run_id: int, now: datetime) -> None:
    """What was not seen since the run began is no more."""
    await connection.execute(delete(audit_findings).where(audit_findings.c.audit_id < run_id))
    left = (await connection.execute(select(func.count()).select_from(audit_findings))).scalar_one()
    await connection.execute(update(audits).where(audits.c.id == run_id).values(ended_at=now, findings=left))
