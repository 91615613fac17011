"""What the staff decided about an event is carried out, a bounded batch at a time.

How far it has come stands in the event's row and is written in the transaction of its batch, so that a process that is
killed in the middle is gone on with where it stopped. Houses are found by the index of their municipality.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import Check, Scene
from bot.core.days import civil, morning
from bot.core.event import Event, State, concerned, held_until, strongest_first
from bot.core.house import Household
from bot.core.ladder import EVENT, EVENT_DAYS
from bot.core.municipality import forms_of
from bot.core.outcome import Mode, Outcome, Say
from bot.core.self_check import begin, call_off, join
from scheduler.batches import BATCH, until_none_is_left
from storage.bulletins import WAITS, proposal
from storage.cases import load_scenes, load_scenes_of
from storage.commit import commit
from storage.event_list import companies_of, who_was_asked
from storage.events import (
    DONE,
    END,
    OPEN,
    REMIND,
    TELL,
    elsewhere_active,
    event_of,
    go_on,
    houses_at,
    houses_codes,
    listed,
    next_due,
    next_morning,
    on_list,
    put_on_list,
    take_off,
)
from storage.households import load_households, lock_houses
from storage.pins import Pins
from storage.store import Store
from storage.tables import houses


async def carry_out(store: Store, now: datetime) -> int:
    """Everything that is due about events; how many batches it took."""
    return await until_none_is_left(partial(_batch, store, now))


async def _batch(store: Store, now: datetime) -> int:
    async with store.write() as connection:
        row = await next_due(connection, now)
        if row is not None:
            await STEPS[row.stage](connection, store.pins, row, now)
    return int(row is not None)


async def _remind(connection: AsyncConnection, pins: Pins, row: Row[Any], now: datetime) -> None:
    """Nobody has decided yet: the desk is told again every morning."""
    event = event_of(row)
    says = await proposal(connection, event, WAITS) if event.waits else ()
    await commit(connection, pins, [Outcome(says=says)], now)
    await go_on(connection, event.id, *((REMIND, next_morning(now)) if says else (DONE, None)))


async def _end(connection: AsyncConnection, pins: Pins, row: Row[Any], now: datetime) -> None:
    """Houses that are no longer concerned are called off."""
    event = event_of(row)
    rows = await on_list(connection, event.id, row.reached, BATCH)
    if not rows:
        await go_on(connection, event.id, OPEN, now)
        return
    ids = [one.house_id for one in rows]
    await lock_houses(connection, ids)
    households = await load_households(connection, ids)
    areas = strongest_first(event.asked_areas)
    gone = [one for one in rows if concerned(households[one.house_id].house, event, areas) is None]
    await _call_off(connection, pins, (event, gone, households), now)
    await go_on(connection, event.id, END, now, ids[-1])


async def _call_off(
    connection: AsyncConnection,
    pins: Pins,
    what: tuple[Event, Sequence[Row[Any]], Mapping[str, Household]],
    now: datetime,
) -> None:
    event, gone, households = what
    if not gone:
        return
    case_ids = [one.case_id for one in gone]
    still = await elsewhere_active(connection, event.id, case_ids)
    scenes = await load_scenes(connection, [case_id for case_id in case_ids if case_id not in still], households)
    asked = await who_was_asked(connection, scenes.values())
    outcomes = [call_off(scene, asked.get(case_id, ()), now) for case_id, scene in scenes.items()]
    await commit(connection, pins, outcomes, now)
    await take_off(connection, event.id, [one.house_id for one in gone])


async def _open(connection: AsyncConnection, pins: Pins, row: Row[Any], now: datetime) -> None:
    """Houses that are concerned are asked about, municipality by municipality."""
    event = event_of(row)
    found = await _next_houses(connection, event, row.reached)
    if found is None:
        await _opened(connection, event, now)
        return
    reached, ids = found
    await lock_houses(connection, ids)
    await _ask(connection, pins, (event, event.ask_on, ids), now)
    await go_on(connection, event.id, OPEN, now, reached)


async def ask_late(
    connection: AsyncConnection, pins: Pins, what: tuple[Sequence[Event], Sequence[str]], now: datetime
) -> None:
    """Houses that the walk has passed and of which it is known only now that they are concerned: their municipality
    was told late, or they were. ``what``: the events about which others are or were asked (see lately_released), and
    which houses; whoever calls has locked both.

    They are asked for as long as others are asked too. After that the staff have called whoever was silent, and these
    houses stand on the event's list for a call as well.
    """
    asked, house_ids = what
    for event in asked:
        if event.ask_on is None:
            continue
        over = civil(now) > event.ask_on + timedelta(days=EVENT_DAYS)
        await _ask(connection, pins, (event, None if over else event.ask_on, house_ids), now)


async def _ask(
    connection: AsyncConnection, pins: Pins, what: tuple[Event, date | None, Sequence[str]], now: datetime
) -> None:
    """Those of these houses that are concerned and do not stand on the event's list yet: asked on a day, or called."""
    event, on, house_ids = what
    areas = strongest_first(event.asked_areas)
    households = await load_households(connection, house_ids)
    known = await listed(connection, event.id, house_ids)
    levels = {
        house_id: level
        for house_id, household in households.items()
        if not (house_id in known and known[house_id].active)
        and (level := concerned(household.house, event, areas)) is not None
    }
    await _look(connection, pins, (event, on, levels, households), now)


