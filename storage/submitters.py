"""Who may bring data in, and what is theirs."""

import json
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from hmac import compare_digest
from typing import Any, NamedTuple

from sqlalchemy import literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.candidates import ASSOCIATION, GUARANTOR, NO_FIRMS
from bot.core.people import owner_key, servicer_key
from bot.core.submitter import OPERATOR, HeldHouse, Submitter, SubmitterKind
from storage.people import IN_BUSINESS
from storage.record import Seal
from storage.tables import facts, guarantor_events, house_owners, houses, people, servicers, spelled, submitters

CO_OWNERS = "・"
KINDS = {ASSOCIATION: SubmitterKind.ASSOCIATION, GUARANTOR: SubmitterKind.GUARANTOR}  # any other 種別: a builder
LEFT = ("access_ended", "house_updated")  # facts whose "from" names a company that has a house no more


class Entry(NamedTuple):
    """What is put down of a company that may bring data in from now on."""

    servicer_id: str
    representative: str
    address: str
    acquired: str


async def submitter_of(connection: AsyncConnection, servicer_id: str) -> Submitter | None:
    """The company as a submitter; None where it has no entry now, or is out of business."""
    here = (submitters.c.servicer_id == servicer_id, submitters.c.ended_on.is_(None))
    row = (await connection.execute(select(submitters).where(*here))).first()
    companies = await _companies(connection, servicer_id)
    if row is None or companies is None:
        return None
    kind = SubmitterKind(row.kind)
    return Submitter(servicer_id, kind, row.representative, row.address, row.acquired, companies)


async def operator_now(connection: AsyncConnection) -> Submitter:
    """Whoever runs the service for the guarantor: who represents it, and how it comes by the data, is what its one
    living entry says. Without one, or with several, nothing is put down."""
    living = (submitters.c.kind == spelled(SubmitterKind.GUARANTOR), submitters.c.ended_on.is_(None))
    rows = (await connection.execute(select(submitters).where(*living).limit(2))).all()
    if len(rows) != 1:
        return OPERATOR
    said = rows[0]
    return replace(OPERATOR, representative=said.representative, address=said.address, acquired=said.acquired)


async def _companies(connection: AsyncConnection, servicer_id: str) -> frozenset[str] | None:
    """Itself, or the members of an association; None where it is not in business. A member names it by id or name."""
    query = select(servicers.c.role, servicers.c.status, people.c.name).join(
        people, people.c.id == servicer_key(servicer_id)
    )
    own = (await connection.execute(query.where(servicers.c.id == servicer_id))).first()
    if own is None or own.status not in IN_BUSINESS:
        return None
    if own.role != ASSOCIATION:
        return frozenset({servicer_id})
    members = select(servicers.c.id).where(servicers.c.association.in_([servicer_id, own.name]))
    living = members.where(servicers.c.status.in_(IN_BUSINESS), servicers.c.role.not_in(NO_FIRMS))
    return frozenset((await connection.execute(living)).scalars())


async def associations_of(connection: AsyncConnection, companies: Collection[str]) -> dict[str, frozenset[str]]:
    """By company, in business or not, the associations that it names by id or name."""
    named = select(servicers.c.id, servicers.c.association).where(servicers.c.id.in_(list(companies)))
    names = {row.id: row.association for row in await connection.execute(named) if row.association}
    query = select(servicers.c.id, people.c.name).join(
        people, people.c.id == literal(servicer_key("")) + servicers.c.id
    )
    either = or_(servicers.c.id.in_(names.values()), people.c.name.in_(names.values()))
    rows = (await connection.execute(query.where(servicers.c.role == ASSOCIATION, either))).all() if names else []
    return {company: frozenset(row.id for row in rows if name in (row.id, row.name)) for company, name in names.items()}


async def enter(connection: AsyncConnection, entry: Entry, today: date) -> SubmitterKind | None:
    """From now on the company may bring data in, as this entry says; None for a company that nobody knows."""
    query = select(servicers.c.role).where(servicers.c.id == entry.servicer_id)
    role = (await connection.execute(query)).scalar()
    if role is None:
        return None
    kind = KINDS.get(role, SubmitterKind.BUILDER)
    await end(connection, entry.servicer_id, today)
    await connection.execute(submitters.insert().values(kind=kind, since_on=today, **entry._asdict()))
    return kind


async def end(connection: AsyncConnection, servicer_id: str, today: date) -> bool:
    """Whether it had an entry. What it has brought in stays, with the entry under which it came."""
    here = (submitters.c.servicer_id == servicer_id, submitters.c.ended_on.is_(None))
    return bool((await connection.execute(update(submitters).where(*here).values(ended_on=today))).rowcount)


