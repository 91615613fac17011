"""Erasing a person: name, addresses, what was written to them and by them, what they told of their house and borrowed,
and their name in what others were told and in what was stated.

The record stays, since it holds ids, codes and dates only; the files they sent lie outside the database.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.days import civil
from bot.core.people import Role
from storage.letter_batches import end_files_of
from storage.loans import forget_loans_of
from storage.notes import forget_notes_of
from storage.sealed_contacts import forget_sealed
from storage.statements import forget_named
from storage.tables import (
    addresses,
    attempts,
    facts,
    house_owners,
    houses,
    inbound,
    link_codes,
    outbox,
    paces,
    people,
    talks,
    threads,
)

OPEN = ("waiting", "paper", "held")  # what has not gone out, and now never will
BLANK = {"name": "", "kana": "", "phone": "", "channel_order": ""}


async def person_erased(connection: AsyncConnection, house_id: str, data: Mapping[str, Any], now: datetime) -> None:
    person_id = data["person_id"]
    name = (await connection.execute(select(people.c.name).where(people.c.id == person_id))).scalar_one()
    gone = update(people).where(people.c.id == person_id).values(**BLANK, erased_on=civil(now))
    await connection.execute(gone)
    for stranger in await _strangers(connection, person_id):
        await _words(connection, stranger)
    await _addresses(connection, person_id, now)
    await _words(connection, person_id)
    await forget_notes_of(connection, person_id)
    await forget_loans_of(connection, person_id)
    await forget_named(connection, person_id)
    await connection.execute(update(link_codes).where(link_codes.c.person_id == person_id).values(address=""))
    owned = select(house_owners.c.house_id).where(house_owners.c.person_id == person_id)
    house_ids = set((await connection.execute(owned)).scalars())
    await _co_owner(connection, house_ids, name)
    await _told_to_others(connection, house_ids)


async def contact_forgotten(connection: AsyncConnection, house_id: str, data: Mapping[str, Any], now: datetime) -> None:
    """Who ended the support and still owns a house: their name stays with it, and nothing by which they are reached."""
    person_id = data["person_id"]
    await connection.execute(update(people).where(people.c.id == person_id).values(phone="", channel_order=""))
    await _addresses(connection, person_id, now)
    await _words(connection, person_id)
    await forget_notes_of(connection, person_id)
    await forget_loans_of(connection, person_id)
    await connection.execute(update(link_codes).where(link_codes.c.person_id == person_id).values(address=""))


async def _strangers(connection: AsyncConnection, person_id: str) -> Sequence[str]:
    """The guests that this person was, by what we answered there, until each account of theirs was linked."""
    theirs = select(addresses.c.address).where(
        addresses.c.person_id == person_id, addresses.c.channel == outbox.c.channel
    )
    guests = select(outbox.c.person_id).where(
        outbox.c.person_id.like(f"{Role.GUEST}:%"), outbox.c.address.in_(theirs), outbox.c.address != ""
    )
    return (await connection.execute(guests.distinct())).scalars().all()


async def _words(connection: AsyncConnection, person_id: str) -> None:
    """What was written to them and by them, and where it went."""
    await end_files_of(connection, person_id)
    written = update(outbox).where(outbox.c.person_id == person_id)
    await connection.execute(written.where(outbox.c.state.in_(OPEN)).values(state="dropped", detail="erased"))
    await connection.execute(written.values(parts=[], address="", provider_id=""))
    theirs = select(outbox.c.id).where(outbox.c.person_id == person_id)
    await connection.execute(update(attempts).where(attempts.c.outbox_id.in_(theirs)).values(provider_id=""))
    await connection.execute(update(inbound).where(inbound.c.person_id == person_id).values(raw={}, said={}))
    await connection.execute(update(talks).where(talks.c.person_id == person_id).values(state={}))


async def forget_answers(connection: AsyncConnection, outbox_ids: Iterable[int]) -> None:
    """The line that confirmed an erasure has gone out: where it went, and under which id, is forgotten too."""
    erased = select(people.c.id).where(people.c.erased_on.is_not(None))
    mine = (outbox.c.id.in_(outbox_ids), outbox.c.state.not_in(("waiting", "sending")), outbox.c.person_id.in_(erased))
    rows = (await connection.execute(select(outbox.c.id, outbox.c.channel, outbox.c.address).where(*mine))).all()
    for row in rows:
        await _trodden(connection, row.channel, row.address)
        await connection.execute(update(attempts).where(attempts.c.outbox_id == row.id).values(provider_id=""))
        await connection.execute(update(outbox).where(outbox.c.id == row.id).values(address="", provider_id=""))


async def _addresses(connection: AsyncConnection, person_id: str, now: datetime) -> None:
    await forget_sealed(connection, [person_id])
    mine = select(addresses.c.channel, addresses.c.address).where(addresses.c.person_id == person_id)
    for channel, address in (await connection.execute(mine)).all():
        digest = hashlib.sha256(f"{person_id} {address}".encode()).hexdigest()[:16]
        there = (addresses.c.person_id == person_id, addresses.c.channel == channel, addresses.c.address == address)
        gone = {"address": f"erased-{digest}", "ended_at": func.coalesce(addresses.c.ended_at, int(now.timestamp()))}
        await connection.execute(update(addresses).where(*there).values(**gone))
        await _trodden(connection, channel, address)


async def _trodden(connection: AsyncConnection, channel: str, address: str) -> None:
    """What sending itself keeps by an address: when it was last written to, and where a topic began."""
    for table in (paces, threads):
        await connection.execute(delete(table).where(table.c.channel == channel, table.c.address == address))


async def _co_owner(connection: AsyncConnection, house_ids: set[str], name: str) -> None:
    """A house's row names its co-owners as the file gave them."""
    query = select(houses.c.id, houses.c.co_owners).where(houses.c.id.in_(house_ids), houses.c.co_owners != "")
    for row in (await connection.execute(query)).all():
        left = "・".join(one for one in row.co_owners.split("・") if one != name)
        await connection.execute(update(houses).where(houses.c.id == row.id).values(co_owners=left))


async def _told_to_others(connection: AsyncConnection, house_ids: set[str]) -> None:
    """What companies were told about the houses names the owner; the record says which companies that were."""
    told = select(facts.c.data).where(facts.c.house_id.in_(house_ids), facts.c.kind.like("notice_%"))
    to = {json.loads(data)["to"] for data in (await connection.execute(told)).scalars()}
    companies = {person_id for person_id in to if person_id.startswith(f"{Role.SERVICER}:")}
    rows = (
        await connection.execute(select(outbox.c.id, outbox.c.parts).where(outbox.c.person_id.in_(companies)))
    ).all()
    changed = [
        {"row_id": row.id, "parts": parts} for row in rows if (parts := _unnamed(row.parts, house_ids)) != row.parts
    ]
    if changed:
        statement = update(outbox).where(outbox.c.id == bindparam("row_id"))
        await connection.execute(statement.values(parts=bindparam("parts", type_=outbox.c.parts.type)), changed)


def _unnamed(value: Any, house_ids: set[str]) -> Any:
    """The same without the owner's name wherever one of these houses is spoken of."""
    if isinstance(value, list):
        return [_unnamed(inner, house_ids) for inner in value]
    if not isinstance(value, dict):
        return value
    inner = {key: _unnamed(each, house_ids) for key, each in value.items()}
    return inner | {"owner": ""} if value.get("house") in house_ids and "owner" in value else inner
