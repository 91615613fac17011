"""Events as rows: what was told of them, and which houses stand on their lists."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, case, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.days import civil, morning
from bot.core.event import Bulletin, Event, Hazard, State, concerned, perhaps, release, strongest_first, worth_looking
from bot.core.house import House
from bot.core.municipality import NUMBERED, forms_of, kin_of
from bot.core.people import QUIET_FROM
from bot.core.seen import Found
from storage.cases import StaleCaseError
from storage.tables import event_houses, events, houses

TOLD = 1  # the version of an event's JSON
# What is done next: the desk reminded, houses called off, houses asked about, companies told, nothing.
REMIND, END, OPEN, TELL, DONE = "remind", "end", "open", "tell", ""
SHOWN = 50
# A hold that ended before that can hold up no silence that still counts; and nobody looks at what shook a house then.
REMEMBERED = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Count:
    """How many houses an event concerns: those whose owners may be asked, and those without a mandate.

    ``unplaced``: nobody has told their municipality, and by their prefecture they may be concerned.
    """

    asked: int = 0
    unmandated: int = 0
    unplaced: int = 0


async def load_event(connection: AsyncConnection, event_id: str, *, lock: bool = False) -> Event | None:
    """``lock``: nobody else changes it until the transaction ends (on SQLite nobody else writes at all)."""
    query = select(events).where(events.c.id == event_id)
    if lock and connection.dialect.name != "sqlite":
        query = query.with_for_update()
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else event_of(row)


async def latest_events(connection: AsyncConnection, limit: int = SHOWN) -> list[Row[Any]]:
    """The latest first."""
    query = select(events).order_by(events.c.happened_at.desc(), events.c.id).limit(limit)
    return list((await connection.execute(query)).all())


async def lately_released(connection: AsyncConnection, now: datetime) -> list[Event]:
    """The events of the last while about which owners are, or were, asked, locked for us: mostly none."""
    mine = (events.c.happened_at > now - REMEMBERED, events.c.state == State.RELEASED)
    query = select(events).where(*mine).order_by(events.c.id)
    if connection.dialect.name != "sqlite":
        query = query.with_for_update()
    return [event_of(row) for row in await connection.execute(query)]


async def next_due(connection: AsyncConnection, now: datetime) -> Row[Any] | None:
    """The event with which something is to be done now, locked for us; None for none."""
    query = select(events).where(events.c.next_at <= now).order_by(events.c.next_at, events.c.id).limit(1)
    if connection.dialect.name != "sqlite":
        query = query.with_for_update(skip_locked=True)
    return (await connection.execute(query)).one_or_none()


async def go_on(
    connection: AsyncConnection, event_id: str, stage: str, next_at: datetime | None, reached: str = ""
) -> None:
    """What is done next with an event, from where, and when."""
    values = {"stage": stage, "next_at": next_at, "reached": reached}
    await connection.execute(update(events).where(events.c.id == event_id).values(**values))


def event_of(row: Row[Any]) -> Event:
    told = row.told
    return Event(
        bulletin=Bulletin(
            event=row.id,
            hazard=Hazard(row.hazard),
            at=row.happened_at,
            told_at=datetime.fromtimestamp(told["told_at"], UTC),
            source=told["source"],
            serial=told["serial"],
            areas=told["areas"],
            cancelled=told["cancelled"],
            title=told["title"],
        ),
        state=State(row.state),
        version=row.version,
        released=told["released"],
        released_version=told["released_version"],
        ask_on=date.fromisoformat(told["ask_on"]) if told["ask_on"] else None,
    )


async def save_event(connection: AsyncConnection, event: Event, **beside: Any) -> None:
    """Writes an event; ``beside``: other columns of its row. The first version is added."""
    values = _row(event) | beside
    if event.version == 1 and await load_event(connection, event.id) is None:
        await connection.execute(insert(events).values(**values))
    else:
        await connection.execute(update(events).where(events.c.id == event.id).values(**values))


def _row(event: Event) -> dict[str, Any]:
    told = event.bulletin
    return {
        "id": event.id,
        "hazard": told.hazard,
        "happened_at": event.at,
        "state": event.state,
        "version": event.version,
        "told": {
            "v": TOLD,
            "told_at": told.told_at.timestamp(),
            "source": told.source,
            "serial": told.serial,
            "areas": dict(told.areas),
            "cancelled": told.cancelled,
            "title": told.title,
            "released": dict(event.released),
            "released_version": event.released_version,
            "ask_on": event.ask_on.isoformat() if event.ask_on else "",
        },
    }


async def count_concerned(connection: AsyncConnection, event: Event, areas: Mapping[str, str]) -> Count:
    """How many houses would be asked about, by the index of municipalities; never on the send path."""
    codes = [form for code in houses_codes(event, areas) for form in forms_of(code)]
    day, strongest = civil(event.at), strongest_first(areas)
    asked = unmandated = 0
    for some in (codes[at : at + 500] for at in range(0, len(codes), 500)):
        for row in await connection.execute(_alike(some, day)):
            house = _house(row, day)
            if concerned(house, event, strongest) is not None:
                asked += row.number if row.mandated else 0
                unmandated += 0 if row.mandated else row.number
    return Count(asked, unmandated, await _unplaced(connection, event, strongest))


async def _unplaced(connection: AsyncConnection, event: Event, strongest: Mapping[str, str]) -> int:
    """Of the houses without a municipality code, those that may be concerned all the same."""
    day = civil(event.at)
    there = (houses.c.municipality_code == "", houses.c.handed_over_on <= day)
    named = [(houses.c.address.startswith(name), number) for number, name in NUMBERED.items()]
    what = (houses.c.municipality_code, houses.c.event_intensity, houses.c.event_wind)
    one = select(*what, case(*named, else_="").label("prefecture")).where(*there).subquery()
    query = select(one, func.count().label("number")).group_by(*one.c)
    rows = (await connection.execute(query)).all() if worth_looking(event, strongest) else ()
    return sum(row.number for row in rows if perhaps(_house(row, day), event, row.prefecture, strongest))


def _alike(codes: Sequence[str], day: date) -> Select[Any]:
    """Houses that are alike in all that matters here, with their number."""
    what = (houses.c.municipality_code, houses.c.event_intensity, houses.c.event_wind, houses.c.mandated)
    there = (houses.c.municipality_code.in_(codes), houses.c.handed_over_on <= day)
    return select(*what, func.count().label("number")).where(*there).group_by(*what)


def _house(row: Row[Any], day: date) -> House:
    place = row.municipality_code
    strong, wind = row.event_intensity, row.event_wind
    return House("", day, day, 0, day, municipality=place, event_intensity=strong, event_wind=wind)


def houses_codes(event: Event, areas: Mapping[str, str]) -> list[str]:
    """Every code under which houses there may be known, in order."""
    return sorted({kin for code in worth_looking(event, areas) for kin in kin_of(code)})


async def houses_at(connection: AsyncConnection, code: str, after: str, limit: int) -> list[str]:
    """Houses of one municipality in the order of their ids, from one id on."""
    here = (houses.c.municipality_code == code, houses.c.id > after)
    return list(
        (await connection.execute(select(houses.c.id).where(*here).order_by(houses.c.id).limit(limit))).scalars()
    )


async def on_list(connection: AsyncConnection, event_id: str, after: str, limit: int) -> list[Row[Any]]:
    """What stands on an event's list and was not called off, in the order of the houses, from one id on."""
    mine = (event_houses.c.event_id == event_id, event_houses.c.house_id > after, event_houses.c.active)
    query = select(event_houses).where(*mine).order_by(event_houses.c.house_id).limit(limit)
    return list((await connection.execute(query)).all())