async def _opened(connection: AsyncConnection, event: Event, now: datetime) -> None:
    """All are asked about; the companies are told on the morning after the owners were."""
    if event.state is State.RELEASED and event.ask_on is not None:
        await go_on(connection, event.id, TELL, max(morning(event.ask_on + timedelta(days=1)), now))
    else:
        await go_on(connection, event.id, DONE, None)


async def _next_houses(connection: AsyncConnection, event: Event, reached: str) -> tuple[str, list[str]] | None:
    """The next houses and where they end; None when there are no more."""
    codes = sorted({form for code in houses_codes(event, event.asked_areas) for form in forms_of(code)})
    code, _, after = reached.partition(" ")
    if code:
        ids = await houses_at(connection, code, after, BATCH)
        if ids:
            return f"{code} {ids[-1]}", ids
    for following in codes[bisect_right(codes, code) :]:
        ids = await houses_at(connection, following, "", BATCH)
        if ids:
            return f"{following} {ids[-1]}", ids
    return None


async def _look(
    connection: AsyncConnection,
    pins: Pins,
    what: tuple[Event, date | None, Mapping[str, str], Mapping[str, Household]],
    now: datetime,
) -> None:
    event, on, levels, households = what
    if not levels or event.ask_on is None:
        return
    concern = {house_id: households[house_id] for house_id in levels}
    open_cases = await load_scenes_of(connection, concern)
    counted = select(houses.c.id, houses.c.case_count).where(houses.c.id.in_(levels))
    numbers = {row.id: row.case_count + 1 for row in await connection.execute(counted)}
    outcomes = []
    for house_id, household in concern.items():
        check = Check(event.id, event.bulletin.hazard, civil(event.at), levels[house_id])
        standing = _standing(open_cases[house_id])
        if standing is not None:
            outcomes.append(join(standing, check, event.ask_on, now))
        else:
            outcomes.append(begin(household, numbers[house_id], check, on, now))
    await commit(connection, pins, outcomes, now)
    rows = [_line(event, outcome, levels[outcome.house_id]) for outcome in outcomes]
    await put_on_list(connection, rows)


def _standing(scenes: Sequence[Scene]) -> Scene | None:
    """The case of an earlier event that is still open there."""
    return next((scene for scene in scenes if scene.case.ladder == EVENT), None)


def _line(event: Event, outcome: Outcome, level: str) -> dict[str, Any]:
    case = outcome.cases[-1]
    return {
        "event_id": event.id,
        "house_id": outcome.house_id,
        "level": level,
        "case_id": case.id,
        "found": "silent",
        "held_until": held_until(event.at),
    }


async def _tell(connection: AsyncConnection, pins: Pins, row: Row[Any], now: datetime) -> None:
    """Each company is told once how its houses are, the urgent ones by their number."""
    event = event_of(row)
    told = await companies_of(connection, event)
    says = tuple(Say(to, "servicer_houses", params, mode=Mode.CHECK) for to, params in told.items())
    await commit(connection, pins, [Outcome(says=says)], now)
    await go_on(connection, event.id, *((REMIND, next_morning(now)) if event.waits else (DONE, None)))


STEPS = {REMIND: _remind, END: _end, OPEN: _open, TELL: _tell}
