"""Earthquakes and storms, and houses that changed companies, as far as they concern a submitter's houses."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, false, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.people import servicer_key
from bot.core.seen import ORDER
from bot.core.submitter import Submitter
from storage.event_list import FOUND, Line, lines_where
from storage.own_houses import looked_after
from storage.tables import OF_COMPANIES, cases, event_houses, events, facts, houses


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins in a list that goes back in time: after what has this instant and these names."""

    at: datetime
    id: str
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """A house that went from one company to another; a company that is not theirs is empty."""

    at: datetime
    house_id: str
    seq: int
    before: str
    now: str


async def own_events(
    connection: AsyncConnection, who: Submitter, after: Place | None, limit: int
) -> list[tuple[Row[Any], Mapping[str, int]]]:
    """The events with a house of theirs on the list, the latest first, with how many were found in which state."""
    query = select(events).order_by(events.c.happened_at.desc(), events.c.id)
    if not who.everything:
        query = query.where(events.c.id.in_(_listed(who)))
    if after is not None:
        same = and_(events.c.happened_at == after.at, events.c.id > after.id)
        query = query.where(or_(events.c.happened_at < after.at, same))
    rows = (await connection.execute(query.limit(limit))).all()
    counts = await _counts(connection, who, [row.id for row in rows])
    return [(row, counts[row.id]) for row in rows]


def _listed(who: Submitter) -> Any:
    mine = select(event_houses.c.event_id).join(houses, houses.c.id == event_houses.c.house_id)
    return mine.where(event_houses.c.active, looked_after(who))


async def _counts(connection: AsyncConnection, who: Submitter, ids: Sequence[str]) -> Mapping[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(map(str, ORDER), 0))
    query = select(event_houses.c.event_id, FOUND.label("sorted"), func.count().label("number"))
    query = query.join(houses, houses.c.id == event_houses.c.house_id)
    query = query.join(cases, cases.c.id == event_houses.c.case_id)
    mine = query.where(event_houses.c.event_id.in_(ids), event_houses.c.active, looked_after(who))
    for row in await connection.execute(mine.group_by(event_houses.c.event_id, FOUND)):
        found[row.event_id][row.sorted] = row.number
    return found


async def own_event(connection: AsyncConnection, who: Submitter, event_id: str) -> bool:
    """Whether there is such an event with a house of theirs on its list."""
    query = select(events.c.id).where(events.c.id == event_id)
    if not who.everything:
        query = query.where(events.c.id.in_(_listed(who)))
    return (await connection.execute(query)).scalar() is not None


async def own_lines(connection: AsyncConnection, who: Submitter, place: tuple[str, str], limit: int) -> Sequence[Line]:
    """Their houses on an event's list in the order of their ids; ``place``: the event, and the house to begin after."""
    event_id, after = place
    here = and_(event_houses.c.event_id == event_id, event_houses.c.house_id > after, looked_after(who))
    return await lines_where(connection, here, limit)


async def own_changes(connection: AsyncConnection, who: Submitter, after: Place | None, limit: int) -> list[Change]:
    """Houses that came to them or went from them, by the record, the latest first."""
    query = select(facts).where(text(OF_COMPANIES), facts.c.kind == "servicer_changed")
    if not who.everything:
        named = [f'"{servicer_key(one)}"' for one in sorted(who.companies)]
        query = query.where(or_(false(), *(facts.c.data.contains(name, autoescape=True) for name in named)))
    if after is not None:
        later = and_(facts.c.house_id == after.id, facts.c.seq < after.seq)
        same = and_(facts.c.at == after.at, or_(facts.c.house_id > after.id, later))
        query = query.where(or_(facts.c.at < after.at, same))
    query = query.order_by(facts.c.at.desc(), facts.c.house_id, facts.c.seq.desc()).limit(limit)
    return [_change(row, who) for row in await connection.execute(query)]


def _change(row: Row[Any], who: Submitter) -> Change:
    data = json.loads(row.data)
    before, now = (str(data[name]).partition(":")[2] for name in ("from", "to"))
    theirs = [one if who.everything or one in who.companies else "" for one in (before, now)]
    return Change(row.at, row.house_id, row.seq, *theirs)
