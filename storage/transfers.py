"""A house passing from owner to owner, as rows: what the record of it changes, and what undoing puts back."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.days import civil
from bot.core.milestones import SUCCESSION_DAYS
from bot.core.outcome import Deed
from bot.core.people import Person
from bot.core.rights import RIGHTS, Right
from bot.core.scopes import Scope
from bot.core.transfer import BEREAVED, OPEN, SETTLED, UNDONE, Kind, Newcomer, Order, Recorded, on_record
from storage.mandates import refresh_mandates, wake_cases
from storage.notes import forget_notes
from storage.outbox import Facts
from storage.people import AT_WORK, load_people
from storage.tables import addresses, cases, house_owners, house_people, houses, link_codes, mandates, people, transfers

NOT_CERTIFIED = "なし"
WHO_ACT = ("", *(role for role, rights in RIGHTS.items() if Right.ACT in rights))  # without a role: an officer
OF_A_LOAN = frozenset({Kind.SALE, Kind.BUYBACK, Kind.DIVORCE})  # the loan does not pass on with the house
Data = Mapping[str, Any]


async def house_passed(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> Facts:
    """The order of the staff, carried out. Whoever arrives is a person from now on."""
    order: Order = data["order"]
    leaving = [one.id for one in order.leaving]
    house = (await connection.execute(select(houses).where(houses.c.id == house_id))).one()
    kept: dict[str, Any] = {"co_owners": house.co_owners, "lender": house.lender, "keeper": house.keeper_id}
    kept["mandates"] = await _end_mandates(connection, house_id, order, now)
    if order.kind is Kind.DEATH:
        kept["died"] = await _died(connection, leaving[0], order.on, now)
    else:
        kept["near"] = await _end_near(connection, house_id, leaving, now)
        await _move(connection, house_id, order, now)
        await forget_notes(connection, [house_id], [*leaving, *(one.id for one in order.arriving)])
        lender = "" if order.kind in OF_A_LOAN else house.lender
        changed = update(houses).where(houses.c.id == house_id).values(co_owners="", lender=lender)
        await connection.execute(changed)
    keeps = update(houses).where(houses.c.id == house_id).values(keeper_id=order.keeper, wake_on=civil(now))
    await connection.execute(keeps)
    row = {"house_id": house_id, "kind": order.kind, "on_day": order.on, "document": order.document, "by": order.by}
    row |= {"recorded_at": now, "state": OPEN, "leaving": leaving, "arriving": [one.id for one in order.arriving]}
    made = await connection.execute(insert(transfers).values(**row, kept=kept).returning(transfers.c.id))
    told = [(house_id, on_record(order, int(made.scalar_one())))]
    elsewhere = select(house_owners.c.house_id).where(house_owners.c.person_id.in_(leaving))
    concerned = sorted({house_id, *(await connection.execute(elsewhere)).scalars()})
    await refresh_mandates(connection, concerned, civil(now))
    await wake_cases(connection, and_(cases.c.house_id.in_(concerned), cases.c.holder.in_(leaving)), civil(now))
    return [*told, *await settle_agreed(connection, house_id, now)]


async def _end_mandates(connection: AsyncConnection, house_id: str, order: Order, now: datetime) -> list[int]:
    """What the leaving agreed to is over; a mandate that says so outlives who gave it. The rows that ended."""
    owners = [one.id for one in order.leaving]
    mine = (mandates.c.house_id == house_id, mandates.c.person_id.in_(owners), mandates.c.withdrawn_on.is_(None))
    dying = (mandates.c.outlives.is_(False),) if order.kind is Kind.DEATH else ()
    ended = update(mandates).where(*mine, *dying).values(withdrawn_on=civil(now)).returning(mandates.c.id)
    return sorted((await connection.execute(ended)).scalars())


async def _died(connection: AsyncConnection, person_id: str, on: date, now: datetime) -> list[Any]:
    """Nothing is begun with them any more; what stood before, for the case that it is undone."""
    row = (await connection.execute(select(people).where(people.c.id == person_id))).one()
    since = row.bereaved_on or civil(now)
    gone = update(people).where(people.c.id == person_id).values(died_on=on, bereaved_on=since)
    await connection.execute(gone)
    return [person_id]


async def _end_near(
    connection: AsyncConnection, house_id: str, leaving: Sequence[str], now: datetime
) -> list[list[str]]:
    """Whom an owner had let in goes with them; who lives there stays. Who goes, as person and scope."""
    others = house_owners.c.person_id.not_in(leaving)
    stays = select(house_owners.c.person_id).where(
        house_owners.c.house_id == house_id, others, house_owners.c.until_on.is_(None)
    )
    theirs: ColumnElement[bool] = house_people.c.acts_for.in_(leaving)
    if (await connection.execute(stays)).first() is None:
        theirs = or_(theirs, house_people.c.scope != Scope.RESIDENT)
    mine = and_(house_people.c.house_id == house_id, house_people.c.until_on.is_(None), theirs)
    ended = update(house_people).where(mine).values(until_on=civil(now))
    rows = (await connection.execute(ended.returning(house_people.c.person_id, house_people.c.scope))).all()
    return sorted([row.person_id, row.scope] for row in rows)


async def _move(connection: AsyncConnection, house_id: str, order: Order, now: datetime) -> None:
    leaving = [one.id for one in order.leaving]
    mine = (house_owners.c.house_id == house_id, house_owners.c.person_id.in_(leaving))
    await connection.execute(update(house_owners).where(*mine).values(until_on=civil(now)))
    last = select(func.max(house_owners.c.rank)).where(
        house_owners.c.house_id == house_id, house_owners.c.until_on.is_(None)
    )
    rank = (await connection.execute(last)).scalar()
    for place, one in enumerate(order.arriving, 0 if rank is None else rank + 1):
        await _come(connection, one)
        await _owns(connection, house_id, one.id, place)
    if order.kind is Kind.BUYBACK:
        for person_id in leaving:
            await stand(connection, house_id, person_id, {"scope": Scope.RESIDENT}, now)
    elsewhere = house_owners.alias()
    still = select(elsewhere.c.house_id).where(
        elsewhere.c.person_id == link_codes.c.person_id, elsewhere.c.until_on.is_(None)
    )
    codes = (link_codes.c.person_id.in_(leaving), link_codes.c.expires_at > now, ~still.exists())
    await connection.execute(update(link_codes).where(*codes).values(expires_at=now))


async def _come(connection: AsyncConnection, one: Newcomer) -> None:
    """A person with the one contact that they gave; who is known stays as they are."""
    known = select(people.c.id).where(people.c.id == one.id)
    if (await connection.execute(known)).first() is not None:
        return
    await connection.execute(insert(people).values(id=one.id, name=one.name, phone=one.phone))
    if one.address is not None:
        row = {"person_id": one.id, "channel": one.address.channel, "address": one.address.address}
        await connection.execute(insert(addresses).values(**row))


async def _owns(connection: AsyncConnection, house_id: str, person_id: str, rank: int) -> None:
    mine = (house_owners.c.house_id == house_id, house_owners.c.person_id == person_id)
    back = await connection.execute(update(house_owners).where(*mine).values(until_on=None, rank=rank))
    if back.rowcount == 0:
        await connection.execute(insert(house_owners).values(house_id=house_id, person_id=person_id, rank=rank))


async def stand(connection: AsyncConnection, house_id: str, person_id: str, what: Data, now: datetime) -> None:
    """Somebody is something at a house from today on; ``what`` holds scope, acts_for and topics."""
    mine = (house_people.c.house_id == house_id, house_people.c.person_id == person_id)
    values = {"acts_for": what.get("acts_for", ""), "topics": what.get("topics", ""), "since_on": civil(now)}
    again = update(house_people).where(*mine, house_people.c.scope == what["scope"]).values(until_on=None, **values)
    if (await connection.execute(again)).rowcount == 0:
        row = {"house_id": house_id, "person_id": person_id, "scope": what["scope"]}
        await connection.execute(insert(house_people).values(**row, **values))


async def near_set(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    """Whoever stands for an owner is asked in their place, so the mandate is worked out anew."""
    await _come(connection, data["person"])
    await stand(connection, house_id, data["person"].id, data, now)
    await refresh_mandates(connection, [house_id], civil(now))


async def mandate_outlives(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    mine = (
        mandates.c.house_id == house_id,
        mandates.c.person_id == data["person_id"],
        mandates.c.withdrawn_on.is_(None),
    )
    await connection.execute(update(mandates).where(*mine).values(outlives=data["holds"]))
    await refresh_mandates(connection, [house_id], civil(now))


async def near_ended(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    mine = (house_people.c.house_id == house_id, house_people.c.person_id == data["person_id"])
    over = update(house_people).where(*mine, house_people.c.scope == data["scope"]).values(until_on=civil(now))
    await connection.execute(over)
    await refresh_mandates(connection, [house_id], civil(now))
    held = and_(cases.c.house_id == house_id, cases.c.holder == data["person_id"])
    await wake_cases(connection, held, civil(now))


async def passing_undone(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    """What the record of it had changed is put back; how to get in, which is gone, stays gone (see storage.notes)."""
    row = (await connection.execute(select(transfers).where(transfers.c.id == data["transfer"]))).one()
    kept, today = row.kept, civil(now)
    await connection.execute(
        update(transfers).where(transfers.c.id == row.id).values(state=UNDONE, settled_at=now, kept={})
    )
    keeper = kept["keeper"] if kept["keeper"] in await staff_members(connection) else ""
    old = update(houses).where(houses.c.id == house_id)
    await connection.execute(old.values(keeper_id=keeper, co_owners=kept["co_owners"], lender=kept["lender"]))
    if row.kind == Kind.DEATH:
        for person_id in kept["died"]:
            await alive(connection, house_id, {"person_id": person_id}, now)
    else:
        await _move_back(connection, row, today)
    told_so = (people.c.id == mandates.c.person_id, people.c.ended_on.is_(None), people.c.erased_on.is_(None))
    living = select(people.c.id).where(*told_so).exists()
    back = update(mandates).where(mandates.c.id.in_(kept["mandates"]), living).values(withdrawn_on=None)
    await connection.execute(back)
    await refresh_mandates(connection, [house_id], today)


async def _move_back(connection: AsyncConnection, row: Row[Any], today: date) -> None:
    of_house = house_owners.c.house_id == row.house_id
    came = (of_house, house_owners.c.person_id.in_(row.arriving))
    await connection.execute(update(house_owners).where(*came).values(until_on=today))
    await forget_notes(connection, [row.house_id], [*row.arriving, *row.leaving])
    went = (of_house, house_owners.c.person_id.in_(row.leaving))
    await connection.execute(update(house_owners).where(*went).values(until_on=None))
    theirs = (mandates.c.house_id == row.house_id, mandates.c.person_id.in_(row.arriving))
    await connection.execute(
        update(mandates).where(*theirs, mandates.c.withdrawn_on.is_(None)).values(withdrawn_on=today)
    )
    if row.kind == Kind.BUYBACK:
        there = (house_people.c.house_id == row.house_id, house_people.c.person_id.in_(row.leaving))
        resident = (*there, house_people.c.scope == Scope.RESIDENT)
        await connection.execute(update(house_people).where(*resident).values(until_on=today))
    for person_id, scope in row.kept["near"]:
        mine = (house_people.c.house_id == row.house_id, house_people.c.person_id == person_id)
        back = update(house_people).where(*mine, house_people.c.scope == scope).values(until_on=None)
        await connection.execute(back)


async def death_reported(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    """Somebody told us of a death: nothing is begun with that person, whether or not it is true."""
    person_id = data["person_id"]
    told = update(people).where(people.c.id == person_id, people.c.bereaved_on.is_(None))
    await connection.execute(told.values(bereaved_on=civil(now)))
    owned = select(house_owners.c.house_id).where(house_owners.c.person_id == person_id)
    await refresh_mandates(connection, list((await connection.execute(owned)).scalars()), civil(now))
    await wake_cases(connection, cases.c.holder == person_id, civil(now))  # it is nobody's move who has died


async def alive(connection: AsyncConnection, house_id: str, data: Data, now: datetime) -> None:
    """It was a mistake: they are written to as before, also where that had ended because of it."""
    person_id = data["person_id"]
    back = update(people).where(people.c.id == person_id).values(bereaved_on=None, died_on=None)
    await connection.execute(back)
    ended = (addresses.c.person_id == person_id, addresses.c.ended_why == BEREAVED)
    await connection.execute(update(addresses).where(*ended).values(ended_at=None, ended_why=""))
    owned = select(house_owners.c.house_id).where(house_owners.c.person_id == person_id)
    await refresh_mandates(connection, list((await connection.execute(owned)).scalars()), civil(now))


async def settle_agreed(connection: AsyncConnection, house_id: str, now: datetime) -> Facts:
    """Once all new owners have agreed it is settled, and the approval of the authority gets its day."""
    house = (await connection.execute(select(houses).where(houses.c.id == house_id))).one()
    rows = await open_rows(connection, house_id)
    if not house.mandated or not rows or rows[-1].kind == Kind.DEATH:
        return []
    due = civil(now) + timedelta(days=SUCCESSION_DAYS) if house.certification_kind != NOT_CERTIFIED else None
    done = update(transfers).where(transfers.c.id.in_([row.id for row in rows]))
    await connection.execute(done.values(state=SETTLED, settled_at=now, kept={}))
    last = update(transfers).where(transfers.c.id == rows[-1].id).values(approval_due_on=due)
    await connection.execute(last)
    over = update(houses).where(houses.c.id == house_id).values(keeper_id="", wake_on=civil(now))
    await connection.execute(over)
    data = {"transfer": rows[-1].id, "approval_due_on": due.isoformat() if due else ""}
    return [(house_id, Deed("transfer_settled", "engawa", data))]


async def open_rows(connection: AsyncConnection, house_id: str) -> Sequence[Row[Any]]:
    """What can still be undone at a house, the latest last."""
    mine = (transfers.c.house_id == house_id, transfers.c.state == OPEN)
    return (await connection.execute(select(transfers).where(*mine).order_by(transfers.c.id))).all()


async def recorded_at(connection: AsyncConnection, house_id: str) -> list[Recorded]:
    """Every change of owners of a house, in order."""
    query = select(transfers).where(transfers.c.house_id == house_id).order_by(transfers.c.id)
    return [
        Recorded(
            row.id,
            row.house_id,
            Kind(row.kind),
            row.on_day,
            row.document,
            row.state,
            tuple(row.leaving),
            tuple(row.arriving),
        )
        for row in await connection.execute(query)
    ]


async def approvals(connection: AsyncConnection, house_ids: Iterable[str]) -> dict[str, tuple[tuple[int, date], ...]]:
    """By house, the transfers for which the authority's approval is asked for, with the day."""
    mine = (transfers.c.house_id.in_(set(house_ids)), transfers.c.approval_due_on.is_not(None))
    columns = (transfers.c.house_id, transfers.c.id, transfers.c.approval_due_on)
    found: dict[str, list[tuple[int, date]]] = defaultdict(list)
    for row in await connection.execute(select(*columns).where(*mine).order_by(transfers.c.id)):
        found[row.house_id].append((row.id, row.approval_due_on))
    return {house_id: tuple(rows) for house_id, rows in found.items()}


