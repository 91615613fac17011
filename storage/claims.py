"""Taking rows from the outbox to send them. What has been overtaken since it was written is dropped, and never sent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.days import civil
from bot.core.outcome import Mode
from bot.core.pause import ALL, CHANNEL, RESTORED, SERVICER
from bot.core.people import Person, Role, role_of
from bot.core.reach import URGENCY, opening
from storage.events import holds_at
from storage.lanes import Lane
from storage.leases import LEASE
from storage.outbox import DROPPED, WAITING
from storage.overtaken import BEGUN, cases_told, firms_of, is_theirs, still_holds
from storage.paces import allowance, rested, spend
from storage.people import load_people
from storage.scopes import concerned_with
from storage.tables import outbox, pauses

LONG_AGO = datetime.fromtimestamp(0, UTC)
# The statements of every batch, put together once: building the longer ones costs more than running them.
PAUSED = select(pauses.c.scope).where(or_(pauses.c.until_at.is_(None), pauses.c.until_at > bindparam("now")))
POSTPONED = ("send_at", "day", "retry_at")
POSTPONE = (
    update(outbox)
    .where(outbox.c.id == bindparam("row_id"))
    .values({name: bindparam(name) for name in POSTPONED} | {"state": WAITING, "lease": ""})
)
WAIT_FOR = (
    update(outbox)
    .where(outbox.c.id == bindparam("row_id"))
    .values(state=WAITING, lease="", servicer_id=bindparam("firm"))
)
# The row says what was really sent: a retry is the same, and the person's page shows no more.
KEEP_PARTS = update(outbox).where(outbox.c.id == bindparam("row_id")).values(parts=bindparam("parts"))


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant by both clocks, and the servicers for whose houses sending is paused."""

    civil: datetime
    machine: datetime
    paused: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row in hand, with the parts that still hold. ``dead_end``: its address ended since it was written.

    ``until``: the machine's instant until which it was leased when it was claimed.
    """

    id: int
    key: str
    lease: str
    until: datetime
    person: Person
    channel: str
    address: str
    language: str
    mode: Mode
    parts: tuple[Mapping[str, Any], ...]
    servicer_id: str
    written_at: datetime
    send_at: datetime
    attempts: int
    ticket: str = ""
    dead_end: bool = False

    @property
    def topic(self) -> str:
        """The case that all of it is about; empty where it is about several, or none."""
        named = {part["case"] for part in self.parts}
        return named.pop() if len(named) == 1 else ""


@dataclass(frozen=True, slots=True)
class Hand:
    """What a claim took. ``wait``: seconds until the platform's pace allows more; None where nothing more is due."""

    rows: list[Claimed]
    wait: float | None = None


async def claim(connection: AsyncConnection, lane: Lane, now: datetime, machine: datetime, limit: int) -> Hand:
    """Up to ``limit`` rows of a lane, the most urgent first; what was overtaken is dropped on the way."""
    scopes = await _paused(connection, now)
    servicers = _named(scopes, SERVICER)
    shut = not scopes.isdisjoint((ALL, RESTORED, f"{CHANNEL}{lane.channel}"))
    allowed, wait = await allowance(connection, lane.channel, lane.pace, machine, limit)
    wanted = {
        "now": now,
        "machine": machine,
        "lane": lane.channel,
        "person": lane.person,
        "others": [*lane.others, *_named(scopes, CHANNEL)],
        "least": URGENCY[Mode.ALARM] if shut else lane.least,  # danger is told in any case
        "servicers": servicers,
        "companies": [f"{SERVICER}{name}" for name in servicers],
        "most": max(allowed, 1),
        "token": uuid4().hex,
        "until": machine + LEASE,
    }
    statement = lane.claims[connection.dialect.name == "sqlite"]
    while found := (await connection.execute(statement, wanted)).all():
        if not allowed:
            await _release(connection, [(row.id, None) for row in found])
            return Hand([], wait)
        rows, wait = await _rested(connection, lane, found, machine)
        rows.sort(key=lambda row: (row.urgency, row.send_at, row.id))
        held = await _checked(connection, rows, Moment(now, machine, frozenset(servicers)))
        if held or wait:
            await spend(connection, lane.channel, lane.pace, machine, len(held))
            return Hand(held, wait if wait else None)
    return Hand([])


async def _rested(
    connection: AsyncConnection, lane: Lane, rows: Sequence[Row[Any]], machine: datetime
) -> tuple[list[Row[Any]], float]:
    """Those whose address may be written to again; the others wait, the last of them for so many seconds."""
    waits = await rested(connection, lane.channel, lane.pace, machine, [row.address for row in rows])
    until = [machine + timedelta(seconds=wait) for wait in waits]
    await _release(connection, [(row.id, at) for row, at, wait in zip(rows, until, waits, strict=True) if wait])
    return [row for row, wait in zip(rows, waits, strict=True) if not wait], max(waits, default=0.0)


