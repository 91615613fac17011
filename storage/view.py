"""The whole truth about one house or one work, as plain data."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.people import STAFF_DESK, servicer_key
from storage.attempts import attempts_of
from storage.histories import history_view
from storage.record import SERVICE
from storage.tables import (
    addresses,
    cases,
    facts,
    house_owners,
    houses,
    mandates,
    notes,
    outbox,
    people,
    plan_items,
    records,
    servicers,
    statements,
    works,
)

PAUSES = (
    "sending_paused",
    "sending_resumed",
    "database_restored",
    "database_reconciled",
    "shadow_begun",
    "shadow_ended",
)
INTERNAL = frozenset({"fact_count", "fact_mac", "case_count", "sealed_count"})


def _plain(row: Row[Any], leave_out: frozenset[str] = frozenset()) -> dict[str, Any]:
    return {name: value for name, value in row._mapping.items() if name not in leave_out}


async def house_view(connection: AsyncConnection, house_id: str) -> dict[str, Any] | None:
    """Everything about a house; None for an unknown one."""
    house = (await connection.execute(select(houses).where(houses.c.id == house_id))).one_or_none()
    if house is None:
        return None
    of_house = {
        "plan": select(plan_items).where(plan_items.c.house_id == house_id).order_by(plan_items.c.code),
        "records": select(records).where(records.c.house_id == house_id).order_by(records.c.done_on, records.c.id),
        "works": select(works).where(works.c.house_id == house_id).order_by(works.c.due_on, works.c.id),
        "cases": select(cases).where(cases.c.house_id == house_id).order_by(cases.c.number),
        "mandates": select(mandates).where(mandates.c.house_id == house_id).order_by(mandates.c.id),
        "notes": select(notes).where(notes.c.house_id == house_id).order_by(notes.c.topic),
        "statements": select(statements).where(statements.c.house_id == house_id).order_by(statements.c.number),
    }
    view: dict[str, Any] = {"house": _plain(house, INTERNAL), "owners": await _owners(connection, house_id)}
    for name, query in of_house.items():
        view[name] = [_plain(row) for row in await connection.execute(query)]
    view |= await history_view(connection, house_id)
    view["facts"] = await house_facts(connection, house_id)
    view["pauses"] = _concerning(await pause_facts(connection), house.servicer_id or "")
    return view


def timeline(view: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the record says of a house, with the pauses in which nothing was sent about it, in the order of time."""
    return sorted([*view["facts"], *view["pauses"]], key=lambda fact: fact["at"])


async def pause_facts(connection: AsyncConnection) -> list[dict[str, Any]]:
    """When sending was paused and resumed, in order: facts of the installation's own chain."""
    query = select(facts).where(facts.c.house_id == SERVICE, facts.c.kind.in_(PAUSES))
    rows = await connection.execute(query.order_by(facts.c.seq))
    return [_plain(row) | {"data": json.loads(row.data)} for row in rows]


def _concerning(found: Sequence[dict[str, Any]], servicer_id: str) -> list[dict[str, Any]]:
    """Those of everything, of a channel, or of this servicer."""
    others = (fact for fact in found if fact["data"]["scope"].startswith("servicer:"))
    aside = {fact["seq"] for fact in others if fact["data"]["scope"] != f"servicer:{servicer_id}"}
    return [fact for fact in found if fact["seq"] not in aside]


async def _owners(connection: AsyncConnection, house_id: str) -> list[dict[str, Any]]:
    query = select(people, house_owners.c.rank, house_owners.c.until_on).join_from(
        house_owners, people, people.c.id == house_owners.c.person_id
    )
    rows = await connection.execute(query.where(house_owners.c.house_id == house_id).order_by(house_owners.c.rank))
    found = [_plain(row) for row in rows]
    for owner in found:
        mine = select(addresses).where(addresses.c.person_id == owner["id"]).order_by(addresses.c.rank)
        owner["addresses"] = [_plain(row) for row in await connection.execute(mine)]
    return found


async def house_facts(connection: AsyncConnection, house_id: str, limit: int = 10_000) -> list[dict[str, Any]]:
    """The record of a house, in order."""
    query = select(facts).where(facts.c.house_id == house_id).order_by(facts.c.seq).limit(limit)
    return [_plain(row) | {"data": json.loads(row.data)} for row in await connection.execute(query)]


