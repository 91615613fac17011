"""All houses of a company that closes: prepared, approved by a person, and begun house by house.

Each step is a transaction over some houses, and what is left to do is a query: whoever was killed goes on where the
rows say, and does nothing twice.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.allotment import Allotment
from bot.core.case import Scene
from bot.core.days import civil
from bot.core.handover import (
    Approved,
    begin,
    case_to_hand_over,
    case_without_visit,
    concerned,
    hold_beside,
    was_carried_out,
    was_prepared,
)
from bot.core.house import Household
from bot.core.matter import CLOCK
from bot.core.outcome import Outcome
from bot.core.people import STAFF_DESK, Role
from scheduler.due import open_due
from storage import handovers
from storage.cases import load_scenes_of
from storage.commit import commit
from storage.companies import in_business
from storage.households import load_households, lock_houses
from storage.people import load_people
from storage.reviews import HandoverError, known_handover, note_batch
from storage.store import Store
from storage.tables import houses, servicers

PAGE, BATCH = 200, 50  # houses prepared, and begun, in one transaction
Watch = Callable[[int], None]  # is told how many more houses are done


@dataclass(frozen=True, slots=True)
class Closing:
    """A company all of whose houses are handed over, and why (see bot.core.handover)."""

    servicer_id: str
    reason: str


async def prepare(store: Store, closing: Closing, now: datetime, watch: Watch = lambda more: None) -> int:
    """Chooses a company for every house; the number of the handover. One that was broken off is gone on with.

    One that nobody has approved yet takes in the houses that came since; once all of one are begun, they are another.
    Raises HandoverError for a company that nobody knows.
    """
    servicer_id = closing.servicer_id
    async with store.write() as connection:
        known = select(servicers.c.id).where(servicers.c.id == servicer_id)
        if (await connection.execute(known)).scalar() is None:
            raise HandoverError(f"no company {servicer_id}")
        number, complete = await handovers.opened(connection, servicer_id, closing.reason, now)
    if complete:
        return number
    await open_due(store, now)  # houses that have just come in know their next date only from then on
    async with store.read() as connection:
        given = await handovers.given(connection, number, civil(now))
        companies = [one for one in await in_business(connection) if one.person.id != f"{Role.SERVICER}:{servicer_id}"]
    allotment = Allotment(companies, civil(now), given)
    while done := await _page(store, (number, servicer_id), allotment, now):
        watch(done)
    return number


async def _page(store: Store, which: tuple[int, str], allotment: Allotment, now: datetime) -> int:
    number, servicer_id = which
    async with store.write() as connection:
        current = await known_handover(connection, number, lock=True)
        if current.state != handovers.PREPARING:  # another prepares it too, or it was dropped meanwhile
            return 0
        page = await handovers.next_page(connection, number, servicer_id, PAGE)
        if not page:
            await handovers.set_state(connection, number, handovers.PREPARED)
            deed = was_prepared(number, servicer_id, STAFF_DESK)
            await note_batch(connection, store.pins, deed, now)
            return 0
        known = await load_households(connection, [one.house_id for one in page])
        choices = [allotment.choose(known[one.house_id].house, one.target_on or civil(now)) for one in page]
        await handovers.put_choices(connection, number, choices)
    return len(page)


async def prepare_wanted(store: Store, now: datetime) -> int:
    """Prepares what the staff want at the console, and what was broken off; how many handovers there were."""
    async with store.read() as connection:
        waiting = await handovers.in_preparation(connection)
    for row in waiting:
        await prepare(store, Closing(row.servicer_id, row.reason), now)
    return len(waiting)


async def carry_on(store: Store, now: datetime, watch: Watch = lambda more: None) -> int:
    """Begins the houses of approved handovers whose turn it is today; how many there were."""
    async with store.read() as connection:
        waiting = await handovers.going(connection)
    seen = 0
    for row in waiting:
        while done := await _begin_some(store, row, now):
            seen += done
            watch(done)
    return seen


async def _begin_some(store: Store, row: Row[Any], now: datetime) -> int:
    async with store.write() as connection:
        current = await known_handover(connection, row.id)
        if current.state != handovers.APPROVED:
            return 0
        planned = await handovers.next_planned(connection, row.id, civil(now), BATCH)
        if not planned:
            if await handovers.all_begun(connection, row.id):
                await handovers.set_state(connection, row.id, handovers.BEGUN)
                deed = was_carried_out(row.id, current.servicer_id, CLOCK)
                await note_batch(connection, store.pins, deed, now)
            return 0
        lived = await lives(connection, [each.house_id for each in planned])
        living = await _living(connection, planned)
        outcomes, rows = [], []
        for each in planned:
            queue = tuple(company for company in (each.candidate_id, *each.queue) if company in living)
            found, became = _begun((current, queue), each, lived[each.house_id], now)
            outcomes += found
            rows.append(became)
        await commit(connection, store.pins, outcomes, now)
        await handovers.set_houses(connection, row.id, rows)
    return len(planned)


Life = tuple[Household, list[Scene], int]  # a house, its open cases, and how many it has had


async def _living(connection: AsyncConnection, planned: Sequence[Row[Any]]) -> set[str]:
    """Of the companies that were chosen, those in business: some weeks may lie between choosing and asking."""
    chosen = {company for each in planned for company in (each.candidate_id, *each.queue) if company}
    return {company.id for company in (await load_people(connection, chosen)).values() if company.active}


def _begun(
    approval: tuple[Row[Any], tuple[str, ...]], planned: Row[Any], life: Life, now: datetime
) -> tuple[list[Outcome], dict[str, Any]]:
    """``approval`` is the handover, and who is asked about this house in turn."""
    handover, queue = approval
    household, scenes, count = life
    became = {"house": planned.house_id, "now": handovers.MOVED, "case": "", "on": None}
    if household.house.servicer_id != handover.servicer_id:  # somebody found another company in the meantime
        return [], became
    approved = Approved(handover.id, handover.approved_by, queue, civil(handover.approved_at))
    scene = case_to_hand_over(scenes)
    if scene is None:
        scene = case_without_visit(household, count + 1, planned.target_on, civil(now))
    outcome = begin(scene, approved, now)
    beside = [one for one in scenes if one.case.id != scene.case.id and concerned(one, approved)]
    case = next(case for case in outcome.cases if case.id == scene.case.id)
    state = handovers.ASKED if case.candidacy else handovers.HELD
    became |= {"now": state, "case": case.id, "on": civil(now)}
    return [outcome, *(hold_beside(one, approved, now) for one in beside)], became


async def lives(connection: AsyncConnection, house_ids: Sequence[str]) -> dict[str, Life]:
    """The houses, locked, with everything about them that deciding needs."""
    await lock_houses(connection, house_ids)
    households = await load_households(connection, house_ids)
    scenes = await load_scenes_of(connection, households)
    counted = select(houses.c.id, houses.c.case_count).where(houses.c.id.in_(house_ids))
    counts = {row.id: row.case_count for row in await connection.execute(counted)}
    return {house_id: (households[house_id], scenes[house_id], counts[house_id]) for house_id in house_ids}