async def _release(connection: AsyncConnection, late: Sequence[tuple[int, datetime | None]]) -> None:
    """Back among those that wait, not to be looked at before that instant."""
    for row_id, at in late:
        values = {"state": WAITING, "lease": "", "retry_at": at}
        await connection.execute(update(outbox).where(outbox.c.id == row_id).values(**values))


async def _paused(connection: AsyncConnection, now: datetime) -> set[str]:
    return set((await connection.execute(PAUSED, {"now": now})).scalars())


def _named(scopes: Iterable[str], prefix: str) -> list[str]:
    return [scope.removeprefix(prefix) for scope in scopes if scope.startswith(prefix)]


async def _checked(connection: AsyncConnection, rows: Sequence[Row[Any]], moment: Moment) -> list[Claimed]:
    people = await load_people(connection, {row.person_id for row in rows})
    known = await cases_told(connection, {part["case"] for row in rows for part in row.parts if part["case"]})
    houses_told = {part["house"] for row in rows for part in row.parts if part["house"]}
    firms, theirs = await firms_of(connection, houses_told), await concerned_with(connection, houses_told)
    holds = await holds_at(connection, {part["house"] for row in rows for part in _reminders(row)}, moment.civil)
    held: list[Claimed] = []
    dropped, early, thinner, mixed = [], [], [], []
    for row in rows:
        person = people[row.person_id]
        parts = tuple(
            part for part in row.parts if still_holds(part, person, known, firms) and is_theirs(part, person, theirs)
        )
        opens = opening(person, max(moment.civil, _held_until(row, parts, holds)))
        if not parts:
            dropped.append(row.id)
        elif firm := _paused_firm(row, parts, firms, moment):
            mixed.append({"row_id": row.id, "firm": firm})
        elif row.mode in BEGUN and opens > moment.civil:
            early.append(_postponed(row, opens, moment))
        else:
            held.append(_claimed(row, person, parts))
            thinner += [{"row_id": row.id, "parts": list(parts)}] if len(parts) < len(row.parts) else []
    if thinner:
        await connection.execute(KEEP_PARTS, thinner)
    if mixed:
        await connection.execute(WAIT_FOR, mixed)
    if early:
        await connection.execute(POSTPONE, early)
    if dropped:
        values = {"state": DROPPED, "detail": "overtaken", "lease": ""}
        await connection.execute(update(outbox).where(outbox.c.id.in_(dropped)).values(**values))
    return held


def _reminders(row: Row[Any]) -> Sequence[Mapping[str, Any]]:
    """What of a message is routine, and waits for some days where something has happened to the house."""
    return row.parts if row.mode == Mode.PROMPT and role_of(row.person_id) is not Role.STAFF else ()


def _held_until(row: Row[Any], parts: Iterable[Mapping[str, Any]], holds: Mapping[str, datetime]) -> datetime:
    """Until when one of the houses in a reminder is left in peace: all of it waits for that one; long ago for none."""
    mine = (holds[part["house"]] for part in parts if part["house"] in holds) if _reminders(row) else iter(())
    return max(mine, default=LONG_AGO)


def _paused_firm(
    row: Row[Any], parts: Iterable[Mapping[str, Any]], firms: Mapping[str, str], moment: Moment
) -> str | None:
    """The paused servicer of one of the houses in a message about several: all of it waits for that one."""
    if not moment.paused or row.mode not in BEGUN or role_of(row.person_id) is Role.STAFF:
        return None
    return next((firms[part["house"]] for part in parts if firms.get(part["house"]) in moment.paused), None)


def _postponed(row: Row[Any], opens: datetime, moment: Moment) -> dict[str, Any]:
    """A row whose hour has passed while it could not go out: it waits for the person's next one.

    What was tried before keeps the instant from which its patience counts.
    """
    fresh = row.attempts == 0
    return {
        "row_id": row.id,
        "send_at": opens if fresh else row.send_at,
        "day": civil(opens if fresh else row.send_at),
        "retry_at": None if fresh else moment.machine + (opens - moment.civil),
    }


def _claimed(row: Row[Any], person: Person, parts: tuple[Mapping[str, Any], ...]) -> Claimed:
    living = {(address.channel, address.address) for address in person.addresses}
    return Claimed(
        id=row.id,
        key=row.key,
        lease=row.lease,
        until=row.lease_until,
        person=person,
        channel=row.channel,
        address=row.address,
        language=row.language,
        mode=Mode(row.mode),
        parts=parts,
        servicer_id=row.servicer_id,
        written_at=row.written_at,
        send_at=row.send_at,
        attempts=row.attempts,
        ticket=row.ticket,
        dead_end=row.mode in BEGUN and (row.channel, row.address) not in living,
    )