async def work_view(connection: AsyncConnection, work_id: str) -> dict[str, Any] | None:
    """One work with its case, the facts about that case, and every message that was about it."""
    work = (await connection.execute(select(works).where(works.c.id == work_id))).one_or_none()
    if work is None:
        return None
    case = (await connection.execute(select(cases).where(cases.c.id == work.case_id))).one()
    return {"work": _plain(work)} | await _course(connection, case)


async def case_view(connection: AsyncConnection, case_id: str) -> dict[str, Any] | None:
    """One case with all its works; None for an unknown one."""
    case = (await connection.execute(select(cases).where(cases.c.id == case_id))).one_or_none()
    if case is None:
        return None
    its_works = await connection.execute(select(works).where(works.c.case_id == case_id).order_by(works.c.id))
    return {"works": [_plain(row) for row in its_works]} | await _course(connection, case)


async def servicer_view(connection: AsyncConnection, servicer_id: str) -> dict[str, Any] | None:
    """A company as it was taken in, how it is reached, and how many houses are its own; None for an unknown one."""
    row = (await connection.execute(select(servicers).where(servicers.c.id == servicer_id))).one_or_none()
    if row is None:
        return None
    person = (await connection.execute(select(people).where(people.c.id == servicer_key(servicer_id)))).one_or_none()
    mine = select(addresses).where(addresses.c.person_id == servicer_key(servicer_id)).order_by(addresses.c.rank)
    count = select(func.count()).select_from(houses).where(houses.c.servicer_id == servicer_id)
    return {
        "servicer": _plain(row) | ({"name": person.name, "phone": person.phone} if person else {}),
        "addresses": [_plain(one) for one in await connection.execute(mine)],
        "houses": (await connection.execute(count)).scalar_one(),
    }


async def messages_about(connection: AsyncConnection, case_id: str) -> list[dict[str, Any]]:
    """Every message about a case that there is."""
    case = (await connection.execute(select(cases).where(cases.c.id == case_id))).one()
    return await _messages(connection, case)


async def _course(connection: AsyncConnection, case: Row[Any]) -> dict[str, Any]:
    """A case, the facts about it, and every message that was about it."""
    about = select(facts).where(facts.c.house_id == case.house_id, facts.c.case_id == case.id)
    return {
        "case": _plain(case),
        "facts": [
            _plain(row) | {"data": json.loads(row.data)}
            for row in await connection.execute(about.order_by(facts.c.seq))
        ],
        "messages": await _messages(connection, case),
    }


async def concerned(connection: AsyncConnection, house_id: str) -> set[str]:
    """Everybody who is or was written to about a house."""
    owners = select(house_owners.c.person_id).where(house_owners.c.house_id == house_id)
    servicer = select("servicer:" + houses.c.servicer_id).where(houses.c.id == house_id)
    people_now = (await connection.execute(owners.union(servicer))).scalars()
    notices = select(facts.c.data).where(facts.c.house_id == house_id, facts.c.kind.like("notice_%"))
    told = (json.loads(data)["to"] for data in (await connection.execute(notices)).scalars())
    return {STAFF_DESK, *filter(None, people_now), *told}


async def _messages(connection: AsyncConnection, case: Row[Any]) -> list[dict[str, Any]]:
    """Messages about a case, to whoever is or was concerned with the house."""
    to_them = outbox.c.person_id.in_(await concerned(connection, case.house_id))
    since = select(outbox).where(to_them, outbox.c.day >= case.opened_on)
    rows = (await connection.execute(since.order_by(outbox.c.id))).all()
    mine = {row.id: [part["kind"] for part in row.parts if part["case"] == case.id] for row in rows}
    return await _with_tries(connection, [row for row in rows if mine[row.id]], mine)


async def messages_to(connection: AsyncConnection, person_id: str, limit: int = 50) -> list[dict[str, Any]]:
    """The last messages to one person, whatever became of them."""
    query = select(outbox).where(outbox.c.person_id == person_id)
    rows = (await connection.execute(query.order_by(outbox.c.day.desc(), outbox.c.id.desc()).limit(limit))).all()
    kinds = {row.id: [part["kind"] for part in row.parts] for row in rows}
    return await _with_tries(connection, rows[::-1], kinds)


async def _with_tries(
    connection: AsyncConnection, rows: Sequence[Row[Any]], kinds: Mapping[int, list[str]]
) -> list[dict[str, Any]]:
    tries = await attempts_of(connection, [row.id for row in rows])
    names = ("id", "person_id", "channel", "state", "send_at", "sent_at", "attempts", "detail", "key")
    return [
        {name: row._mapping[name] for name in names} | {"kinds": kinds[row.id], "tries": tries.get(row.id, [])}
        for row in rows
    ]