async def listed(connection: AsyncConnection, event_id: str, house_ids: Iterable[str]) -> dict[str, Row[Any]]:
    """The rows of these houses on an event's list, called off or not."""
    mine = (event_houses.c.event_id == event_id, event_houses.c.house_id.in_(list(house_ids)))
    return {row.house_id: row for row in await connection.execute(select(event_houses).where(*mine))}


async def put_on_list(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """New rows; one that was called off is back."""
    if not rows:
        return
    known = await listed(connection, rows[0]["event_id"], [row["house_id"] for row in rows])
    new = [row for row in rows if row["house_id"] not in known]
    if new:
        await connection.execute(insert(event_houses), new)
    for row in rows:
        if row["house_id"] in known:
            await connection.execute(update(event_houses).where(*_at(row)).values(**row, active=True))


def _at(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return (event_houses.c.event_id == row["event_id"], event_houses.c.house_id == row["house_id"])


async def take_off(connection: AsyncConnection, event_id: str, house_ids: Sequence[str]) -> None:
    """Called off: the row stays, so that it is known who was asked."""
    mine = (event_houses.c.event_id == event_id, event_houses.c.house_id.in_(house_ids))
    over = {"active": False, "held_until": datetime.fromtimestamp(0, UTC)}
    await connection.execute(update(event_houses).where(*mine).values(**over))


async def elsewhere_active(connection: AsyncConnection, event_id: str, case_ids: Sequence[str]) -> set[str]:
    """Of these cases, those that another event asks about as well."""
    mine = (event_houses.c.case_id.in_(case_ids), event_houses.c.event_id != event_id, event_houses.c.active)
    return set((await connection.execute(select(event_houses.c.case_id).where(*mine))).scalars())


async def holds_at(connection: AsyncConnection, house_ids: Iterable[str], now: datetime) -> dict[str, datetime]:
    """Until when nothing routine is said about these houses; those without a hold are left out."""
    wanted = [house_id for house_id in house_ids if house_id]
    if not wanted:
        return {}
    mine = (event_houses.c.house_id.in_(wanted), event_houses.c.held_until > now)
    query = select(event_houses.c.house_id, func.max(event_houses.c.held_until).label("until")).where(*mine)
    return {row.house_id: row.until for row in await connection.execute(query.group_by(event_houses.c.house_id))}


async def counts_of(connection: AsyncConnection, event_id: str) -> dict[str, int]:
    """How many houses on an event's list are how urgent."""
    mine = (event_houses.c.event_id == event_id, event_houses.c.active)
    query = select(event_houses.c.found, func.count()).where(*mine).group_by(event_houses.c.found)
    found = {str(name): int(count) for name, count in (await connection.execute(query)).all()}
    return {name: found[name] for name in Found if name in found}


def next_morning(now: datetime) -> datetime:
    """When the desk is told again, on a holiday too: houses may be in danger."""
    today = morning(civil(now), QUIET_FROM)
    return today if now < today else morning(civil(now) + timedelta(days=1), QUIET_FROM)


async def decided(connection: AsyncConnection, house_id: str, data: Mapping[str, Any], now: datetime) -> None:
    """One of the staff has decided about an event, at the version that they had before them."""
    event = await load_event(connection, data["event"], lock=True)
    if event is None or event.version != data["version"]:
        raise StaleCaseError
    after = release(event, now) if data["state"] == State.RELEASED else replace(event, state=State(data["state"]))
    await save_event(connection, after, by=data["by"], stage=END, reached="", next_at=now)


async def check_found(connection: AsyncConnection, house_id: str, data: Mapping[str, Any], now: datetime) -> None:
    """How urgent a house is, by what its owner has seen."""
    mine = event_houses.c.case_id == data["case"]
    await connection.execute(update(event_houses).where(mine).values(found=data["found"]))


async def check_moved(connection: AsyncConnection, house_id: str, data: Mapping[str, Any], now: datetime) -> None:
    """What is open about it now is another case: somebody comes to look."""
    mine = event_houses.c.case_id == data["case"]
    await connection.execute(update(event_houses).where(mine).values(case_id=data["to"]))
