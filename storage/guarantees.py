"""What the guarantor's core system has told, as rows, and what follows from all of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.days import civil
from bot.core.entitlement import Entitled, Placed, changes, differs, entitlements, homes_of, lies_with_staff, raised
from bot.core.guarantee import Kind, Told
from bot.core.outcome import Outcome
from storage.concern import next_case_number
from storage.households import load_households, lock_houses
from storage.tables import guarantor_events, houses

SHOWN = 300
of_event = guarantor_events.c


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Something told of a guarantee for which no house of ours is known; ``told_on`` is the day on which it came."""

    told: Told
    told_on: date


async def take_told(connection: AsyncConnection, told: Told, now: datetime) -> list[Outcome]:
    """Keeps one event; what follows. The caller sees to it that one event is taken at a time."""
    known = select(of_event.id).where(of_event.id == told.id)
    if (await connection.execute(known)).first() is not None:
        return []
    await connection.execute(insert(guarantor_events).values(**_row(told), told_on=civil(now)))
    return await settle_told(connection, {told.guarantee_no}, now)


async def match_again(connection: AsyncConnection, now: datetime) -> list[Outcome]:
    """What had no house may have one by now: builders' files come later."""
    query = select(of_event.guarantee_no).where(of_event.house_id.is_(None)).order_by(of_event.told_on)
    numbers = set((await connection.execute(query.limit(SHOWN))).scalars())
    return await settle_told(connection, numbers, now) if numbers else []


async def unmatched(connection: AsyncConnection, limit: int = SHOWN) -> list[Unmatched]:
    """What has no house, the oldest first."""
    query = select(guarantor_events).where(of_event.house_id.is_(None)).order_by(of_event.told_on, of_event.id)
    return [Unmatched(_told(row), row.told_on) for row in (await connection.execute(query.limit(limit))).all()]


async def settle_told(connection: AsyncConnection, numbers: Collection[str], now: datetime) -> list[Outcome]:
    """Works out anew, from everything told, which guarantee is whose and which is over, around these numbers."""
    fresh = await _name_houses(connection, numbers)
    _, before = await _around(connection, set(numbers))
    await lock_houses(connection, before)
    events, before = await _around(connection, set(numbers))
    after = entitlements(before, events)
    homes = homes_of(after, events)
    at = [Placed(told, house_id) for told, house_id in fresh if differs(told, house_id, after)]
    at += await _bring_home(connection, events, homes)
    return [*changes(before, after), *await _raised(connection, at, civil(now))]


async def _name_houses(connection: AsyncConnection, numbers: Collection[str]) -> list[tuple[Told, str]]:
    """New guarantees whose house is known from now on."""
    waiting = (of_event.guarantee_no.in_(numbers), of_event.kind == Kind.NEW, of_event.house_id.is_(None))
    found = []
    for row in (await connection.execute(select(guarantor_events).where(*waiting).order_by(of_event.id))).all():
        house_id = await _house_of(connection, _told(row))
        if house_id:
            await _bind(connection, row.id, house_id)
            found.append((_told(row), house_id))
    return found


async def _house_of(connection: AsyncConnection, told: Told) -> str:
    """The one house of this common ID and this certificate, whichever are given; empty where it is not one."""
    named = []
    if told.common_id:
        named.append(houses.c.common_id == told.common_id)
    if told.certificate_no:
        named.append(houses.c.certificate_no == told.certificate_no)
    ids = (await connection.execute(select(houses.c.id).where(*named).limit(2))).scalars().all()
    return ids[0] if len(ids) == 1 else ""


async def _around(connection: AsyncConnection, numbers: set[str]) -> tuple[list[Placed], dict[str, Entitled]]:
    """All events that these numbers hang together with, and what the houses concerned have now."""
    known: set[str] = set()
    rows: Sequence[Row[Any]] = ()
    ids: set[str] = set()
    while not numbers <= known:
        known |= numbers
        told_of = or_(of_event.guarantee_no.in_(known), and_(of_event.kind == Kind.NEW, of_event.house_id.in_(ids)))
        rows = (await connection.execute(select(guarantor_events).where(told_of).order_by(of_event.id))).all()
        ids |= {row.house_id for row in rows if row.house_id and row.kind == Kind.NEW}
        held = await _entitled(connection, or_(houses.c.id.in_(ids), houses.c.guarantee_no.in_(known)))
        ids |= held.keys()
        beside = select(of_event.guarantee_no).where(of_event.kind == Kind.NEW, of_event.house_id.in_(ids))
        numbers = {row.guarantee_no for row in rows} | set((await connection.execute(beside)).scalars())
        numbers |= {has.guarantee_no for has in held.values() if has.guarantee_no}
    return [Placed(_told(row), row.house_id or "") for row in rows], held


async def _entitled(connection: AsyncConnection, which: ColumnElement[bool]) -> dict[str, Entitled]:
    columns = (houses.c.id, houses.c.guarantee_no, houses.c.residual_month, houses.c.guarantee_ended_on)
    rows = await connection.execute(select(*columns).where(which).order_by(houses.c.id))
    return {row.id: Entitled(row.guarantee_no or "", row.residual_month, row.guarantee_ended_on) for row in rows}


async def _bring_home(connection: AsyncConnection, events: Sequence[Placed], homes: Mapping[str, str]) -> list[Placed]:
    """Whatever else was told of a number belongs to the house that has it now; what is new to the staff there."""
    found = []
    for one in events:
        home = homes.get(one.told.guarantee_no, "")
        if one.told.kind is Kind.NEW or not home or home == one.house_id:
            continue
        await _bind(connection, one.told.id, home)
        if lies_with_staff(one.told):
            found.append(Placed(one.told, home))
    return found


async def _bind(connection: AsyncConnection, event_id: str, house_id: str) -> None:
    await connection.execute(update(guarantor_events).where(of_event.id == event_id).values(house_id=house_id))


async def _raised(connection: AsyncConnection, at: Sequence[Placed], today: date) -> list[Outcome]:
    ids = sorted({one.house_id for one in at})
    households = await load_households(connection, ids)
    numbers = {house_id: await next_case_number(connection, house_id) for house_id in ids}
    found = []
    for one in at:
        found.append(raised(one.told, households[one.house_id], numbers[one.house_id], today))
        numbers[one.house_id] += 1
    return found


def _row(told: Told) -> dict[str, Any]:
    return {
        "id": told.id,
        "kind": told.kind,
        "guarantee_no": told.guarantee_no,
        "on_day": told.on,
        "at": told.at,
        "common_id": told.common_id,
        "certificate_no": told.certificate_no,
        "residual_month": told.residual_month,
    }


def _told(row: Row[Any]) -> Told:
    return Told(
        id=row.id,
        kind=Kind(row.kind),
        guarantee_no=row.guarantee_no,
        on=row.on_day,
        at=row.at,
        common_id=row.common_id,
        certificate_no=row.certificate_no,
        residual_month=row.residual_month,
    )
