"""Proposals that wait for a second signature, of somebody who leaves the staff: they fall with them.

Two signatures are those of two people who answer for what they signed at the time when it takes effect. Whoever is
asked for the second one could not ask the first person any more what they had seen.
"""

from collections.abc import AsyncIterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import Phase
from bot.core.correction import fallen, standing_lapse
from bot.core.lapse import fall
from bot.core.outcome import Outcome
from bot.core.people import Person
from bot.core.risk import LADDER
from storage.cases import load_scenes
from storage.commit import commit
from storage.households import load_households, lock_houses
from storage.people import load_people
from storage.pins import Pins
from storage.tables import cases, houses
from storage.view import house_facts


async def fall_with(connection: AsyncConnection, pins: Pins, person_id: str, now: datetime) -> None:
    """What this person has proposed and nobody confirmed is no proposal any more; the desk is told of each."""
    person = (await load_people(connection, [person_id]))[person_id]
    lapses = [outcome async for outcome in _lapses(connection, person, now)]
    undoings = [outcome async for outcome in _undoings(connection, person)]
    if lapses or undoings:
        await commit(connection, pins, [*lapses, *undoings], now)


async def _lapses(connection: AsyncConnection, person: Person, now: datetime) -> AsyncIterator[Outcome]:
    proposed = cases.c.state["risk"]["proposed_by"].as_string() == person.id
    mine = (cases.c.ladder == LADDER, cases.c.phase != Phase.CLOSED, proposed)
    found = {
        row.id: row.house_id for row in await connection.execute(select(cases.c.id, cases.c.house_id).where(*mine))
    }
    await lock_houses(connection, set(found.values()))
    households = await load_households(connection, set(found.values()))
    for scene in (await load_scenes(connection, list(found), households)).values():
        if scene.case.open and scene.case.risk is not None and scene.case.risk.proposed_by == person.id:
            yield fall(scene, person, now)


async def _undoings(connection: AsyncConnection, person: Person) -> AsyncIterator[Outcome]:
    lapsed = (houses.c.mandated.in_((True, False)), houses.c.lapsed_on.is_not(None))  # both, so that the index serves
    found = list((await connection.execute(select(houses.c.id).where(*lapsed))).scalars())
    await lock_houses(connection, found)
    for house_id in found:
        correction = standing_lapse(await house_facts(connection, house_id))
        if correction is not None and correction.proposed_by == person.id:
            yield fallen(house_id, correction, person)
