"""Who of the staff is away: entered, begun on their first day, covered case by case, and ended.

An absence is a row, and what it still has to move is a query: whoever was killed goes on where the rows say.
"""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.absence import Absence, State, has_ended, was_entered, wrong
from bot.core.case import Phase
from bot.core.days import civil
from bot.core.matter import CLOCK
from bot.core.passing import cover
from bot.core.people import STAFF_DESK
from bot.core.stand_in import stand_in
from storage import handovers, restored
from storage.away import away_now
from storage.cases import load_scenes
from storage.commit import commit
from storage.households import load_households, lock_houses
from storage.people import load_people
from storage.pins import Pins
from storage.record import SERVICE, Seal, append
from storage.store import Store
from storage.tables import absences, cases, houses, watches

BATCH = 50  # cases in one transaction
MINE = absences.c
OPEN: ColumnElement[bool] = MINE.state != State.OVER


class AbsenceError(ValueError):
    """An absence that cannot be entered; the message is a code of the templates' list."""


async def enter(connection: AsyncConnection, seal: Seal, absence: Absence, by: str, now: datetime) -> None:
    """Somebody is away from then on; what they hold is moved by ``cover_all``. Raises AbsenceError."""
    wanted = {absence.person, absence.substitute} - {""}
    code = wrong(absence, await load_people(connection, wanted), civil(now))
    if not code and await open_absences(connection, [absence.person]):
        code = "already"
    if code:
        raise AbsenceError(code)
    state = State.STANDING if absence.stands(civil(now)) else State.PLANNED
    values = {"person_id": absence.person, "from_on": absence.from_on, "until_on": absence.until_on}
    values |= {"substitute_id": absence.substitute, "state": state, "entered_by": by}
    await connection.execute(insert(absences).values(**values))
    await append(connection, seal, [(SERVICE, was_entered(absence, by))], now)


async def end(connection: AsyncConnection, seal: Seal, person_id: str, by: str, now: datetime) -> bool:
    """They are back, or do not go; what went to others stays there. False where they are not entered as away."""
    mine = (MINE.person_id == person_id, OPEN)
    changed = await connection.execute(update(absences).where(*mine).values(state=State.OVER))
    if changed.rowcount:
        await append(connection, seal, [(SERVICE, has_ended(person_id, by))], now)
    return bool(changed.rowcount)


async def open_absences(connection: AsyncConnection, of: Collection[str] | None = None) -> dict[str, Absence]:
    """Absences that are planned or stand, by person: everybody's, or of these."""
    query = select(absences).where(OPEN).order_by(MINE.from_on, MINE.id)
    rows = await connection.execute(query if of is None else query.where(MINE.person_id.in_(of)))
    return {row.person_id: Absence(row.person_id, row.from_on, row.until_on, row.substitute_id) for row in rows}


async def cover_all(store: Store, now: datetime) -> int:
    """Absences begin and end with their days, and what lies with somebody who is away goes on; how many cases did."""
    async with store.read() as connection:
        if not await open_absences(connection):
            return 0
    async with store.write() as connection:
        await _turned(connection, store.pins.seal, now)
        away = await away_now(connection)
        for person_id in away:
            await _beside_cases(connection, person_id, stand_in(away, person_id), civil(now))
    moved = 0
    while away:
        async with store.write() as connection:
            more = await _cover_some(connection, store.pins, now)
        if not more:
            break
        moved += more
    return moved


async def _turned(connection: AsyncConnection, seal: Seal, now: datetime) -> None:
    """Those whose first day has come are away, those whose last is over are back."""
    today = civil(now)
    over = select(MINE.person_id).where(OPEN, MINE.until_on < today).order_by(MINE.id)
    back = (await connection.execute(over)).scalars().all()
    await connection.execute(update(absences).where(OPEN, MINE.until_on < today).values(state=State.OVER))
    begins = (MINE.state == State.PLANNED, MINE.from_on <= today)
    await connection.execute(update(absences).where(*begins).values(state=State.STANDING))
    await append(connection, seal, [(SERVICE, has_ended(person, CLOCK)) for person in back], now)


async def _beside_cases(connection: AsyncConnection, person_id: str, to: str, today: date) -> None:
    """What they hold that is no case: houses between two owners, handovers, a company, a copy that was put back."""
    kept = "" if to == STAFF_DESK else to
    await connection.execute(update(houses).where(houses.c.keeper_id == person_id).values(keeper_id=kept))
    await connection.execute(update(watches).where(watches.c.holder == person_id).values(holder=to))
    await handovers.give_back(connection, person_id, to)
    await restored.give_back(connection, person_id, today, to)


async def _cover_some(connection: AsyncConnection, pins: Pins, now: datetime) -> int:
    """A batch of what lies with anybody who is away goes to who stands in; how many, 0 once there is none."""
    away = await away_now(connection)
    theirs = (cases.c.holder.in_(away), cases.c.phase != Phase.CLOSED)
    query = select(cases.c.id, cases.c.house_id).where(*theirs).order_by(cases.c.id).limit(BATCH)
    found = {row.id: row.house_id for row in await connection.execute(query)}
    await lock_houses(connection, set(found.values()))
    households = await load_households(connection, set(found.values()))
    scenes = (await load_scenes(connection, list(found), households)).values()
    held = [scene for scene in scenes if scene.case.holder in away]
    outcomes = [cover(scene, scene.case.holder, stand_in(away, scene.case.holder), now) for scene in held]
    await commit(connection, pins, outcomes, now)
    return len(outcomes)