async def token_of(connection: AsyncConnection, seal: Seal, servicer_id: str) -> str:
    """What stands in the company's own address for files; a new entry has a new one. Empty without an entry."""
    here = (submitters.c.servicer_id == servicer_id, submitters.c.ended_on.is_(None))
    entry = (await connection.execute(select(submitters.c.id).where(*here))).scalar()
    return _token(seal, entry, servicer_id) if entry is not None else ""


async def company_with(connection: AsyncConnection, seal: Seal, token: str) -> str:
    """The company in whose address this stands, by its id; empty where it is nobody's now."""
    living = select(submitters.c.id, submitters.c.servicer_id).where(submitters.c.ended_on.is_(None))
    rows = (await connection.execute(living)).all()
    return next((row.servicer_id for row in rows if compare_digest(_token(seal, row.id, row.servicer_id), token)), "")


def _token(seal: Seal, entry: int, servicer_id: str) -> str:
    """Nobody without the record key can tell it."""
    return seal.digest(f"address for files:{entry}:{servicer_id}")


async def all_submitters(connection: AsyncConnection) -> list[dict[str, Any]]:
    query = select(submitters, people.c.name).join(
        people, people.c.id == literal(servicer_key("")) + submitters.c.servicer_id
    )
    return [dict(row._mapping) for row in await connection.execute(query.order_by(submitters.c.id))]


async def held_houses(connection: AsyncConnection, house_ids: Collection[str]) -> dict[str, HeldHouse]:
    """Houses as they stand, with the companies whose access to them has ended."""
    rows = (await connection.execute(select(houses).where(houses.c.id.in_(house_ids)))).all()
    left = await _left(connection, [row.id for row in rows if row.builder_id != row.servicer_id])
    owners = await _first_owners(connection, [row.id for row in rows])
    return {
        row.id: HeldHouse(
            builder=row.builder_id,
            servicer=row.servicer_id,
            backup=row.backup_servicer_id,
            left=frozenset(left.get(row.id, ())),
            owner_id=owners.get(row.id, (None, ""))[0],
            owner_name=owners.get(row.id, (None, ""))[1],
            co_owners=frozenset(row.co_owners.split(CO_OWNERS)) - {""},
            agreed=row.mandated,
            guaranteed=bool(row.guarantee_no) and row.guarantee_ended_on is None and row.lapsed_on is None,
        )
        for row in rows
    }


async def _left(connection: AsyncConnection, house_ids: Collection[str]) -> dict[str, set[str]]:
    """By house, the companies that had it and have it no more."""
    found: dict[str, set[str]] = {}
    query = select(facts.c.house_id, facts.c.data).where(facts.c.house_id.in_(house_ids), facts.c.kind.in_(LEFT))
    for house_id, data in (await connection.execute(query)).all() if house_ids else ():
        company = str(json.loads(data).get("from", "")).partition(":")[2]
        found.setdefault(house_id, set()).update({company} - {""})
    return found


async def _first_owners(connection: AsyncConnection, house_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Who is named first of those who own these houses now: their own id and their name."""
    query = select(house_owners.c.house_id, people.c.id, people.c.name).join(
        people, people.c.id == house_owners.c.person_id
    )
    now = (house_owners.c.house_id.in_(list(house_ids)), house_owners.c.until_on.is_(None))
    rows = await connection.execute(query.where(*now).order_by(house_owners.c.rank.desc()))
    return {row.house_id: (row.id.partition(":")[2], row.name) for row in rows}


async def owned_by(connection: AsyncConnection, owner_ids: Collection[str]) -> dict[str, frozenset[str]]:
    """The houses that are or were each known owner's; who is not known is not in it."""
    keys = {owner_key(one): one for one in owner_ids}
    query = select(people.c.id, house_owners.c.house_id).join(
        house_owners, house_owners.c.person_id == people.c.id, isouter=True
    )
    found: dict[str, frozenset[str]] = {}
    for row in await connection.execute(query.where(people.c.id.in_(keys))):
        mine = frozenset({row.house_id}) if row.house_id else frozenset()
        found[keys[row.id]] = found.get(keys[row.id], frozenset()) | mine
    return found


async def told_guarantees(connection: AsyncConnection, numbers: Collection[str]) -> dict[str, str]:
    """Which house the guarantor has told of under these numbers."""
    query = select(guarantor_events.c.guarantee_no, guarantor_events.c.house_id).where(
        guarantor_events.c.guarantee_no.in_(numbers), guarantor_events.c.house_id.is_not(None)
    )
    return {row.guarantee_no: row.house_id for row in await connection.execute(query)}
