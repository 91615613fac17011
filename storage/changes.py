"""The changes beside the cases that an outcome may ask for, one small function each."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.days import civil, morning
from storage.people import end_address
from storage.tables import (
    addresses,
    cases,
    house_owners,
    houses,
    inbound,
    letters,
    mandates,
    outbox,
    pauses,
    people,
    plan_items,
    talks,
)

Data = Mapping[str, Any]
Apply = Callable[[AsyncConnection, str, Data, datetime], Awaitable[None]]


async def items_next(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    """The next dates of plan items: code → (due date, backstop, gaps written down)."""
    table = plan_items.c
    statement = update(plan_items).where(
        table.house_id == bindparam("house"), table.code == bindparam("item"), table.current
    )
    values: dict[str, Any] = {
        "next_due_on": bindparam("due"),
        "backstop_on": bindparam("stop"),
        "gaps_noted": bindparam("gaps"),
    }
    rows = [
        {"house": house_id, "item": code, "due": due, "stop": stop, "gaps": gaps}
        for code, (due, stop, gaps) in data.items()
    ]
    await connection.execute(statement.values(values), rows)


async def servicer_chosen(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    await connection.execute(
        update(houses).where(houses.c.id == house_id).values(servicer_id=data["servicer_id"], wake_on=civil(now))
    )


async def mandate_given(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    """The owner's two consents: text version and hash, channel and evidence."""
    await connection.execute(
        insert(mandates).values(
            house_id=house_id,
            person_id=data["person_id"],
            information_on=civil(now),
            mandate_on=civil(now),
            text_version=data["text_version"],
            text_hash=data["text_hash"],
            channel=data["channel"],
            source=data["source"],
            given_at=now,
        )
    )
    await refresh_mandates(connection, [house_id], civil(now))


async def mandate_withdrawn(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    """From now on nothing is said about the house to anybody but staff."""
    mine = and_(mandates.c.house_id == house_id, mandates.c.person_id == data["person_id"])
    living = and_(mine, mandates.c.withdrawn_on.is_(None))
    await connection.execute(update(mandates).where(living).values(withdrawn_on=civil(now)))
    await refresh_mandates(connection, [house_id], civil(now))


async def refresh_mandates(connection: AsyncConnection, house_ids: list[str], today: date) -> None:
    """Works out anew whether every owner's two consents hold, and wakes the houses for which that changed."""
    holds = (
        (mandates.c.house_id == house_owners.c.house_id)
        & (mandates.c.person_id == house_owners.c.person_id)
        & (mandates.c.information_on <= today)
        & (mandates.c.mandate_on <= today)
        & or_(mandates.c.withdrawn_on.is_(None), mandates.c.withdrawn_on > today)
    )
    current = and_(house_owners.c.house_id == houses.c.id, house_owners.c.until_on.is_(None))
    without = select(house_owners.c.house_id).where(current, ~select(mandates.c.id).where(holds).exists())
    some = select(house_owners.c.house_id).where(current)
    mandated = some.exists() & ~without.exists()
    moved = and_(houses.c.id.in_(house_ids), houses.c.mandated != mandated)
    changed = update(houses).where(moved).values(mandated=mandated).returning(houses.c.id)
    woken = list((await connection.execute(changed)).scalars())
    if woken:
        mine = and_(cases.c.house_id.in_(woken), cases.c.next_action_at.is_not(None))
        await connection.execute(update(cases).where(mine).values(next_action_at=morning(today, 0)))


async def channel_ended(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    await end_address(connection, data["person_id"], data["channel"], data["why"], now)


async def support_ended(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    """A person's support ends: every mandate of theirs, for every house."""
    mine = (mandates.c.person_id == data["person_id"], mandates.c.withdrawn_on.is_(None))
    await connection.execute(update(mandates).where(*mine).values(withdrawn_on=civil(now)))
    await connection.execute(update(people).where(people.c.id == data["person_id"]).values(ended_on=civil(now)))
    owned = select(house_owners.c.house_id).where(house_owners.c.person_id == data["person_id"])
    await refresh_mandates(connection, list((await connection.execute(owned)).scalars()), civil(now))


async def person_erased(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    """What we know of a person is gone: name, addresses, what was written to them and by them. The record stays."""
    person_id = data["person_id"]
    blank = {"name": "", "kana": "", "phone": "", "channel_order": "", "erased_on": civil(now)}
    await connection.execute(update(people).where(people.c.id == person_id).values(**blank))
    rows = (await connection.execute(select(addresses.c.address).where(addresses.c.person_id == person_id))).scalars()
    for address in list(rows):
        digest = hashlib.sha256(f"{person_id} {address}".encode()).hexdigest()[:16]
        mine = (addresses.c.person_id == person_id, addresses.c.address == address)
        gone = {"address": f"erased-{digest}", "ended_at": func.coalesce(addresses.c.ended_at, int(now.timestamp()))}
        await connection.execute(update(addresses).where(*mine).values(**gone))
    written = update(outbox).where(outbox.c.person_id == person_id)
    await connection.execute(written.where(outbox.c.state == "waiting").values(state="dropped", detail="erased"))
    await connection.execute(written.values(parts=[], address=""))
    await connection.execute(update(inbound).where(inbound.c.person_id == person_id).values(raw={}))
    await connection.execute(update(talks).where(talks.c.person_id == person_id).values(state={}))


async def person_set(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    """A person's own settings: language, hours."""
    values = {name: data[name] for name in ("language", "hour_from", "hour_until") if name in data}
    await connection.execute(update(people).where(people.c.id == data["person_id"]).values(**values))


async def owner_resumed(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    await connection.execute(update(people).where(people.c.id == data["person_id"]).values(ended_on=None))


async def letter_answered(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    await connection.execute(update(letters).where(letters.c.code == data["code"]).values(returned_on=civil(now)))


async def paused(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    row = {"scope": data["scope"], "reason": data["reason"], "by": data["by"], "since_at": now}
    await connection.execute(insert(pauses).values(**row))


async def unpaused(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    mine = (pauses.c.scope == data["scope"], pauses.c.until_at.is_(None))
    await connection.execute(update(pauses).where(*mine).values(until_at=now))


APPLY: dict[str, Apply] = {
    "items_next": items_next,
    "servicer_chosen": servicer_chosen,
    "mandate_given": mandate_given,
    "mandate_withdrawn": mandate_withdrawn,
    "channel_ended": channel_ended,
    "support_ended": support_ended,
    "owner_resumed": owner_resumed,
    "person_erased": person_erased,
    "person_set": person_set,
    "letter_answered": letter_answered,
    "paused": paused,
    "unpaused": unpaused,
}
