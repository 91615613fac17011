"""One outcome, one transaction: cases, works, records, facts and outbox rows stand together or not at all."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import Case
from bot.core.outcome import Deed, Outcome, Say, Talk
from storage.cases import save_cases, save_works
from storage.changes import APPLY
from storage.news import tell_machines
from storage.outbox import Letterhead, put
from storage.pins import Pins
from storage.record import Seal, append
from storage.tables import houses, records, talks
from storage.witness import witnessed


async def commit(connection: AsyncConnection, pins: Pins, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Writes what follows from some causes, at one or many houses. The houses must be locked by the caller."""
    followed: list[tuple[str, Deed]] = []
    for outcome in outcomes:
        for change in outcome.changes:
            followed += await APPLY[change.kind](connection, outcome.house_id, change.data, now) or []
    cases = {case.id: case for outcome in outcomes for case in outcome.cases}
    await save_cases(connection, cases.values())
    of_case = {work.case_id: outcome.house_id for outcome in outcomes for work in outcome.works}
    await save_works(connection, (work for outcome in outcomes for work in outcome.works), of_case)
    await _save_records(connection, outcomes)
    deeds = [*_deeds(pins.seal, outcomes), *followed]
    await append(connection, pins.seal, deeds, now)
    await tell_machines(connection, pins, deeds, now)
    await _save_talks(connection, [outcome.talk for outcome in outcomes if outcome.talk])
    await _wake(connection, {o.house_id: o.wake_on for o in outcomes if o.wake_on is not None and o.house_id})
    says = [(say, outcome) for outcome in outcomes for say in outcome.says]
    if says:
        servicers = await _servicers(connection, {outcome.house_id for _, outcome in says})
        heads = ((say, _head(say, outcome, servicers, cases)) for say, outcome in says)
        await append(connection, pins.seal, await put(connection, list(heads), pins.versions, now), now)


def _deeds(seal: Seal, outcomes: Sequence[Outcome]) -> Iterable[tuple[str, Deed]]:
    return ((outcome.house_id, deed) for outcome in outcomes for deed in witnessed(seal, outcome))


def _head(say: Say, outcome: Outcome, servicers: Mapping[str, str], cases: Mapping[str, Case]) -> Letterhead:
    return Letterhead(outcome.house_id, servicers.get(outcome.house_id, ""), cases.get(say.case_id))


async def _servicers(connection: AsyncConnection, house_ids: set[str]) -> dict[str, str]:
    query = select(houses.c.id, houses.c.servicer_id).where(houses.c.id.in_(house_ids))
    return {row.id: row.servicer_id or "" for row in await connection.execute(query)}


async def _save_records(connection: AsyncConnection, outcomes: Sequence[Outcome]) -> None:
    rows = [
        {
            "house_id": outcome.house_id,
            "code": record.code,
            "part": record.part,
            "done_on": record.done_on,
            "performer": record.performer,
            "result": record.result,
            "work_id": record.work_id,
            "source": "engawa",
        }
        for outcome in outcomes
        for record in outcome.records
    ]
    if rows:
        await connection.execute(insert(records), rows)


async def _save_talks(connection: AsyncConnection, changed: Sequence[Talk]) -> None:
    for talk in changed:
        await connection.execute(delete(talks).where(talks.c.person_id == talk.person_id))
        state = {
            "v": 1,
            "question": talk.question,
            "house_id": talk.house_id,
            "case_id": talk.case_id,
            "data": dict(talk.data),
            "asked_at": int(talk.asked_at.timestamp()) if talk.asked_at else None,
            "says": talk.says,
            "params": dict(talk.params),
        }
        await connection.execute(insert(talks).values(person_id=talk.person_id, state=state))


async def _wake(connection: AsyncConnection, days: Mapping[str, date]) -> None:
    if days:
        statement = update(houses).where(houses.c.id == bindparam("house")).values(wake_on=bindparam("day"))
        await connection.execute(statement, [{"house": house, "day": day} for house, day in days.items()])
