"""The list of an event: every house it is about, the most urgent first, with what was seen and whose move it is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import Scene
from bot.core.days import civil
from bot.core.event import Event, local
from bot.core.outcome import Mode
from bot.core.people import Person, servicer_key
from bot.core.seen import DANGER, ORDER, Found
from bot.core.self_check import ASKED
from storage.outbox import SENDING, SENT, UNKNOWN
from storage.tables import cases, event_houses, events, houses, outbox

URGENT = ("emergency", "event_danger")
NAMED = 20  # houses that a message to a company names one by one
PAGE = 200
# What an owner wrote of danger beside the questions makes it as urgent as an answer does.
FOUND: ColumnElement[Any] = case((cases.c.reason.in_(URGENT), DANGER), else_=event_houses.c.found)
RANK = case({found: rank for rank, found in enumerate(ORDER)}, value=FOUND, else_=len(ORDER))


@dataclass(frozen=True, slots=True)
class Line:
    """One house on the list. The answers are empty where there are none; ``next_on`` where nothing is open any more."""

    event_id: str
    house_id: str
    found: Found
    level: str
    municipality: str
    servicer_id: str
    mandated: bool
    case_id: str
    holder: str
    reason: str
    next_on: date | None
    answers: Mapping[str, str]


def _lines() -> Select[Any]:
    about_house = (houses.c.municipality_code, houses.c.servicer_id, houses.c.mandated)
    about_case = (cases.c.holder, cases.c.reason, cases.c.next_action_at, cases.c.state)
    query = select(event_houses, FOUND.label("sorted"), *about_house, *about_case)
    query = query.join(houses, houses.c.id == event_houses.c.house_id)
    return query.join(cases, cases.c.id == event_houses.c.case_id).where(event_houses.c.active)


async def lines_of(connection: AsyncConnection, event_id: str, after: int = 0, limit: int = PAGE) -> list[Line]:
    """A page of an event's list, the most urgent first; ``after`` so many."""
    query = _lines().where(event_houses.c.event_id == event_id).order_by(RANK, event_houses.c.house_id)
    return [_line(row) for row in await connection.execute(query.limit(limit).offset(after))]


async def lines_for(connection: AsyncConnection, servicer_id: str, since: datetime, limit: int = PAGE) -> list[Line]:
    """The houses of one company after the events since then, the most urgent first; only those with a mandate."""
    lately = select(events.c.id).where(events.c.happened_at >= since)
    mine = (houses.c.servicer_id == servicer_id, houses.c.mandated, event_houses.c.event_id.in_(lately))
    query = _lines().where(*mine).order_by(RANK, event_houses.c.house_id)
    return [_line(row) for row in await connection.execute(query.limit(limit))]


async def lines_where(connection: AsyncConnection, which: ColumnElement[bool], limit: int) -> list[Line]:
    """Lines in the order of their houses."""
    query = _lines().where(which).order_by(event_houses.c.house_id)
    return [_line(row) for row in await connection.execute(query.limit(limit))]


def _line(row: Row[Any]) -> Line:
    check = row.state.get("check") or {}
    return Line(
        event_id=row.event_id,
        house_id=row.house_id,
        found=Found(row.sorted),
        level=row.level,
        municipality=row.municipality_code,
        servicer_id=row.servicer_id or "",
        mandated=row.mandated,
        case_id=row.case_id,
        holder=row.holder,
        reason=row.reason,
        next_on=civil(row.next_action_at) if row.next_action_at else None,
        answers={name: check.get(name, "") for name in ("outside", "inside", "sticker")},
    )


async def companies_of(connection: AsyncConnection, event: Event) -> dict[str, dict[str, Any]]:
    """For each company with houses on the list, what it is told of them: numbers, and the urgent ones by their ids."""
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    query = select(houses.c.servicer_id, FOUND.label("sorted"), func.count().label("number"))
    query = query.join(event_houses, event_houses.c.house_id == houses.c.id)
    query = query.join(cases, cases.c.id == event_houses.c.case_id)
    mine = (event_houses.c.event_id == event.id, event_houses.c.active, houses.c.mandated)
    there = query.where(*mine, houses.c.servicer_id.is_not(None)).group_by(houses.c.servicer_id, FOUND)
    for row in await connection.execute(there):
        counts[row.servicer_id][row.sorted] = row.number
    urgent = await _urgent(connection, event)
    return {
        servicer_key(servicer_id): {
            "hazard": event.bulletin.hazard,
            "at": local(event.at),
            "counts": {found: count.get(found, 0) for found in ORDER},
            "urgent": urgent.get(servicer_id, [])[:NAMED],
        }
        for servicer_id, count in counts.items()
    }


async def _urgent(connection: AsyncConnection, event: Event) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    pressing = or_(event_houses.c.found.in_((Found.DANGER, Found.DAMAGE)), cases.c.reason.in_(URGENT))
    query = _lines().where(event_houses.c.event_id == event.id, houses.c.mandated, pressing)
    for row in await connection.execute(query.order_by(RANK, event_houses.c.house_id)):
        found[row.servicer_id or ""].append(row.house_id)
    return found


async def who_was_asked(connection: AsyncConnection, scenes: Iterable[Scene]) -> dict[str, Sequence[Person]]:
    """By case, the owners whom the question has reached, as far as anybody knows."""
    known = {scene.case.id: {owner.id: owner for owner in scene.household.owners} for scene in scenes}
    owners = {owner for people in known.values() for owner in people}
    gone = (outbox.c.person_id.in_(owners), outbox.c.mode == Mode.CHECK, outbox.c.state.in_((SENT, SENDING, UNKNOWN)))
    found: dict[str, dict[str, Person]] = defaultdict(dict)
    for row in await connection.execute(select(outbox.c.person_id, outbox.c.parts).where(*gone)):
        for part in row.parts:
            person = known.get(part["case"], {}).get(row.person_id)
            if part["kind"] == ASKED and person is not None:
                found[part["case"]][person.id] = person
    return {case_id: tuple(people.values()) for case_id, people in found.items()}
