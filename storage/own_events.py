"""Earthquakes and storms, as far as they concern a submitter's houses."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.seen import ORDER
from bot.core.submitter import Submitter
from storage.event_list import FOUND, Line, lines_where
from storage.own_houses import looked_after
from storage.tables import cases, event_houses, events, houses


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins in a list that goes back in time: after what has this instant and these names."""

    at: datetime
    id: str
    seq: int = 0


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
