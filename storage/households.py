"""Houses with the people concerned, and what the sweep looks at."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import Basis, Work
from bot.core.house import House, Household
from bot.core.ledger import Ledger, Noted
from bot.core.notes import Topic
from bot.core.people import Person, servicer_key
from bot.core.plan import DoneBy, Kind, PlanItem, Record
from bot.core.scopes import ACTS_AS_OWNER
from bot.core.town import town_of
from storage.away import away_now
from storage.cases import load_scenes_of, work_of
from storage.handovers import OUT_OF_BUSINESS, approvers
from storage.loans import dates_of, uncertified_at
from storage.mandates import refresh_mandates
from storage.people import load_people
from storage.scopes import near_of, near_rows
from storage.tables import house_owners, houses, mandates, notes, plan_items, records, servicers, works
from storage.transfers import approvals

BUILDER_UNTIL = (
    select(notes.c.until_on)
    .where(notes.c.house_id == houses.c.id, notes.c.topic == Topic.GUARANTEE)
    .scalar_subquery()
    .label("builder_until")
)
BUILDER_CLOSED = (
    select(servicers.c.status == OUT_OF_BUSINESS)
    .where(servicers.c.id == houses.c.builder_id)
    .scalar_subquery()
    .label("builder_closed")
)
OF_HOUSE: tuple[ColumnElement[Any], ...] = (
    *(houses.c.id, houses.c.handed_over_on, houses.c.completed_on, houses.c.plan_years, houses.c.taken_in_on),
    *(houses.c.municipality_code, houses.c.common_id, houses.c.residual_month, houses.c.servicer_id),
    *(houses.c.backup_servicer_id, houses.c.mandated, houses.c.address, houses.c.structure),
    houses.c.keeper_id,
    *(houses.c.guarantee_no, houses.c.lapsed_on, houses.c.guarantee_ended_on),
    *(houses.c.event_intensity, houses.c.event_wind),
    BUILDER_UNTIL,
    BUILDER_CLOSED,
)
LEAST_YEARS = 30  # the shortest period a certified plan may have (Act art. 6(1)); it holds where none was given


async def lock_houses(connection: AsyncConnection, house_ids: Iterable[str]) -> None:
    """Nobody else changes these houses until the transaction ends (on SQLite nobody else writes at all)."""
    if connection.dialect.name != "sqlite":
        query = select(houses.c.id).where(houses.c.id.in_(set(house_ids))).order_by(houses.c.id)
        await connection.execute(query.with_for_update())


async def due_houses(connection: AsyncConnection, today: date, limit: int) -> list[str]:
    """Houses that the sweep must look at, the longest waiting first."""
    query = select(houses.c.id).where(houses.c.wake_on <= today).order_by(houses.c.wake_on, houses.c.id).limit(limit)
    if connection.dialect.name != "sqlite":
        query = query.with_for_update(skip_locked=True)
    return list((await connection.execute(query)).scalars())


async def load_households(connection: AsyncConnection, house_ids: Iterable[str]) -> dict[str, Household]:
    """The households by house id."""
    wanted = set(house_ids)
    found = await connection.execute(select(*OF_HOUSE).where(houses.c.id.in_(wanted)))
    rows = {row.id: row for row in found.all()}
    query = select(house_owners).where(house_owners.c.house_id.in_(wanted), house_owners.c.until_on.is_(None))
    owners: dict[str, list[str]] = defaultdict(list)
    for row in (await connection.execute(query.order_by(house_owners.c.rank, house_owners.c.person_id))).all():
        owners[row.house_id].append(row.person_id)
    firms = {servicer_key(row.servicer_id) for row in rows.values() if row.servicer_id}
    near = await near_rows(connection, wanted)
    beside = {one["person_id"] for each in near.values() for one in each}
    people = await load_people(connection, firms.union(beside, *owners.values()))
    asked = await approvals(connection, wanted)
    lent = await dates_of(connection, wanted)
    short = await uncertified_at(connection, wanted)
    away = await away_now(connection)
    holding = await _approvers(connection, [people[firm] for firm in firms if firm in people])
    return {
        house_id: Household(
            house=replace(
                house_of(row),
                approvals=asked.get(house_id, ()),
                loan_dates=lent.get(house_id, ()),
                uncertified=short.get(house_id, ()),
                **_of_builder(row),
            ),
            owners=_speaking([people[owner] for owner in owners[house_id]], near.get(house_id, ()), people),
            servicer=people.get(servicer_key(row.servicer_id)) if row.servicer_id else None,
            mandated=row.mandated,
            parted=any(people[owner].name and not people[owner].active for owner in owners[house_id]),
            near=near_of(near.get(house_id, ()), people),
            keeper=row.keeper_id,
            approver=holding.get(row.servicer_id or "", ""),
            away=away,
        )
        for house_id, row in rows.items()
    }


def _of_builder(row: Row[Any]) -> dict[str, Any]:
    return {"builder_until": row.builder_until, "builder_closed": bool(row.builder_closed)}


async def _approvers(connection: AsyncConnection, firms: Sequence[Person]) -> dict[str, str]:
    """By company that has closed, who of the staff holds its houses until others have them; nobody who has left."""
    closed = [firm.id.partition(":")[2] for firm in firms if not firm.active]
    if not closed:
        return {}
    found = await approvers(connection, closed)
    people = await load_people(connection, found.values())
    return {firm: by for firm, by in found.items() if by in people and people[by].active}


def _speaking(
    owners: Iterable[Person], near: Iterable[Mapping[str, str]], people: Mapping[str, Person]
) -> tuple[Person, ...]:
    """Who is written to as the owners, each once: in the place of one, whoever lawfully stands for them."""
    stands = {row["acts_for"]: people[row["person_id"]] for row in near if row["scope"] in ACTS_AS_OWNER}
    living = (owner for owner in owners if not owner.erased and not owner.bereaved)
    found = {person.id: person for person in (stands.get(owner.id, owner) for owner in living)}
    return tuple(found.values())


def house_of(row: Row[Any]) -> House:
    return House(
        id=row.id,
        handed_over_on=row.handed_over_on,
        completed_on=row.completed_on or row.handed_over_on,
        plan_years=row.plan_years or LEAST_YEARS,
        taken_in_on=row.taken_in_on,
        municipality=row.municipality_code,
        common_id=row.common_id or "",
        residual_month=row.residual_month,
        servicer_id=row.servicer_id or "",
        backup_servicer_id=row.backup_servicer_id or "",
        town=town_of(row.address),
        structure=row.structure,
        guaranteed=bool(row.guarantee_no),
        lapsed_on=row.lapsed_on,
        guarantee_ended_on=row.guarantee_ended_on,
        event_intensity=row.event_intensity,
        event_wind=row.event_wind,
    )


async def load_ledgers(connection: AsyncConnection, house_ids: Sequence[str], today: date) -> list[Ledger]:
    """Everything the sweep decides from, for each house in the order given.

    A withdrawal may have been announced for a later day: when that has come, the mandate is over.
    """
    withdrawals = await withdrawals_of(connection, house_ids)
    over = [house_id for house_id, days in withdrawals.items() if min(days) <= today]
    if over:
        await refresh_mandates(connection, over, today)
    households = await load_households(connection, house_ids)
    ordered = {house_id: households[house_id] for house_id in house_ids}
    return await read_ledgers(connection, ordered, withdrawals, today)


async def read_ledgers(
    connection: AsyncConnection, households: Mapping[str, Household], withdrawals: Mapping[str, list[date]], today: date
) -> list[Ledger]:
    """The same as it is stored: nothing is worked out anew, nothing written."""
    house_ids = list(households)
    items, noted = await _plans(connection, house_ids)
    done = await _records(connection, house_ids)
    scenes = await load_scenes_of(connection, households)
    milestones = await _milestones(connection, house_ids)
    counts = await _counts(connection, house_ids)
    guaranteed = [house_id for house_id, household in households.items() if household.house.guaranteed]
    withdrawn = await _withdrawn(connection, guaranteed, today)
    unconfirmed = await _unconfirmed(connection, guaranteed)
    return [
        Ledger(
            household=households[house_id],
            items=tuple(items[house_id]),
            records=tuple(done[house_id]),
            scenes=tuple(scenes[house_id]),
            settled=frozenset(milestones[house_id]),
            withdrawals=tuple(withdrawals.get(house_id, ())),
            noted=noted[house_id],
            next_number=counts[house_id] + 1,
            withdrawn=withdrawn[house_id],
            unconfirmed=tuple(unconfirmed[house_id]),
        )
        for house_id in house_ids
    ]


async def _plans(
    connection: AsyncConnection, house_ids: Sequence[str]
) -> tuple[dict[str, list[PlanItem]], dict[str, dict[str, Noted]]]:
    items: dict[str, list[PlanItem]] = defaultdict(list)
    noted: dict[str, dict[str, Noted]] = defaultdict(dict)
    table = plan_items.c
    columns = (
        *(table.house_id, table.code, table.part, table.kind, table.first_year, table.interval_years),
        *(table.statutory, table.done_by, table.version, table.source),
        *(table.next_due_on, table.backstop_on, table.gaps_noted),
    )
    query = select(*columns).where(table.house_id.in_(house_ids), table.current).order_by(table.house_id, table.code)
    for (
        house_id,
        code,
        part,
        kind,
        first,
        interval,
        law,
        done_by,
        version,
        source,
        due,
        stop,
        gaps,
    ) in (await connection.execute(query)).all():
        items[house_id].append(PlanItem(code, part, Kind(kind), first, interval, law, DoneBy(done_by), version, source))
        noted[house_id][code] = (due, stop, gaps)
    return items, noted


async def _records(connection: AsyncConnection, house_ids: Sequence[str]) -> dict[str, list[Record]]:
    done: dict[str, list[Record]] = defaultdict(list)
    table = records.c
    columns = (table.house_id, table.code, table.part, table.done_on, table.performer, table.result, table.work_id)
    query = select(*columns).where(table.house_id.in_(house_ids)).order_by(table.done_on, table.id)
    for house_id, *fields in (await connection.execute(query)).all():
        done[house_id].append(Record(*fields))
    return done


async def _milestones(connection: AsyncConnection, house_ids: Sequence[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    query = select(works.c.house_id, works.c.code).where(
        works.c.house_id.in_(house_ids), works.c.kind == Kind.MILESTONE
    )
    for row in await connection.execute(query):
        found[row.house_id].add(row.code)
    return found


async def withdrawals_of(connection: AsyncConnection, house_ids: Sequence[str]) -> dict[str, list[date]]:
    found: dict[str, list[date]] = defaultdict(list)
    query = select(mandates.c.house_id, mandates.c.withdrawn_on).where(
        mandates.c.house_id.in_(house_ids), mandates.c.withdrawn_on.is_not(None)
    )
    for row in await connection.execute(query):
        found[row.house_id].append(row.withdrawn_on)
    return found


async def _withdrawn(connection: AsyncConnection, house_ids: Sequence[str], today: date) -> dict[str, dict[str, date]]:
    """Of each house, whose every mandate is over, and since when the last one is."""
    found: dict[str, dict[str, date]] = defaultdict(dict)
    if not house_ids:
        return found
    columns = (mandates.c.house_id, mandates.c.person_id, mandates.c.withdrawn_on)
    rows = (await connection.execute(select(*columns).where(mandates.c.house_id.in_(house_ids)))).all()
    living = {row[:2] for row in rows if row.withdrawn_on is None or row.withdrawn_on > today}
    for house_id, person_id, day in rows:
        if (house_id, person_id) not in living:
            found[house_id][person_id] = max(day, found[house_id].get(person_id, day))
    return found


async def _unconfirmed(connection: AsyncConnection, house_ids: Sequence[str]) -> dict[str, list[Work]]:
    """Statutory works that stand on the company's word alone."""
    found: dict[str, list[Work]] = defaultdict(list)
    if house_ids:
        alone = (works.c.house_id.in_(house_ids), works.c.basis == Basis.UNCONFIRMED, works.c.statutory)
        for row in await connection.execute(select(works).where(*alone).order_by(works.c.id)):
            found[row.house_id].append(work_of(row))
    return found


async def _counts(connection: AsyncConnection, house_ids: Sequence[str]) -> dict[str, int]:
    query = select(houses.c.id, houses.c.case_count).where(houses.c.id.in_(house_ids))
    return {row.id: row.case_count for row in await connection.execute(query)}
