"""Which companies are on the staff's list, and with which signs: judged once a month, and when their day has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.candidates import NO_FIRMS
from bot.core.days import civil
from bot.core.outcome import Deed
from bot.core.people import STAFF_DESK
from bot.core.signs import Sign, Watch, judged, settled, signs, taken
from storage.people import IN_BUSINESS
from storage.record import SERVICE, Seal, append, get_value, set_value
from storage.signs import counted
from storage.tables import people, servicers, watches

BATCH = 50  # companies in one transaction
MONTH_DONE = "companies_judged"  # the month (ISO) of which every company has been judged
SHOWN = 300


@dataclass(frozen=True, slots=True)
class Watched:
    """A company with its signs, as the list shows it."""

    servicer_id: str
    name: str
    judged_on: date
    watch: Watch


async def to_be_judged(connection: AsyncConnection, today: date) -> list[str]:
    """Companies whose day has come, then those that were not judged this month; at most a batch."""
    due = select(watches.c.servicer_id).where(watches.c.next_on.is_not(None), watches.c.next_on <= today)
    due = due.where(watches.c.judged_on < today)
    found = list((await connection.execute(due.order_by(watches.c.next_on).limit(BATCH))).scalars())
    month = today.strftime("%Y-%m")
    if found or await get_value(connection, MONTH_DONE) == month:
        return found
    unjudged = or_(watches.c.judged_on.is_(None), watches.c.judged_on < today.replace(day=1))
    query = select(servicers.c.id).outerjoin(watches, watches.c.servicer_id == servicers.c.id).where(unjudged)
    firms = query.where(servicers.c.status.in_(IN_BUSINESS), servicers.c.role.not_in(NO_FIRMS))
    return list((await connection.execute(firms.order_by(servicers.c.id).limit(BATCH))).scalars())


async def month_done(connection: AsyncConnection, today: date) -> None:
    """Nothing of this month is left to be judged: it is looked for again in the next."""
    month = today.strftime("%Y-%m")
    if await get_value(connection, MONTH_DONE) != month:
        await set_value(connection, MONTH_DONE, month)


async def judge(connection: AsyncConnection, seal: Seal, servicer_ids: Sequence[str], now: datetime) -> list[Watched]:
    """Judges these companies anew; those of which the desk is to be told."""
    today = civil(now)
    before, known = await watches_of(connection, servicer_ids), await counted(connection, servicer_ids, now)
    names, gone = await _names(connection, servicer_ids), await _gone(connection, servicer_ids)
    told, deeds = [], []
    for servicer_id in known:
        found = () if servicer_id in gone else signs(known[servicer_id], today)
        watch, tell = judged(before.get(servicer_id, Watch()), found, STAFF_DESK, today)
        await _keep(connection, servicer_id, watch, today)
        if tell:
            told.append(Watched(servicer_id, names.get(servicer_id, ""), today, watch))
            codes = [sign.code for sign in watch.signs]
            deeds.append((SERVICE, Deed("company_signs", "engawa", {"servicer": servicer_id, "signs": codes})))
    await append(connection, seal, deeds, now)
    return told


@dataclass(frozen=True, slots=True)
class Look:
    """One of the staff at a company of the list."""

    servicer_id: str
    by: str
    now: datetime


async def take(connection: AsyncConnection, seal: Seal, look: Look) -> bool:
    """They look into it; False where it is on no list."""
    before = await _listed(connection, look.servicer_id)
    if before is None:
        return False
    await _moved(connection, seal, look, (taken(before, look.by, civil(look.now)), "company_taken"))
    return True


async def settle(connection: AsyncConnection, seal: Seal, look: Look) -> bool:
    """They have looked into it; False where it is on no list."""
    before = await _listed(connection, look.servicer_id)
    if before is None:
        return False
    await _moved(connection, seal, look, (settled(before, STAFF_DESK, civil(look.now)), "company_looked_at"))
    return True


async def _listed(connection: AsyncConnection, servicer_id: str) -> Watch | None:
    watch = (await watches_of(connection, [servicer_id])).get(servicer_id)
    return watch if watch is not None and watch.next_on is not None else None


async def _moved(connection: AsyncConnection, seal: Seal, look: Look, moved: tuple[Watch, str]) -> None:
    """``moved``: how the company stands from now on, and the kind of the fact."""
    watch, kind = moved
    await _keep(connection, look.servicer_id, watch, civil(look.now))
    until = watch.next_on.isoformat() if watch.next_on else ""
    deed = Deed(kind, look.by, {"servicer": look.servicer_id, "until": until})
    await append(connection, seal, [(SERVICE, deed)], look.now)


async def watches_of(connection: AsyncConnection, servicer_ids: Sequence[str]) -> dict[str, Watch]:
    """What was last judged of these companies, by their id."""
    query = select(watches).where(watches.c.servicer_id.in_(servicer_ids))
    return {row.servicer_id: _watch(row) for row in (await connection.execute(query)).all()}


async def watched(connection: AsyncConnection) -> list[Watched]:
    """Every company on the list; whoever reads it puts the worst first."""
    standing = on_the_list().order_by(watches.c.next_on, watches.c.servicer_id)
    return [watched_of(row) for row in await connection.execute(standing.limit(SHOWN))]


def on_the_list() -> Select[Any]:
    """Every company on the list with its name."""
    query = select(watches, people.c.name).outerjoin(people, people.c.id == "servicer:" + watches.c.servicer_id)
    return query.where(watches.c.next_on.is_not(None))


def watched_of(row: Row[Any]) -> Watched:
    return Watched(row.servicer_id, row.name or "", row.judged_on, _watch(row))


async def _names(connection: AsyncConnection, servicer_ids: Sequence[str]) -> dict[str, str]:
    query = select(people.c.id, people.c.name).where(people.c.id.in_([f"servicer:{one}" for one in servicer_ids]))
    return {row.id.partition(":")[2]: row.name for row in (await connection.execute(query)).all()}


async def _gone(connection: AsyncConnection, servicer_ids: Sequence[str]) -> set[str]:
    """Those no longer in business: their houses are what matters now, and lie with the staff already."""
    query = select(servicers.c.id).where(servicers.c.id.in_(servicer_ids), servicers.c.status.not_in(IN_BUSINESS))
    return set((await connection.execute(query)).scalars())


async def _keep(connection: AsyncConnection, servicer_id: str, watch: Watch, today: date) -> None:
    found = [{"code": sign.code, "count": sign.count, "of": sign.of} for sign in watch.signs]
    state = {"v": 1, "signs": found, "seen": sorted(watch.seen)}
    values = {"judged_on": today, "state": state, "holder": watch.holder, "next_on": watch.next_on}
    changed = await connection.execute(update(watches).where(watches.c.servicer_id == servicer_id).values(**values))
    if changed.rowcount == 0:
        await connection.execute(insert(watches).values(servicer_id=servicer_id, **values))


def _watch(row: Row[Any]) -> Watch:
    found = tuple(Sign(one["code"], one["count"], one["of"]) for one in row.state["signs"])
    return Watch(found, row.holder, row.next_on, frozenset(row.state["seen"]))