async def gone_from(connection: AsyncConnection, house_ids: Iterable[str]) -> dict[str, set[str]]:
    """By house, who has left it on a document: no file brings them back."""
    mine = (transfers.c.house_id.in_(set(house_ids)), transfers.c.state != UNDONE, transfers.c.kind != Kind.DEATH)
    found: dict[str, set[str]] = defaultdict(set)
    for row in await connection.execute(select(transfers).where(*mine).order_by(transfers.c.id)):
        found[row.house_id] |= set(row.leaving)
        found[row.house_id] -= set(row.arriving)
    return found


async def owners_of(connection: AsyncConnection, house_id: str) -> list[Person]:
    """All who own a house now, also who has died or ended the support."""
    query = select(house_owners.c.person_id).where(
        house_owners.c.house_id == house_id, house_owners.c.until_on.is_(None)
    )
    ids = (await connection.execute(query.order_by(house_owners.c.rank, house_owners.c.person_id))).scalars().all()
    known = await load_people(connection, ids)
    return [known[person_id] for person_id in ids]


async def staff_members(connection: AsyncConnection) -> dict[str, str]:
    """Who of the staff can hold something under their own name, by id: those who may act on it."""
    query = select(people.c.id, people.c.name).where(AT_WORK, people.c.staff_role.in_(WHO_ACT)).order_by(people.c.id)
    return {row.id: row.name for row in await connection.execute(query)}
