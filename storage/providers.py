"""Providers of house histories: who they are, how they are reached, and that they close."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.days import civil
from bot.core.outcome import Deed
from bot.core.people import LETTER, STAFF_DESK, Role, provider_key, role_of
from storage.history_changes import wait_again
from storage.households import lock_houses
from storage.record import SERVICE, Seal, append
from storage.tables import addresses, histories, houses, people, providers

ALL_DAY = {"hour_from": 0, "hour_until": 24}  # a machine has no quiet hours


@dataclass(frozen=True, slots=True)
class Listed:
    """A provider as staff name it. ``channel`` reaches it at ``base_url``; without one it is written letters."""

    id: str
    name: str
    channel: str = ""
    base_url: str = ""
    postcode: str = ""
    address: str = ""
    council: bool = False


async def take_provider(connection: AsyncConnection, seal: Seal, listed: Listed, now: datetime) -> int:
    """Adds a provider, or changes it. How many houses whose file names it by this name were bound to it."""
    row = {
        "name": listed.name,
        "adapter": listed.channel or LETTER,
        "council": listed.council,
        "postcode": listed.postcode,
        "address": listed.address,
    }
    known = await provider_row(connection, listed.id)
    if known is None:
        await connection.execute(insert(providers).values(id=listed.id, added_on=civil(now), **row))
        await connection.execute(insert(people).values(id=provider_key(listed.id), name=listed.name, **ALL_DAY))
    else:
        await connection.execute(update(providers).where(providers.c.id == listed.id).values(**row))
        renamed = update(people).where(people.c.id == provider_key(listed.id)).values(name=listed.name)
        await connection.execute(renamed)
    await _reached(connection, listed)
    deed = Deed("provider_taken_in", STAFF_DESK, {"provider": listed.id, "adapter": row["adapter"]})
    await append(connection, seal, [(SERVICE, deed)], now)
    return 0 if listed.council else await _bind(connection, listed, civil(now))


async def _reached(connection: AsyncConnection, listed: Listed) -> None:
    mine = addresses.c.person_id == provider_key(listed.id)
    await connection.execute(delete(addresses).where(mine))
    if listed.channel:
        there = {"person_id": provider_key(listed.id), "channel": listed.channel, "address": listed.base_url}
        await connection.execute(insert(addresses).values(**there))


async def _bind(connection: AsyncConnection, listed: Listed, today: date) -> int:
    """Houses whose file names this provider, and for which nobody has told another. Naming none is no name."""
    names = [name for name in (listed.name, listed.id) if name]
    named = select(houses.c.id).where(houses.c.history_provider.in_(names))
    free = update(histories).where(histories.c.provider_id.is_(None), histories.c.house_id.in_(named))
    return (await connection.execute(free.values(provider_id=listed.id, look_on=today))).rowcount


async def provider_row(connection: AsyncConnection, provider_id: str) -> Mapping[str, Any] | None:
    row = (await connection.execute(select(providers).where(providers.c.id == provider_id))).one_or_none()
    return dict(row._mapping) if row else None


async def keeps(connection: AsyncConnection, provider_id: str) -> int:
    """How many houses' histories it keeps."""
    query = select(func.count()).select_from(histories).where(histories.c.provider_id == provider_id)
    return int((await connection.execute(query)).scalar_one())


async def all_providers(connection: AsyncConnection) -> list[dict[str, Any]]:
    """Each with its base URL, if it has a machine, and how many houses it keeps (for lists, never on the send path)."""
    count = select(func.count()).where(histories.c.provider_id == providers.c.id).scalar_subquery()
    there = select(func.min(addresses.c.address)).where(addresses.c.person_id == "provider:" + providers.c.id)
    query = select(providers, there.scalar_subquery().label("base_url"), count.label("houses"))
    return [dict(row._mapping) for row in (await connection.execute(query.order_by(providers.c.id))).all()]


async def houses_of_provider(connection: AsyncConnection, provider_id: str) -> list[dict[str, Any]]:
    """The houses it keeps, with what is known of each contract and whether their owner was told that it closes."""
    told = (histories.c.closing_told == provider_id).label("told")
    query = select(histories.c.house_id, histories.c.contract_no, houses.c.common_id, told)
    mine = query.join(houses, houses.c.id == histories.c.house_id).where(histories.c.provider_id == provider_id)
    return [dict(row._mapping) for row in (await connection.execute(mine.order_by(histories.c.house_id))).all()]


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody says of the way to a house's history; ``fields`` are columns of its row. ``by`` is who says so."""

    house_id: str
    by: str
    fields: Mapping[str, Any]
    common_id: str = ""


async def tell_access(connection: AsyncConnection, seal: Seal, told: Told, now: datetime) -> bool:
    """Writes it down, with the fact that and by whom it was told; False for a house that is not there."""
    await lock_houses(connection, [told.house_id])
    here = histories.c.house_id == told.house_id
    before = (await connection.execute(select(histories.c.provider_id).where(here))).one_or_none()
    if before is None:
        return False
    if before.provider_id is None and told.fields.get("provider_id"):
        await wait_again(connection, told.house_id)
    confirmed = {"confirmed_by": told.by, "confirmed_on": civil(now), "look_on": civil(now)}
    await connection.execute(update(histories).where(here).values(**told.fields, **confirmed))
    if told.common_id:
        found = update(houses).where(houses.c.id == told.house_id)
        await connection.execute(found.values(common_id=told.common_id, wake_on=civil(now)))
    await append(connection, seal, [(told.house_id, _told(seal, told))], now)
    return True


def _told(seal: Seal, told: Told) -> Deed:
    """Which fields, and as salted digests what was told; the provider by its id."""
    given = {**told.fields, **({"common_id": told.common_id} if told.common_id else {})}
    fields = {
        name: str(value) if name in ("provider_id", "mandate_on") else seal.digest(f"{told.house_id}:{name}:{value}")
        for name, value in given.items()
        if name != "mandate_by"
    }
    return Deed("history_told", told.by, {"fields": fields})


async def postal_of_providers(connection: AsyncConnection, person_ids: Collection[str]) -> dict[str, tuple[str, str]]:
    """Postcode and address of those of these people who are providers, by person."""
    ids = {person_id.partition(":")[2] for person_id in person_ids if role_of(person_id) is Role.PROVIDER}
    query = select(providers.c.id, providers.c.postcode, providers.c.address).where(providers.c.id.in_(ids))
    return {provider_key(row.id): (row.postcode, row.address) for row in (await connection.execute(query)).all()}
