"""What waits for a person: the staff's list, read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from unicodedata import normalize

from sqlalchemy import Row, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import Matter, Phase
from bot.core.matter import STOPS_LADDER
from bot.core.milestones import named
from bot.core.people import Role
from storage.cases import case_of
from storage.inbound import FAILED
from storage.tables import addresses, cases, house_owners, houses, inbound, pauses, people, works

SHOWN = 300
DANGER = frozenset({"emergency", "fraud"})


@dataclass(frozen=True, slots=True)
class Waiting:
    """One open case that lies with the staff."""

    case_id: str
    house_id: str
    holder: str
    ladder: str
    target_on: date
    matter: Matter | None
    next_action_at: datetime | None
    procedure: str = ""  # which date around the plan it is about, if it is about one

    @property
    def danger(self) -> bool:
        return self.matter is not None and self.matter.reason in DANGER

    @property
    def stops(self) -> bool:
        """Nobody else is asked anything while this is open."""
        return self.matter is not None and self.matter.reason in STOPS_LADDER


async def waiting_cases(connection: AsyncConnection) -> list[Waiting]:
    """The staff's cases: danger first, then the earliest deadline."""
    desk = select(people.c.id).where(people.c.id.like(f"{Role.STAFF}:%"))
    query = select(cases).where(cases.c.holder.in_(desk), cases.c.phase != Phase.CLOSED)
    # What is only held until a company and an owner have answered must not push out what waits for a person.
    first = (cases.c.reason.not_in(DANGER), cases.c.reason == "")
    rows = await connection.execute(query.order_by(*first, cases.c.target_on, cases.c.id).limit(SHOWN))
    found = [_waiting(row) for row in rows]
    codes = await procedures(connection, [one.case_id for one in found if one.ladder.startswith("milestone/")])
    found = [replace(one, procedure=codes.get(one.case_id, "")) for one in found]
    return sorted(found, key=lambda one: (not one.danger, one.target_on, one.case_id))


async def procedures(connection: AsyncConnection, case_ids: Sequence[str]) -> dict[str, str]:
    """Which milestone each of these cases is about."""
    if not case_ids:
        return {}
    query = select(works.c.case_id, works.c.code).where(works.c.case_id.in_(case_ids)).order_by(works.c.id.desc())
    return {row.case_id: named(row.code) for row in await connection.execute(query)}


def _waiting(row: Row[Any]) -> Waiting:
    case = case_of(row)
    return Waiting(case.id, case.house_id, case.holder, case.ladder, case.target_on, case.matter, case.next_action_at)


async def laid_aside(connection: AsyncConnection) -> Sequence[Row[Any]]:
    """Events that could not be handled."""
    query = select(inbound).where(inbound.c.state == FAILED).order_by(inbound.c.id).limit(SHOWN)
    return (await connection.execute(query)).all()


async def active_pauses(connection: AsyncConnection, now: datetime) -> Sequence[Row[Any]]:
    query = select(pauses).where(or_(pauses.c.until_at.is_(None), pauses.c.until_at > now)).order_by(pauses.c.id)
    return (await connection.execute(query)).all()


@dataclass(frozen=True, slots=True)
class Gaps:
    """Houses of which something is missing that only people can find out; the first of each."""

    no_channel: Sequence[tuple[str, str]]  # house and owner
    no_completion: Sequence[str]
    no_owner: Sequence[str]
    no_municipality: Sequence[str]  # nobody is asked about them after an earthquake or a storm


async def gaps(connection: AsyncConnection, limit: int = 100) -> Gaps:
    current = house_owners.c.until_on.is_(None)
    living = select(addresses.c.address).where(
        addresses.c.person_id == house_owners.c.person_id, addresses.c.ended_at.is_(None), addresses.c.verified
    )
    silent = select(house_owners.c.house_id, house_owners.c.person_id).where(current, ~living.exists())
    owned = select(house_owners.c.house_id).where(current, house_owners.c.house_id == houses.c.id)
    unowned = select(houses.c.id).where(~owned.exists())
    undated = select(houses.c.id).where(houses.c.completed_on.is_(None))
    unplaced = select(houses.c.id).where(houses.c.municipality_code == "")
    pairs = await connection.execute(silent.order_by(house_owners.c.house_id).limit(limit))
    return Gaps(
        no_channel=[(row.house_id, row.person_id) for row in pairs],
        no_completion=list((await connection.execute(undated.order_by(houses.c.id).limit(limit))).scalars()),
        no_owner=list((await connection.execute(unowned.order_by(houses.c.id).limit(limit))).scalars()),
        no_municipality=list((await connection.execute(unplaced.order_by(houses.c.id).limit(limit))).scalars()),
    )


async def names_of(connection: AsyncConnection, person_ids: set[str]) -> dict[str, str]:
    query = select(people.c.id, people.c.name).where(people.c.id.in_(person_ids))
    return {row.id: row.name for row in await connection.execute(query)}


async def phones_of(connection: AsyncConnection, person_ids: set[str]) -> dict[str, str]:
    query = select(people.c.id, people.c.phone).where(people.c.id.in_(person_ids))
    return {row.id: row.phone for row in await connection.execute(query)}


async def find_houses(connection: AsyncConnection, wanted: str, limit: int = 20) -> list[Mapping[str, str]]:
    """Houses by the beginning of their id or common ID, in letters of whatever width, or of an owner's name."""
    number = normalize("NFKC", wanted)
    named = select(house_owners.c.house_id).join(people, people.c.id == house_owners.c.person_id)
    named = named.where(people.c.name.like(_beginning(wanted), escape="\\"), house_owners.c.until_on.is_(None)).limit(
        limit
    )
    query = select(houses.c.id, houses.c.address).where(
        or_(houses.c.id.like(_beginning(number), escape="\\"), houses.c.common_id == number, houses.c.id.in_(named))
    )
    rows = await connection.execute(query.order_by(houses.c.id).limit(limit))
    return [{"id": row.id, "address": row.address} for row in rows]


def _beginning(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
